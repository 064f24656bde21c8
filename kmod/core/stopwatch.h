/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a handler takes, cheaply: by the CPU's cycle counter, whose speed is
 * measured against the monotonic clock from time to time, as a second reading
 * of that clock in each handler would cost as much as a third of the walk.
 * Where there is no counter, or until its speed is known, by the clock.
 *
 * Called by the clock's handler with interrupts off. User space compiles it for
 * a test, with a clock and a counter of its own.
 */
#ifndef DITHER_STOPWATCH_H
#define DITHER_STOPWATCH_H

#include "portable.h"

#ifdef __KERNEL__
#include <linux/ktime.h>
#include <linux/timex.h>
#endif

#define DITHER_STOPWATCH_NS 100000000ULL	/* how often it is adjusted */
#define DITHER_STOPWATCH_SHIFT 20
#define DITHER_STOPWATCH_GAP_NS (1ULL << 40)	/* 18 min: still fits, shifted */

struct dither_stopwatch {
	u64 ns;			/* clock and counter at the last adjustment */
	u64 cycles;
	u64 due;		/* ns of the next one */
	u32 factor;		/* ns << SHIFT a cycle; 0: not known */
};

static inline void dither_stopwatch_adjust(struct dither_stopwatch *watch,
					   u64 now, u64 cycles)
{
	u64 elapsed = now - watch->ns;
	u64 factor = 0;

	/* Not after a sleep too long to compute with, nor by a clock set back. */
	if (watch->ns && cycles > watch->cycles &&
	    elapsed < DITHER_STOPWATCH_GAP_NS)
		factor = div64_u64(elapsed << DITHER_STOPWATCH_SHIFT,
				   cycles - watch->cycles);
	/* Else the counter stood still. */
	watch->factor = factor <= 0xffffffffU ? factor : 0;
	watch->ns = now;
	watch->cycles = cycles;
	watch->due = now + DITHER_STOPWATCH_NS;
}

/* A handler begins at @now; the result is for dither_stopwatch_stop(). */
static inline u64 dither_stopwatch_start(struct dither_stopwatch *watch,
					 u64 now)
{
	u64 cycles = get_cycles();

	if (unlikely(now >= watch->due))
		dither_stopwatch_adjust(watch, now, cycles);
	return cycles;
}

/* Nanoseconds since it began. */
static inline u64 dither_stopwatch_stop(const struct dither_stopwatch *watch,
					u64 now, u64 begun)
{
	u64 cycles = get_cycles();

	if (likely(watch->factor && cycles >= begun))
		return ((cycles - begun) * watch->factor) >>
		       DITHER_STOPWATCH_SHIFT;
	return ktime_get_mono_fast_ns() - now;
}

#endif
