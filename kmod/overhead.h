/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What dither takes that no handler of its own can see, measured once, when the
 * module is loaded: an interrupt's way in and out, and reading the clock.
 */
#ifndef DITHER_OVERHEAD_H
#define DITHER_OVERHEAD_H

#include <linux/types.h>

struct dither_overhead {
	u32 timer_ns;		/* an interrupt of the timer, but for its handler */
	u32 clock_ns;		/* a reading of the clock */
};

/* 0 where it could not be measured, or is less than the clock can tell. */
extern struct dither_overhead dither_overhead;

/* Takes about a millisecond. Task context, before any session. */
void dither_overhead_measure(void);

#endif
