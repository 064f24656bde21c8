/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints by name: they are not exported, but every one that is compiled
 * in can be found by walking them all. All functions: task context only.
 */
#ifndef DITHER_TRACEPOINTS_H
#define DITHER_TRACEPOINTS_H

#include <linux/types.h>

struct tracepoint;

struct dither_tracepoint {
	const char *name;
	void *probe;
	struct tracepoint *tracepoint;	/* found at the first use */
	bool attached;
};

/*
 * Beside each hook its prototype is checked, at compile time, by a call of
 * check_trace_callback_type_<event>(probe): control flow integrity insists.
 */
#define DITHER_TRACEPOINT(event, function)           \
	{                                            \
		.name = #event, .probe = (function), \
	}

bool dither_tracepoint_exists(struct dither_tracepoint *hook);

/* -ENOENT: the kernel has no such tracepoint. */
int dither_tracepoint_attach(struct dither_tracepoint *hook);

/*
 * If it is attached. The caller calls dither_tracepoints_quiesce() after the
 * last one.
 */
void dither_tracepoint_detach(struct dither_tracepoint *hook);

/* No detached probe runs any more when this returns. */
void dither_tracepoints_quiesce(void);

#endif
