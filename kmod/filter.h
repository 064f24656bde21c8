/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which processes a session samples: all, or a set that can grow by fork and
 * shrinks by exit. Lookups are lock-free and IRQ and NMI safe; so are changes.
 */
#ifndef DITHER_FILTER_H
#define DITHER_FILTER_H

#include <linux/types.h>

struct dither_filter {
	u32 *processes;		/* NULL: every process passes */
	bool inherit;
};

/* @count process numbers of the initial namespace; 0: every process. */
int dither_filter_init(struct dither_filter *filter, const u32 *processes,
		       u32 count, bool inherit);
void dither_filter_uninit(struct dither_filter *filter);

bool dither_filter_has(const struct dither_filter *filter, u32 process);

static inline bool dither_filter_passes(const struct dither_filter *filter,
					u32 process)
{
	return !filter->processes || dither_filter_has(filter, process);
}

/* A new process @child of @parent. False: it belongs to the set, which is full. */
bool dither_filter_fork(struct dither_filter *filter, u32 parent, u32 child);
void dither_filter_exit(struct dither_filter *filter, u32 process);

#endif
