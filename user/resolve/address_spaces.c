// SPDX-License-Identifier: GPL-2.0
/*
 * Processes for address_spaces.h: from a process number to its present set of
 * mappings, which a fork shares (mappings.h).
 */
#include "address_spaces.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "../../include/dither/abi.h"
#include "../base/alloc.h"
#include "../base/hash.h"

/* Linux has no higher process numbers. */
#define NUMBERS_MAX (4U << 20)

struct process {
	struct mappings *mappings;
	bool dead;
};

struct address_spaces {
	struct hash *numbers; /* process number -> index */
	struct process *processes;
	size_t count, room;
};

struct address_spaces *address_spaces_new(void)
{
	struct address_spaces *spaces = alloc_zeroed(1, sizeof(*spaces));

	spaces->numbers = hash_new();
	return spaces;
}

void address_spaces_free(struct address_spaces *spaces)
{
	if (!spaces)
		return;
	for (size_t i = 0; i < spaces->count; i++)
		mappings_drop(spaces->processes[i].mappings);
	free(spaces->processes);
	hash_free(spaces->numbers);
	free(spaces);
}

/* NULL: never heard of. */
static struct process *find(const struct address_spaces *spaces, uint32_t tgid)
{
	uint32_t index = hash_get(spaces->numbers, tgid, 0);

	return index == TABLE_NONE ? NULL : &spaces->processes[index];
}

static struct process *find_or_add(struct address_spaces *spaces, uint32_t tgid)
{
	struct process *process = find(spaces, tgid);

	if (process)
		return process;
	spaces->processes = alloc_grow(spaces->processes, spaces->count,
				       &spaces->room, sizeof(*process));
	hash_put(spaces->numbers, tgid, 0, (uint32_t)spaces->count);
	process = &spaces->processes[spaces->count++];
	process->mappings = NULL;
	process->dead = false;
	return process;
}

/* Takes @mappings over. */
static void become(struct process *process, struct mappings *mappings)
{
	mappings_drop(process->mappings);
	process->mappings = mappings;
	process->dead = false;
}

void address_spaces_fork(struct address_spaces *spaces, uint32_t tgid,
			 uint32_t parent_tgid)
{
	struct process *child = find_or_add(spaces, tgid);
	struct process *parent = find(spaces, parent_tgid);

	become(child, parent ? mappings_share(parent->mappings) : NULL);
}

void address_spaces_exec(struct address_spaces *spaces, uint32_t tgid)
{
	become(find_or_add(spaces, tgid), NULL);
}

void address_spaces_forget(struct address_spaces *spaces, uint32_t tgid)
{
	uint32_t number = tgid % DITHER_FORGET_CLASSES;

	for (; number < NUMBERS_MAX; number += DITHER_FORGET_CLASSES) {
		struct process *process = find(spaces, number);

		if (process)
			become(process, NULL);
	}
}

void address_spaces_exit(struct address_spaces *spaces, uint32_t tgid)
{
	struct process *process = find(spaces, tgid);

	if (process)
		process->dead = true;
}

void address_spaces_map(struct address_spaces *spaces, uint32_t tgid,
			const struct mapping *mapping)
{
	struct process *process = find_or_add(spaces, tgid);

	/* The dead map nothing: its number is in use again, unannounced. */
	if (process->dead)
		become(process, NULL);
	become(process, mappings_replace(process->mappings, mapping));
}

const struct mapping *address_spaces_find(const struct address_spaces *spaces,
					  uint32_t tgid, uint64_t address)
{
	const struct process *process = find(spaces, tgid);

	return process ? mappings_find(process->mappings, address) : NULL;
}
