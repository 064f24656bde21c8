/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the way into a probe and back takes, beside its handler. Measured while
 * probes stand, again when those that can be jumps are ones.
 */
#ifndef DITHER_KPROBE_COST_H
#define DITHER_KPROBE_COST_H

#include <linux/percpu.h>
#include <linux/types.h>

#include "overhead.h"

extern u32 dither_kprobe_ns; /* 0: not known */

/* Task context, may sleep. */
void dither_kprobe_cost_watch(void);
void dither_kprobe_cost_unwatch(void);

/* In a probe's handler. */
static inline void dither_kprobe_cost_count(void)
{
	this_cpu_add(dither_shared_ns, READ_ONCE(dither_kprobe_ns));
}

#endif
