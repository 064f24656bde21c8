/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the probes are called with. sched_switch and sched_process_exit gained
 * arguments that dither does not need, in 5.18 and 6.16; a probe has to take
 * them all the same, since kernel control flow integrity compares prototypes.
 */
#ifndef DITHER_COMPAT_TRACEPOINT_H
#define DITHER_COMPAT_TRACEPOINT_H

#include "version.h"
#include <linux/tracepoint.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 18, 0)
#define DITHER_SWITCH_PROBE_ARGS                                         \
	void *data, bool preempt, struct task_struct *prev,              \
		struct task_struct *next
#else
#define DITHER_SWITCH_PROBE_ARGS                                         \
	void *data, bool preempt, struct task_struct *prev,              \
		struct task_struct *next, unsigned int prev_state
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
#define DITHER_EXIT_PROBE_ARGS void *data, struct task_struct *task
#else
#define DITHER_EXIT_PROBE_ARGS \
	void *data, struct task_struct *task, bool group_dead
#endif

#endif
