/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keeps a session within its budget on one CPU: a pure state machine, fed with
 * what each handler took, that says how far cells are to be stretched.
 */
#ifndef DITHER_GOVERNOR_H
#define DITHER_GOVERNOR_H

#include "portable.h"

struct dither_governor {
	u32 budget_ppm;
	u32 shift;		/* wanted: cells of period << shift */
	u32 calm_windows;
	u64 window_start;
	u64 window_end;
	u64 used;		/* ns in this window */
	u64 allowance;		/* ns of a whole window */
};

void dither_governor_init(struct dither_governor *governor, u32 budget_ppm,
			  u64 now);

/*
 * A handler took @cost ns and ended at @now. Returns the shift that the
 * schedule should have. IRQ safe.
 */
u32 dither_governor_charge(struct dither_governor *governor, u64 cost,
			   u64 now);

#endif
