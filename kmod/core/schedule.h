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
#include "../../include/dither/abi.h"

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
	bool resumed;
};

/* Begin at @origin (ns): the first instant lies at or after it. */
void dither_schedule_start(struct dither_schedule *schedule, u32 policy,
			   u32 jitter_ppm, u64 period, u64 seed, u32 cpu,
			   u64 origin);

/*
 * Pass every cell whose instant is not after @until; return how many.
 * ->resumed tells whether the schedule has begun anew, which a replay must be
 * told.
 */
static inline u64 dither_schedule_pass(struct dither_schedule *schedule,
				       u64 until);

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

/* The rest is the inside of dither_schedule_pass(), in line for its speed. */

#define DITHER_GOLDEN 0x9e3779b97f4a7c15ULL

static __always_inline u64 dither_schedule_mix(u64 x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

static __always_inline u64 dither_schedule_draw(u64 key, u64 number)
{
	return dither_schedule_mix(key + (number + 1) * DITHER_GOLDEN);
}

/* length * fraction / 2^32. */
static __always_inline u64 dither_schedule_scale(u64 length, u32 fraction)
{
#ifdef __SIZEOF_INT128__
	return ((unsigned __int128)length * fraction) >> 32;
#else
	return (length >> 32) * fraction +
	       (((length & 0xffffffffU) * fraction) >> 32);
#endif
}

/* The usual case is not: more than one cell, or another policy. */
u64 dither_schedule_pass_any(struct dither_schedule *schedule, u64 until);

static inline u64 dither_schedule_pass(struct dither_schedule *schedule,
				       u64 until)
{
	u64 next = schedule->number + 1;
	u64 due;

	if (unlikely(schedule->policy != DITHER_POLICY_STRATIFIED ||
		     schedule->due > until))
		return dither_schedule_pass_any(schedule, until);
	due = schedule->origin + next * schedule->cell +
	      dither_schedule_scale(schedule->cell,
				    dither_schedule_draw(schedule->key, next) >>
					    32);
	if (unlikely(due <= until))
		return dither_schedule_pass_any(schedule, until);
	schedule->number = next;
	schedule->due = due;
	return 1;
}

#endif
