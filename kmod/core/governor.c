// SPDX-License-Identifier: GPL-2.0
/*
 * Slower as soon as a window's allowance is spent before the window is over: by
 * one doubling, or at once by as many as what a handler usually takes needs.
 * The most expensive handler does not count as usual, so that one that took
 * long (a machine check, a stolen virtual CPU) costs one doubling only.
 *
 * Faster at the end of a window, at once by as many halvings as the cost of
 * that window allows with a fifth to spare: it does not swing. What was
 * overspent is paid back before that, but no more than a window's allowance.
 *
 * How soon after a load the clock is back: windows last 250 ms, or until the
 * first handler after that, and cells are no longer than a window. A grid policy
 * has a handler in each cell, so the first window without the load ends 750 ms
 * after it at most, when what is owed is paid, too; cells are short when the one
 * ends in which that is found. tests/unit/governor_test.c shows that no load
 * keeps them long for a second. Intervals of the other policies are random.
 */
#include "governor.h"
#include "../../include/dither/abi.h"

#define WINDOW_NS DITHER_CELL_MAX_NS
#define ELAPSED_MAX_NS 3600000000000ULL	/* times 10^6 fits in 64 bits */
#define USUAL_MIN 3			/* handlers that tell what is usual */

static void open_window(struct dither_governor *governor, u64 now)
{
	governor->window_start = now;
	governor->window_end = now + WINDOW_NS;
	governor->count = 0;
	governor->used = 0;
	governor->most = 0;
}

static u32 longest_shift(u64 period)
{
	u32 shift = 0;

	while (shift < DITHER_SHIFT_MAX &&
	       period << (shift + 1) <= DITHER_CELL_MAX_NS)
		shift++;
	return shift;
}

void dither_governor_init(struct dither_governor *governor, u32 budget_ppm,
			  u64 period, u64 now)
{
	*governor = (struct dither_governor){
		.budget_ppm = budget_ppm,
		.longest = longest_shift(period),
		.period = period,
		.allowance = div_u64(WINDOW_NS * budget_ppm, 1000000),
	};
	open_window(governor, now);
}

/* The budget of so much time. */
static u64 budget(const struct dither_governor *governor, u64 time)
{
	if (time > ELAPSED_MAX_NS)
		time = ELAPSED_MAX_NS;
	return div_u64(time * governor->budget_ppm, 1000000);
}

/*
 * What may have been used by now: a window's worth, or more where samples are
 * further apart than windows.
 */
static u64 allowed(const struct dither_governor *governor, u64 now)
{
	u64 elapsed = now - governor->window_start;

	return elapsed <= WINDOW_NS ? governor->allowance :
				      budget(governor, elapsed);
}

/* What a handler takes, but for the most expensive one. */
static u64 usual_cost(const struct dither_governor *governor, u64 cost)
{
	if (governor->count >= USUAL_MIN)
		return div_u64(governor->used - governor->most,
			       governor->count - 1);
	return min_t(u64, cost, governor->previous);
}

static void slow_down(struct dither_governor *governor, u64 cost)
{
	u64 usual = usual_cost(governor, cost);

	if (governor->shift < governor->longest)
		governor->shift++;
	while (governor->period && governor->shift < governor->longest &&
	       budget(governor, governor->period << governor->shift) < usual)
		governor->shift++;
}

/* Between what was used and what the time since the window began is worth. */
static void settle(struct dither_governor *governor, u64 now)
{
	u64 due = governor->debt + governor->used;
	u64 paid = budget(governor, now - governor->window_start);

	governor->debt =
		due > paid ? min_t(u64, due - paid, governor->allowance) : 0;
}

static void speed_up(struct dither_governor *governor, u64 now)
{
	u64 room = allowed(governor, now);
	u64 used = governor->used;

	if (governor->debt)
		return;
	while (governor->shift && used * 2 * 5 <= room * 4) {
		governor->shift--;
		used *= 2;
	}
}

u32 dither_governor_charge(struct dither_governor *governor, u64 cost, u64 now)
{
	if (governor->budget_ppm >= DITHER_BUDGET_MAX_PPM)
		return 0;
	governor->count++;
	governor->used += cost;
	if (unlikely(cost > governor->most))
		governor->most = cost;
	if (unlikely(governor->used > governor->allowance &&
		     governor->used > allowed(governor, now))) {
		slow_down(governor, cost);
		settle(governor, now);
		open_window(governor, now);
	} else if (unlikely(now >= governor->window_end)) {
		settle(governor, now);
		speed_up(governor, now);
		open_window(governor, now);
	}
	governor->previous = cost;
	return governor->shift;
}
