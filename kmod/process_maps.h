/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which code is mapped where in the processes that are sampled: what the
 * unwinder asks, in IRQ and NMI context, instead of the kernel's own list of
 * mappings, which it could not lock there.
 */
#ifndef DITHER_PROCESS_MAPS_H
#define DITHER_PROCESS_MAPS_H

#include "code_map.h"
#include "process_table.h"
#include "table_registry.h"

/* The watch; needed while sessions with DITHER_F_TABLES run. Task context. */
int dither_process_maps_watch(void);
void dither_process_maps_unwatch(void);

/*
 * The space of process @tgid, or NULL. Under RCU; IRQ and NMI safe.
 */
const struct dither_code_map *dither_process_maps_find(u32 tgid);

/* What happens to processes. Any task context, atomic as well. */
void dither_process_maps_fork(u32 parent, const struct task_struct *child);
void dither_process_maps_exec(const struct task_struct *task);
void dither_process_maps_exit(u32 tgid);

/*
 * @record's mapping has come in a process that is known; @identity is its
 * file's, unless it is anonymous; @known is its file, if the caller has a
 * reference, or NULL. Returns whether it is time to look which ranges are still
 * there. May sleep.
 */
bool dither_process_maps_map(const struct dither_map *record,
			     const struct dither_identity *identity,
			     struct dither_file *known);

/*
 * A process that ran before: begin, which returns whether there is need to;
 * then add each mapping, where nothing is known yet: what is known came later.
 * Then it is complete. Until then stacks end where one is missing. May sleep.
 */
bool dither_process_maps_begin(const struct task_struct *leader);
void dither_process_maps_add(const struct dither_map *record,
			     const struct dither_identity *identity,
			     struct dither_file *known);
void dither_process_maps_complete(u32 tgid);

/* Looks at some ranges, and returns a bit for each that is mapped. May sleep. */
struct dither_range_check {
	u32 (*are_there)(const struct dither_range *ranges, u32 count,
			 void *data);
	void *data;
};

/* Leave out the ranges of @tgid that are not mapped any more. May sleep. */
void dither_process_maps_prune(u32 tgid,
			       const struct dither_range_check *check);

static inline struct dither_code_map *
dither_code_map_of(const struct dither_process *process)
{
	return rcu_dereference_protected(process->map,
					 lockdep_is_held(&process->lock));
}

#endif
