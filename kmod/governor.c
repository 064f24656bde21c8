// SPDX-License-Identifier: GPL-2.0
/*
 * Slower by one doubling whenever a window's allowance is spent before the
 * window is over, so that a heavy load is halved again and again within
 * milliseconds, while one handler that took long (a machine check, a stolen
 * virtual CPU) costs one doubling only. Faster by one halving after a second
 * of calm in which twice the cost would still have fitted: it does not swing.
 */
#include "governor.h"
#include "../include/dither/abi.h"

#define WINDOW_NS 250000000ULL
#define ELAPSED_MAX_NS 3600000000000ULL	/* times 10^6 fits in 64 bits */
#define CALM_WINDOWS 4

static void open_window(struct dither_governor *governor, u64 now)
{
	governor->window_start = now;
	governor->window_end = now + WINDOW_NS;
	governor->used = 0;
}

void dither_governor_init(struct dither_governor *governor, u32 budget_ppm,
			  u64 now)
{
	*governor = (struct dither_governor){
		.budget_ppm = budget_ppm,
		.allowance = div_u64(WINDOW_NS * budget_ppm, 1000000),
	};
	open_window(governor, now);
}

static void slow_down(struct dither_governor *governor)
{
	governor->calm_windows = 0;
	if (governor->shift < DITHER_SHIFT_MAX)
		governor->shift++;
}

/*
 * What may have been used by now: a window's worth, or more where samples are
 * further apart than windows.
 */
static u64 allowed(const struct dither_governor *governor, u64 now)
{
	u64 elapsed = now - governor->window_start;

	if (elapsed <= WINDOW_NS)
		return governor->allowance;
	if (elapsed > ELAPSED_MAX_NS)
		elapsed = ELAPSED_MAX_NS;
	return div_u64(elapsed * governor->budget_ppm, 1000000);
}

static void end_window(struct dither_governor *governor, u64 now)
{
	bool calm = governor->used * 5 <= allowed(governor, now) * 2;

	governor->calm_windows = calm ? governor->calm_windows + 1 : 0;
	if (governor->calm_windows < CALM_WINDOWS)
		return;
	governor->calm_windows = 0;
	if (governor->shift)
		governor->shift--;
}

u32 dither_governor_charge(struct dither_governor *governor, u64 cost, u64 now)
{
	if (governor->budget_ppm >= DITHER_BUDGET_MAX_PPM)
		return 0;
	governor->used += cost;
	if (unlikely(governor->used > governor->allowance &&
		     governor->used > allowed(governor, now))) {
		slow_down(governor);
		open_window(governor, now);
	} else if (unlikely(now >= governor->window_end)) {
		end_window(governor, now);
		open_window(governor, now);
	}
	return governor->shift;
}
