// SPDX-License-Identifier: GPL-2.0
/*
 * See hash.h: open addressing, at most half full. Used for what is
 * asked for every address of every sample, so it is kept flat.
 */
#include "hash.h"

#include <stddef.h>
#include <stdlib.h>

#include "alloc.h"

struct slot {
	uint64_t first, second;
	uint32_t value;		/* TABLE_NONE: free */
};

struct hash {
	struct slot *slots;
	size_t count;
	size_t room;		/* a power of two */
};

static uint64_t mix(uint64_t value)
{
	value ^= value >> 32;
	value *= 0x9e3779b97f4a7c15ULL;
	value ^= value >> 29;
	value *= 0xd6e8feb86659fd93ULL;
	return value ^ value >> 32;
}

static struct slot *find(const struct hash *table, uint64_t first,
			 uint64_t second)
{
	size_t mask = table->room - 1;
	size_t at = mix(mix(first) + second) & mask;

	for (;; at = (at + 1) & mask) {
		struct slot *slot = &table->slots[at];

		if (slot->value == TABLE_NONE ||
		    (slot->first == first && slot->second == second))
			return slot;
	}
}

static void resize(struct hash *table, size_t room)
{
	struct slot *old = table->slots;
	size_t old_room = table->room;

	table->slots = alloc_zeroed(room, sizeof(*table->slots));
	table->room = room;
	for (size_t i = 0; i < room; i++)
		table->slots[i].value = TABLE_NONE;
	for (size_t i = 0; i < old_room; i++) {
		if (old[i].value != TABLE_NONE)
			*find(table, old[i].first, old[i].second) = old[i];
	}
	free(old);
}

struct hash *hash_new(void)
{
	struct hash *table = alloc_zeroed(1, sizeof(*table));

	resize(table, 64);
	return table;
}

void hash_free(struct hash *table)
{
	if (!table)
		return;
	free(table->slots);
	free(table);
}

uint32_t hash_get(const struct hash *table, uint64_t first, uint64_t second)
{
	return find(table, first, second)->value;
}

void hash_put(struct hash *table, uint64_t first, uint64_t second,
	      uint32_t value)
{
	struct slot *slot = find(table, first, second);

	if (slot->value == TABLE_NONE) {
		if ((table->count + 1) * 2 > table->room) {
			resize(table, table->room * 2);
			slot = find(table, first, second);
		}
		table->count++;
		slot->first = first;
		slot->second = second;
	}
	slot->value = value;
}
