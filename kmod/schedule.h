/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When to sample: a pure function of (seed, CPU, cell number), computed on an
 * absolute grid and never from the time at which a handler ran. The same code
 * runs in the kernel and in user space, where a recording is replayed.
 *
 * draw(n) = mix(key + (n + 1) * G), key = mix(seed + (cpu + 1) * G), where mix
 * is the output function of splitmix64 (Steele, Lea, Flood 2014) and G the
 * 64 bit golden ratio: a counter-based generator, so that any cell can be
 * drawn without those before it.
 *
 * STRATIFIED	instant(n) = origin + n * cell + draw(n) / 2^64 * cell
 * FIXED	instant(n) = origin + n * cell
 * POISSON	instant(n) = instant(n - 1) - ln(draw(n) / 2^64) * cell
 * UNIFORM	instant(n) = instant(n - 1) + cell * (1 - j + 2 j draw(n) / 2^64)
 *
 * POISSON and UNIFORM begin, and begin anew after a long gap, in equilibrium:
 * the first distance is the residual life of the renewal process, which makes
 * every moment of time equally likely to be sampled.
 */
#ifndef DITHER_SCHEDULE_H
#define DITHER_SCHEDULE_H

#include "portable.h"
#include "../include/dither/abi.h"

struct dither_schedule {
	u32 policy;		/* enum dither_policy */
	u32 jitter_ppm;
	u64 period;		/* cell length at shift 0, ns */
	u64 key;
	u64 origin;		/* as in struct dither_rate */
	u64 number;		/* the next cell or draw */
	u64 due;		/* its instant */
	u64 cell;		/* period << shift */
	u64 segment_first;	/* number at which this segment began */
	u64 cells_before;	/* cells in all earlier segments */
	u32 shift;
};

/* Begin at @origin (ns): the first instant lies at or after it. */
void dither_schedule_start(struct dither_schedule *schedule, u32 policy,
			   u32 jitter_ppm, u64 period, u64 seed, u32 cpu,
			   u64 origin);

/*
 * Pass every cell whose instant is not after @until; return how many. *resumed
 * is set when the schedule began anew, which a replay must be told.
 */
u64 dither_schedule_pass(struct dither_schedule *schedule, u64 until,
			 bool *resumed);

/*
 * Move towards cells of period << @shift. The grid policies can lengthen
 * cells only where the longer cell begins, so this may have to be called again
 * after the next pass. Returns whether cell length has changed.
 */
bool dither_schedule_reshape(struct dither_schedule *schedule, u32 shift);

/* Cells passed since the start. */
u64 dither_schedule_cells(const struct dither_schedule *schedule);

/* For a replay: continue from what a RATE record says. */
void dither_schedule_set(struct dither_schedule *schedule,
			 const struct dither_rate *rate);

static inline bool dither_schedule_is_grid(u32 policy)
{
	return policy == DITHER_POLICY_STRATIFIED ||
	       policy == DITHER_POLICY_FIXED;
}

#endif
