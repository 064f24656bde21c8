/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What work takes that a task does on its return to user mode, beside the work
 * itself: the way there, and the rest of a return that would have been shorter.
 * Measured by the first such returns after the module was loaded.
 */
#ifndef DITHER_RETURN_COST_H
#define DITHER_RETURN_COST_H

#include <linux/percpu.h>
#include <linux/types.h>

#include "overhead.h"

struct dither_return_cost {
	u32 work_ns;		/* from one piece of work to the next */
	u32 return_ns;		/* from the last one to user mode */
	u32 left;		/* returns that are still to be measured */
};

/* 0 where it is not known, or is less than the clock can show. */
extern struct dither_return_cost dither_return_cost;

/* In such work; @last: the current task has no more of it. */
static inline void dither_return_cost_count(bool last)
{
	u32 cost = READ_ONCE(dither_return_cost.work_ns);

	if (last)
		cost += READ_ONCE(dither_return_cost.return_ns);
	this_cpu_add(dither_shared_ns, cost);
}

/* At the end of such work, if returns are left: measure this one. */
void dither_return_cost_measure(void);

/* When the module is unloaded, and no work of it is left. */
void dither_return_cost_end(void);

#endif
