/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many events until the next sample that they make: a pure function of
 * (seed, CPU, event, number of the draw) and of the mean, which may follow a
 * target in time. The same code runs in user space, where tests look at it.
 *
 * key = mix(mix(seed + (cpu + 1) * G) + (event + 1) * G), draws as in
 * schedule.h; period(n) = mean * (1/4 + 3/2 * draw(n) / 2^64), at least 1. A
 * spread of three quarters keeps it from following any rhythm of the program:
 * half of that would still be worse than distances of pure chance.
 */
#ifndef DITHER_PERIOD_H
#define DITHER_PERIOD_H

#include "portable.h"
#include "../../include/dither/abi.h"

/* Means that are remembered: see dither_period_mean(). */
#define DITHER_PERIOD_KEPT 4U

struct dither_period {
	u64 key;
	u64 number;		/* of the next draw */
	u64 wanted;		/* the mean, before .shift */
	u64 target_ns;		/* 0: the mean stays */
	u32 shift;		/* means are .wanted << .shift */
	u64 means[DITHER_PERIOD_KEPT];	/* of the last draws, by number */
};

/* @event counts from 0. */
void dither_period_start(struct dither_period *period, u64 seed, u32 cpu,
			 u32 event, u64 mean, u64 target_ns);

/* The next distance, in events. IRQ and NMI safe, as all here. */
u64 dither_period_draw(struct dither_period *period);

/* @events were counted in @ns: towards the target, if there is one. */
void dither_period_adapt(struct dither_period *period, u64 events, u64 ns);

/* The mean of the draw before the last @ago ones. */
static inline u64 dither_period_mean(const struct dither_period *period,
				     u32 ago)
{
	u64 number = period->number > ago ? period->number - 1 - ago : 0;

	return period->means[number % DITHER_PERIOD_KEPT];
}

#endif
