/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which code is mapped where in the processes that are sampled: what the
 * unwinder asks, in IRQ and NMI context, instead of the kernel's own list of
 * mappings, which it could not lock there.
 */
#ifndef DITHER_SPACES_H
#define DITHER_SPACES_H

#include "space.h"

/* The watch; needed while sessions with DITHER_F_TABLES run. Task context. */
int dither_spaces_watch(void);
void dither_spaces_unwatch(void);

/*
 * The space of process @tgid, or NULL. Under RCU; IRQ and NMI safe.
 */
const struct dither_space *dither_space_find(u32 tgid);

/* What happens to processes. Any task context, atomic as well. */
void dither_space_fork(u32 parent, u32 child);
void dither_space_exec(u32 tgid);
void dither_space_exit(u32 tgid);

/*
 * @record's mapping has come in a process that is known. Returns whether it is
 * time to look which ranges are still there. May sleep.
 */
bool dither_space_map(const struct dither_map *record);

/*
 * A process that ran before: begin, which returns whether there is need to, then
 * add each mapping with its mmap lock held, so that none is added that has been
 * replaced; then it is complete. Until then stacks end where one is missing.
 * May sleep.
 */
bool dither_space_begin(u32 tgid);
void dither_space_add(const struct dither_map *record);
void dither_space_complete(u32 tgid);

/* Leave out the ranges of @tgid for which @is_there says no. May sleep. */
void dither_space_prune(u32 tgid,
			bool (*is_there)(const struct dither_range *range,
					 void *data),
			void *data);

#endif
