/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Executable mappings: told as they are made, and listed for what runs
 * already, with the identity of the file behind them.
 */
#ifndef DITHER_MAPPING_H
#define DITHER_MAPPING_H

#include <linux/types.h>

struct dither_map;
struct dither_session;
struct task_struct;

/* The watch on new mappings; -ENOENT: this kernel has no place to watch. */
int dither_mapping_watch(void);
void dither_mapping_unwatch(void);
/* Whether this kernel has that place. */
bool dither_mapping_can_watch(void);

/*
 * Tell @session of a mapping, unless it is not about that process. False: there
 * is no room. Task context.
 */
bool dither_mapping_emit(struct dither_session *session,
			 struct dither_map *record);

/*
 * Report @task's executable mappings from address *cursor on, to @session
 * only. Returns 0, or 1 with *cursor at the first one that found no room.
 * Task context, may sleep.
 */
int dither_mapping_list(struct dither_session *session,
			struct task_struct *task, u64 *cursor);

/* At unload: wait for tasks that are on the last lines of a report. */
void dither_mapping_drain(void);

#endif
