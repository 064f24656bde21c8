// SPDX-License-Identifier: GPL-2.0
/*
 * Slower at once, by as many doublings as the excess needs; faster by one
 * halving only after a second of calm in which twice the cost would still have
 * fitted, so that it does not swing.
 */
#include "governor.h"
#include "../include/dither/abi.h"

#define WINDOW_NS 250000000ULL
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

static void judge(struct dither_governor *governor, u64 now)
{
	u64 elapsed = now - governor->window_start;
	u64 allowed = div_u64(elapsed * governor->budget_ppm, 1000000);

	if (governor->used > allowed) {
		governor->calm_windows = 0;
		while (governor->used > allowed &&
		       governor->shift < DITHER_SHIFT_MAX) {
			governor->shift++;
			allowed = 2 * allowed + 1;
		}
	} else if (governor->used * 5 > allowed * 2) {
		governor->calm_windows = 0;
	} else if (++governor->calm_windows >= CALM_WINDOWS) {
		governor->calm_windows = 0;
		if (governor->shift)
			governor->shift--;
	}
	open_window(governor, now);
}

u32 dither_governor_charge(struct dither_governor *governor, u64 cost, u64 now)
{
	if (governor->budget_ppm >= DITHER_BUDGET_MAX_PPM)
		return 0;
	governor->used += cost;
	/* A spent allowance is not waited out. */
	if (unlikely(governor->used > governor->allowance ||
		     now >= governor->window_end))
		judge(governor, now);
	return governor->shift;
}
