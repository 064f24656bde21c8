/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The CPU's cycle counter, which shows that an instant is still to come, for less
 * than a reading of the clock. Its speed is measured once. The result is never
 * too high: a span in cycles ends before the same span of the clock.
 */
#ifndef DITHER_COUNTER_H
#define DITHER_COUNTER_H

#include <linux/minmax.h>
#include <linux/timex.h>
#include <linux/types.h>

#define DITHER_COUNTER_SHIFT 20
/* No span is longer: clocks are adjusted, and a counter may turn out unsteady. */
#define DITHER_COUNTER_LONGEST_NS 1000000000ULL

extern u32 dither_counter_speed; /* cycles << SHIFT a ns; 0: cannot be used */

/* Takes under a millisecond. Task context, at load. */
void dither_counter_measure(void);

/* Whether it counts on, at one speed, while the CPU sleeps; at a session's start. */
bool dither_counter_is_steady(void);

/* Cycles that pass in less than @ns. */
static inline u64 dither_counter_span(u64 ns)
{
	return (min(ns, DITHER_COUNTER_LONGEST_NS) * dither_counter_speed) >>
	       DITHER_COUNTER_SHIFT;
}

#endif
