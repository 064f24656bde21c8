/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keeps a session's clock within its budget on one CPU: a pure state machine,
 * fed with what each of the clock's handlers took, that says how far cells are
 * to be stretched. What other handlers take is no matter of the clock's rate:
 * record_output.h.
 */
#ifndef DITHER_GOVERNOR_H
#define DITHER_GOVERNOR_H

#include "portable.h"

struct dither_governor {
	u32 budget_ppm;
	u32 shift;		/* wanted: cells of period << shift */
	u32 longest;		/* that shift goes no further than this */
	u64 period;
	u64 window_start;
	u64 window_end;
	u64 allowance;		/* ns of a whole window */
	u64 debt;		/* ns overspent in earlier windows */

	/* In this window: */
	u32 count;		/* of handlers */
	u64 used;		/* ns */
	u64 most;		/* … of these by a single handler */
	u64 previous;		/* by the last handler, also of another window */
};

/* @period: ns of a cell before it is stretched; 0: not known. */
void dither_governor_init(struct dither_governor *governor, u32 budget_ppm,
			  u64 period, u64 now);

/*
 * A handler took @cost ns and ended at @now. Returns the shift that the
 * schedule should have. IRQ safe.
 */
u32 dither_governor_charge(struct dither_governor *governor, u64 cost,
			   u64 now);

#endif
