// SPDX-License-Identifier: GPL-2.0
/*
 * The arithmetic of schedule.h, in integers: no floating point in the kernel.
 * Called by the clock with interrupts off, and by user space.
 */
#include "schedule.h"

/* Draws passed one by one before a renewal schedule begins anew. */
#define PASS_MAX 64

/*
 * -ln(x / 2^64) with 24 fractional bits. log2 by repeated squaring of the
 * mantissa: each squaring yields one bit.
 */
static u64 exponential(u64 x)
{
	u64 mantissa, minus_log2;
	u32 fraction = 0;
	int zeros, bit;

	x |= 1;
	zeros = 64 - fls64(x);
	mantissa = (x << zeros) >> 32;		/* in [1, 2), 31 bits */
	for (bit = 0; bit < 24; bit++) {
		mantissa = (mantissa * mantissa) >> 31;
		fraction <<= 1;
		if (mantissa >> 32) {
			mantissa >>= 1;
			fraction |= 1;
		}
	}
	minus_log2 = ((u64)(zeros + 1) << 24) - fraction;
	return (minus_log2 * 2977044472ULL) >> 32;	/* ln 2 * 2^32 */
}

static u64 exponential_interval(u64 cell, u64 random)
{
	u64 factor = exponential(random);

	return (cell >> 24) * factor + (((cell & 0xffffffU) * factor) >> 24);
}

static u64 square_root(u64 x)
{
	u64 root = 0, bit;

	for (bit = 1ULL << 62; bit; bit >>= 2) {
		if (x >= root + bit) {
			x -= root + bit;
			root = (root >> 1) + bit;
		} else {
			root >>= 1;
		}
	}
	return root;
}

static u64 jitter(const struct dither_schedule *schedule)
{
	return div_u64(schedule->cell * schedule->jitter_ppm, 1000000);
}

static u64 interval(const struct dither_schedule *schedule, u64 number)
{
	u64 random = dither_schedule_draw(schedule->key, number);
	u64 spread;

	if (schedule->policy == DITHER_POLICY_POISSON)
		return exponential_interval(schedule->cell, random);
	spread = jitter(schedule);
	return schedule->cell - spread + dither_schedule_scale(2 * spread, random >> 32);
}

/*
 * Residual life: U times a length-biased interval. For lengths uniform in
 * [a, b] the latter is sqrt(a^2 + U (b^2 - a^2)); for exponential ones the
 * residual is exponential again.
 */
static u64 residual(const struct dither_schedule *schedule, u64 number)
{
	u64 random = dither_schedule_draw(schedule->key, number);
	u64 spread, low, high, biased;
	int shift;

	if (schedule->policy == DITHER_POLICY_POISSON)
		return exponential_interval(schedule->cell, random);
	spread = jitter(schedule);
	low = schedule->cell - spread;
	high = schedule->cell + spread;
	shift = fls64(high) > 31 ? fls64(high) - 31 : 0;
	low >>= shift;
	high >>= shift;
	biased = square_root(low * low +
			     dither_schedule_scale(high * high - low * low, random >> 32));
	return dither_schedule_scale(biased << shift, (u32)random);
}

static inline u64 grid_instant(const struct dither_schedule *schedule, u64 number)
{
	u64 start = schedule->origin + number * schedule->cell;

	if (schedule->policy == DITHER_POLICY_FIXED)
		return start;
	return start +
	       dither_schedule_scale(schedule->cell,
				     dither_schedule_draw(schedule->key,
							  number) >> 32);
}

static void aim(struct dither_schedule *schedule)
{
	if (dither_schedule_is_grid(schedule->policy))
		schedule->due = grid_instant(schedule, schedule->number);
	else
		schedule->due = schedule->origin +
				interval(schedule, schedule->number);
}

static void aim_in_equilibrium(struct dither_schedule *schedule)
{
	if (dither_schedule_is_grid(schedule->policy))
		schedule->due = grid_instant(schedule, schedule->number);
	else
		schedule->due = schedule->origin +
				residual(schedule, schedule->number);
}

void dither_schedule_start(struct dither_schedule *schedule, u32 policy,
			   u32 jitter_ppm, u64 period, u64 seed, u32 cpu,
			   u64 origin)
{
	*schedule = (struct dither_schedule){
		.policy = policy,
		.jitter_ppm = jitter_ppm,
		.period = period,
		.cell = period,
		.key = dither_schedule_mix(seed +
					   ((u64)cpu + 1) * DITHER_GOLDEN),
		.origin = origin,
	};
	aim_in_equilibrium(schedule);
}

static u64 pass_grid(struct dither_schedule *schedule, u64 until)
{
	u64 first = schedule->number;
	u64 reached;

	schedule->number++;
	reached = div64_u64(until - schedule->origin, schedule->cell);
	if (reached > schedule->number)
		schedule->number = reached;
	aim(schedule);
	if (schedule->due <= until) {
		schedule->number++;
		aim(schedule);
	}
	return schedule->number - first;
}

static u64 pass_renewal(struct dither_schedule *schedule, u64 until)
{
	u64 first = schedule->number;

	while (schedule->due <= until) {
		schedule->number++;
		if (schedule->number - first > PASS_MAX) {
			schedule->origin = until;
			aim_in_equilibrium(schedule);
			if (schedule->due <= until)
				schedule->due = until + 1;
			schedule->resumed = true;
			break;
		}
		schedule->origin = schedule->due;
		aim(schedule);
	}
	return schedule->number - first;
}

u64 dither_schedule_pass_any(struct dither_schedule *schedule, u64 until)
{
	if (schedule->due > until)
		return 0;
	if (dither_schedule_is_grid(schedule->policy))
		return pass_grid(schedule, until);
	return pass_renewal(schedule, until);
}

bool dither_schedule_reshape(struct dither_schedule *schedule, u32 shift)
{
	bool grid = dither_schedule_is_grid(schedule->policy);
	u64 number = schedule->number;
	u32 reached = schedule->shift;

	while (reached < shift && !(grid && (number & 1))) {
		reached++;
		if (grid)
			number >>= 1;
	}
	while (reached > shift) {
		reached--;
		if (grid)
			number <<= 1;
	}
	if (reached == schedule->shift)
		return false;

	schedule->cells_before = dither_schedule_cells(schedule);
	schedule->segment_first = number;
	schedule->number = number;
	schedule->shift = reached;
	schedule->cell = schedule->period << reached;
	aim(schedule);
	return true;
}

u64 dither_schedule_cells(const struct dither_schedule *schedule)
{
	return schedule->cells_before + schedule->number -
	       schedule->segment_first;
}

void dither_schedule_set(struct dither_schedule *schedule,
			 const struct dither_rate *rate)
{
	bool equilibrium = rate->header.tid == DITHER_RATE_START ||
			   rate->header.tid == DITHER_RATE_RESUME;

	schedule->origin = rate->origin;
	schedule->number = rate->number;
	schedule->shift = rate->shift;
	schedule->cell = rate->cell_ns;
	if (equilibrium)
		aim_in_equilibrium(schedule);
	else
		aim(schedule);
	/* As when it began anew: never at the moment that it had passed. */
	if (rate->header.tid == DITHER_RATE_RESUME &&
	    schedule->due <= schedule->origin)
		schedule->due = schedule->origin + 1;
}
