// SPDX-License-Identifier: GPL-2.0
/*
 * See frame_names.h. The resolver gives the same struct for the same place
 * again and again, so that its address finds the frame.
 */
#include "frame_names.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

#define SLOTS_FIRST 4096

struct slot {
	uintptr_t key; /* a struct name's address, bit 0: kernel; 0: free */
	uint32_t frame;
};

struct frame_names {
	struct profile *profile;
	bool modules;
	struct slot *slots;
	size_t slot_count; /* a power of two, at least twice count */
	size_t count;
};

struct frame_names *frame_names_new(struct profile *profile, bool modules)
{
	struct frame_names *names = alloc_zeroed(1, sizeof(*names));

	names->profile = profile;
	names->modules = modules;
	names->slot_count = SLOTS_FIRST;
	names->slots = alloc_zeroed(SLOTS_FIRST, sizeof(*names->slots));
	return names;
}

void frame_names_free(struct frame_names *names)
{
	if (!names)
		return;
	free(names->slots);
	free(names);
}

uint32_t frame_names_make(struct frame_names *names, const struct name *name,
			  bool kernel)
{
	const char *suffix = "";
	uint32_t frame;
	char *text;

	if (kernel)
		suffix = "_[k]";
	else if (name->kind == NAME_ANONYMOUS)
		suffix = "_[j]";
	if (names->modules)
		text = alloc_format("%s\t%s", name->text, name->module);
	else
		text = alloc_format("%s%s", name->text, suffix);
	frame = profile_name(names->profile, text, strlen(text));
	free(text);
	return frame;
}

static struct slot *find(const struct frame_names *names, uintptr_t key)
{
	size_t mask = names->slot_count - 1;
	size_t slot = ((uint64_t)key * 0x9e3779b97f4a7c15ULL >> 20) & mask;

	while (names->slots[slot].key && names->slots[slot].key != key)
		slot = (slot + 1) & mask;
	return &names->slots[slot];
}

static void grow(struct frame_names *names)
{
	struct slot *old = names->slots;
	size_t old_count = names->slot_count;

	names->slot_count *= 2;
	names->slots = alloc_zeroed(names->slot_count, sizeof(*old));
	for (size_t i = 0; i < old_count; i++)
		if (old[i].key)
			*find(names, old[i].key) = old[i];
	free(old);
}

uint32_t frame_names_get(struct frame_names *names, const struct name *name,
			 bool kernel)
{
	uintptr_t key = (uintptr_t)name | kernel;
	struct slot *slot;

	if (names->count * 2 >= names->slot_count)
		grow(names);
	slot = find(names, key);
	if (!slot->key) {
		slot->key = key;
		slot->frame = frame_names_make(names, name, kernel);
		names->count++;
	}
	return slot->frame;
}
