/* SPDX-License-Identifier: GPL-2.0 */
/* What each process has mapped, told in the order of time. */
#ifndef VERIFY_TASKS_H
#define VERIFY_TASKS_H

#include "images.h"
#include "reference.h"

struct mapping {
	uint64_t start, end;
	uint64_t offset;
	const struct image *image;	/* NULL: anonymous */
};

struct process {
	uint32_t tgid;
	struct mapping *mappings;	/* the latest last */
	size_t count, room;
	struct reference *reference;	/* of these mappings; NULL: none yet */
};

struct tasks;

struct tasks *tasks_new(void);
void tasks_free(struct tasks *tasks);

/* NULL: nothing is known of it. */
struct process *tasks_find(struct tasks *tasks, uint32_t tgid);

void tasks_fork(struct tasks *tasks, uint32_t tgid,
		    uint32_t parent);
void tasks_exec(struct tasks *tasks, uint32_t tgid);
void tasks_exit(struct tasks *tasks, uint32_t tgid);
void tasks_map(struct tasks *tasks, uint32_t tgid,
		   const struct mapping *mapping);

/* NULL: none is there. */
const struct mapping *process_mapping(const struct process *process,
				      uint64_t address);

#endif
