// SPDX-License-Identifier: GPL-2.0
/* See tasks.h. Few processes live at a time: they are looked for one by one. */
#include "tasks.h"

#include <stdlib.h>
#include <string.h>

#include "../../user/base/alloc.h"

struct tasks {
	struct process **all;
	size_t count, room;
};

struct tasks *tasks_new(void)
{
	return alloc_zeroed(1, sizeof(struct tasks));
}

static void forget_reference(struct process *process)
{
	if (process->reference)
		reference_free(process->reference);
	process->reference = NULL;
}

static void free_process(struct process *process)
{
	forget_reference(process);
	free(process->mappings);
	free(process);
}

void tasks_free(struct tasks *tasks)
{
	for (size_t i = 0; i < tasks->count; i++)
		free_process(tasks->all[i]);
	free(tasks->all);
	free(tasks);
}

struct process *tasks_find(struct tasks *tasks, uint32_t tgid)
{
	for (size_t i = tasks->count; i-- > 0;)
		if (tasks->all[i]->tgid == tgid)
			return tasks->all[i];
	return NULL;
}

static struct process *get(struct tasks *tasks, uint32_t tgid)
{
	struct process *process = tasks_find(tasks, tgid);

	if (process)
		return process;
	process = alloc_zeroed(1, sizeof(*process));
	process->tgid = tgid;
	tasks->all = alloc_grow(tasks->all, tasks->count, &tasks->room,
				sizeof(struct process *));
	tasks->all[tasks->count++] = process;
	return process;
}

static void add(struct process *process, const struct mapping *mapping)
{
	process->mappings = alloc_grow(process->mappings, process->count,
				       &process->room, sizeof(*mapping));
	process->mappings[process->count++] = *mapping;
}

void tasks_fork(struct tasks *tasks, uint32_t tgid, uint32_t parent)
{
	struct process *from, *process;

	/* Of an earlier process of this number. */
	tasks_exit(tasks, tgid);
	from = tasks_find(tasks, parent);
	if (!from)
		return;
	process = get(tasks, tgid);
	for (size_t i = 0; i < from->count; i++)
		add(process, &from->mappings[i]);
}

void tasks_exec(struct tasks *tasks, uint32_t tgid)
{
	struct process *process = get(tasks, tgid);

	forget_reference(process);
	process->count = 0;
}

void tasks_exit(struct tasks *tasks, uint32_t tgid)
{
	for (size_t i = 0; i < tasks->count; i++) {
		if (tasks->all[i]->tgid != tgid)
			continue;
		free_process(tasks->all[i]);
		tasks->all[i] = tasks->all[--tasks->count];
		return;
	}
}

void tasks_map(struct tasks *tasks, uint32_t tgid,
	       const struct mapping *mapping)
{
	struct process *process = get(tasks, tgid);
	struct mapping *old = process->mappings;
	size_t count = process->count;

	forget_reference(process);
	process->mappings = NULL;
	process->count = process->room = 0;
	for (size_t i = 0; i < count; i++) {
		struct mapping below = old[i], above = old[i];

		if (below.end > mapping->start)
			below.end = mapping->start;
		if (above.start < mapping->end) {
			above.offset += mapping->end - above.start;
			above.start = mapping->end;
		}
		if (below.start < below.end)
			add(process, &below);
		if (above.start < above.end)
			add(process, &above);
	}
	add(process, mapping);
	free(old);
}

const struct mapping *process_mapping(const struct process *process,
				      uint64_t address)
{
	for (size_t i = 0; i < process->count; i++) {
		const struct mapping *mapping = &process->mappings[i];

		if (address >= mapping->start && address < mapping->end)
			return mapping;
	}
	return NULL;
}
