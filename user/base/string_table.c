// SPDX-License-Identifier: GPL-2.0
#include "string_table.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "alloc.h"

#define BLOCK_BYTES (64U << 10)

struct block {
	struct block *next;
	char text[];
};

struct entry {
	const char *text;
	size_t length;
	uint64_t hash;
};

/* Most others in the way are told by their tag, without a look at them. */
struct slot {
	uint32_t entry; /* its number + 1; 0: free */
	uint32_t tag;	/* the upper half of its hash */
};

struct string_table {
	struct entry *entries;
	size_t count, room;
	struct slot *slots;
	size_t slot_count; /* a power of two, at least twice count */
	struct block *blocks;
	char *free_text;
	size_t free_bytes;
};

static char *keep(struct string_table *intern, const char *text, size_t length)
{
	char *copy;

	if (intern->free_bytes < length + 1) {
		size_t bytes = length + 1 > BLOCK_BYTES ? length + 1 :
							  BLOCK_BYTES;
		struct block *block = alloc_zeroed(1, sizeof(*block) + bytes);

		block->next = intern->blocks;
		intern->blocks = block;
		intern->free_text = block->text;
		intern->free_bytes = bytes;
	}
	copy = intern->free_text;
	memcpy(copy, text, length);
	copy[length] = '\0';
	intern->free_text += length + 1;
	intern->free_bytes -= length + 1;
	return copy;
}

static void rehash(struct string_table *intern, size_t slot_count)
{
	free(intern->slots);
	intern->slots = alloc_zeroed(slot_count, sizeof(*intern->slots));
	intern->slot_count = slot_count;
	for (size_t i = 0; i < intern->count; i++) {
		uint64_t hash = intern->entries[i].hash;
		size_t slot = hash & (slot_count - 1);

		while (intern->slots[slot].entry)
			slot = (slot + 1) & (slot_count - 1);
		intern->slots[slot] = (struct slot){ (uint32_t)i + 1,
						     (uint32_t)(hash >> 32) };
	}
}

struct string_table *string_table_new(void)
{
	struct string_table *intern = alloc_zeroed(1, sizeof(*intern));

	rehash(intern, 1024);
	return intern;
}

void string_table_free(struct string_table *intern)
{
	struct block *next;

	if (!intern)
		return;
	for (struct block *block = intern->blocks; block; block = next) {
		next = block->next;
		free(block);
	}
	free(intern->slots);
	free(intern->entries);
	free(intern);
}

/* The slot of an entry, or the free one where it would be. */
static size_t slot_of(const struct string_table *intern, const char *text,
		      size_t length, uint64_t hash)
{
	size_t slot = hash & (intern->slot_count - 1);
	const struct entry *entry;

	for (; intern->slots[slot].entry;
	     slot = (slot + 1) & (intern->slot_count - 1)) {
		if (intern->slots[slot].tag != hash >> 32)
			continue;
		entry = &intern->entries[intern->slots[slot].entry - 1];
		if (entry->length == length &&
		    !memcmp(entry->text, text, length))
			break;
	}
	return slot;
}

uint32_t string_table_find(const struct string_table *intern, const char *text,
			   size_t length)
{
	/* A free slot is 0, so that this is INTERN_NONE. */
	return intern->slots[slot_of(intern, text, length,
				     XXH3_64bits(text, length))]
		       .entry -
	       1;
}

static uint32_t add(struct string_table *intern, const char *text,
		    size_t length, uint64_t hash)
{
	size_t slot = slot_of(intern, text, length, hash);
	struct entry *entry;

	if (intern->slots[slot].entry)
		return intern->slots[slot].entry - 1;
	intern->entries = alloc_grow(intern->entries, intern->count,
				     &intern->room, sizeof(*intern->entries));
	entry = &intern->entries[intern->count++];
	entry->text = keep(intern, text, length);
	entry->length = length;
	entry->hash = hash;
	intern->slots[slot] = (struct slot){ (uint32_t)intern->count,
					     (uint32_t)(hash >> 32) };
	if (intern->count * 2 > intern->slot_count)
		rehash(intern, intern->slot_count * 2);
	return intern->count - 1;
}

uint32_t string_table_add(struct string_table *intern, const char *text,
			  size_t length)
{
	return add(intern, text, length, XXH3_64bits(text, length));
}

/* Asks for the slots of all, then for entries, then for texts. */
static void ask_for(const struct string_table *intern, const uint64_t *hashes,
		    size_t count)
{
	const struct slot *slots[INTERN_TOGETHER];

	for (size_t i = 0; i < count; i++) {
		slots[i] = &intern->slots[hashes[i] & (intern->slot_count - 1)];
		__builtin_prefetch(slots[i]);
	}
	for (size_t i = 0; i < count; i++) {
		if (slots[i]->entry)
			__builtin_prefetch(
				&intern->entries[slots[i]->entry - 1]);
	}
	for (size_t i = 0; i < count; i++) {
		if (slots[i]->entry)
			__builtin_prefetch(
				intern->entries[slots[i]->entry - 1].text);
	}
}

void string_table_add_several(struct string_table *intern,
			      const struct string_table_word *words,
			      size_t count, uint32_t *numbers)
{
	uint64_t hashes[INTERN_TOGETHER];

	for (size_t i = 0; i < count; i++)
		hashes[i] = XXH3_64bits(words[i].text, words[i].length);
	ask_for(intern, hashes, count);
	for (size_t i = 0; i < count; i++)
		numbers[i] =
			add(intern, words[i].text, words[i].length, hashes[i]);
}

const char *string_table_text(const struct string_table *intern,
			      uint32_t number)
{
	return intern->entries[number].text;
}

size_t string_table_length(const struct string_table *intern, uint32_t number)
{
	return intern->entries[number].length;
}

uint32_t string_table_count(const struct string_table *intern)
{
	return intern->count;
}
