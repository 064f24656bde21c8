// SPDX-License-Identifier: GPL-2.0
/*
 * One hash table of stack numbers for each of the epochs in sight. They take
 * turns: when an epoch begins, the oldest is emptied. The next epoch is in
 * sight because a context that interrupted the writing of an EPOCH record may
 * already use it; the previous one, because an interrupted context still may.
 */
#include "stacks.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

#define EPOCH_MASK ((1U << (32 - DITHER_STACK_SLOT_BITS)) - 1)
#define SLOTS_MIN 256

enum { PREVIOUS, CURRENT, NEXT, EPOCHS_IN_SIGHT };

struct slot {
	uint32_t number; /* 0: free */
	struct stack_place place;
};

struct table {
	struct slot *slots;
	size_t slot_count; /* a power of two, at least twice count; or 0 */
	size_t count;
};

struct stacks {
	struct table tables[EPOCHS_IN_SIGHT];
	uint32_t epoch;
	bool begun; /* .epoch says something */
	bool sure;  /* .epoch is right; else it is at least that */
};

static struct slot *slot_for(const struct table *table, uint32_t number)
{
	size_t mask = table->slot_count - 1;
	size_t at = (number * 0x9e3779b1U >> 7) & mask;

	while (table->slots[at].number && table->slots[at].number != number)
		at = (at + 1) & mask;
	return &table->slots[at];
}

static void make_room(struct table *table)
{
	struct table bigger = { .count = table->count };

	if (table->count * 2 < table->slot_count)
		return;
	bigger.slot_count = table->slot_count ? table->slot_count * 2 :
						SLOTS_MIN;
	bigger.slots = alloc_zeroed(bigger.slot_count, sizeof(*bigger.slots));
	for (size_t i = 0; i < table->slot_count; i++)
		if (table->slots[i].number)
			*slot_for(&bigger, table->slots[i].number) =
				table->slots[i];
	free(table->slots);
	*table = bigger;
}

static void empty(struct table *table)
{
	free(table->slots);
	*table = (struct table){ .slots = NULL };
}

struct stacks *stacks_new(void)
{
	return alloc_zeroed(1, sizeof(struct stacks));
}

void stacks_free(struct stacks *stacks)
{
	if (!stacks)
		return;
	for (int i = 0; i < EPOCHS_IN_SIGHT; i++)
		empty(&stacks->tables[i]);
	free(stacks);
}

static void enter_epoch(struct stacks *stacks, uint32_t number)
{
	struct table *tables = stacks->tables;

	if (stacks->begun && number == stacks->epoch + 1) {
		empty(&tables[PREVIOUS]);
		tables[PREVIOUS] = tables[CURRENT];
		tables[CURRENT] = tables[NEXT];
		tables[NEXT] = (struct table){ .slots = NULL };
	} else {
		for (int i = 0; i < EPOCHS_IN_SIGHT; i++)
			empty(&tables[i]);
	}
	stacks->epoch = number;
	stacks->begun = true;
}

void stacks_epoch(struct stacks *stacks, uint32_t number)
{
	enter_epoch(stacks, number);
	stacks->sure = true;
}

void stacks_gap(struct stacks *stacks, bool known, uint32_t number)
{
	stacks->sure = known;
	if (known && !(stacks->begun && stacks->epoch == number))
		enter_epoch(stacks, number);
}

/* The table for numbers of @number's epoch, or -1. */
static int table_of(const struct stacks *stacks, uint32_t number)
{
	uint32_t ahead = (DITHER_STACK_EPOCH(number) - stacks->epoch) &
			 EPOCH_MASK;

	if (!stacks->begun)
		return -1;
	if (ahead == 0)
		return CURRENT;
	if (ahead == 1)
		return NEXT;
	return ahead == EPOCH_MASK ? PREVIOUS : -1;
}

bool stacks_define(struct stacks *stacks, uint32_t number,
		   struct stack_place place)
{
	struct table *table;
	int which;

	if (number == DITHER_STACK_NONE || number == DITHER_STACK_ADJACENT)
		return true;
	which = table_of(stacks, number);
	if (which < 0) {
		if (stacks->sure)
			return false;
		/*
		 * No EPOCH record follows, so this can only be one that was
		 * lost. Its upper bits stay unknown, and nobody needs them.
		 */
		enter_epoch(stacks, DITHER_STACK_EPOCH(number));
		which = CURRENT;
	}
	table = &stacks->tables[which];
	make_room(table);
	slot_for(table, number)->place = place;
	if (!slot_for(table, number)->number) {
		slot_for(table, number)->number = number;
		table->count++;
	}
	return true;
}

struct stack_place stacks_find(const struct stacks *stacks, uint32_t number)
{
	const struct stack_place none = { .record = NULL };
	int which = table_of(stacks, number);

	if (which < 0 || !number || !stacks->tables[which].count)
		return none;
	/* A free slot's place is none, too. */
	return slot_for(&stacks->tables[which], number)->place;
}

/* NULL when the varint at @at is cut or holds more than 64 bits. */
static const uint8_t *read_varint(const uint8_t *at, const uint8_t *end,
				  uint64_t *value)
{
	*value = 0;
	for (unsigned int shift = 0; shift < 64; shift += 7) {
		uint8_t byte;

		if (at == end)
			return NULL;
		byte = *at++;
		if (shift == 63 && byte > 1)
			return NULL;
		*value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return at;
	}
	return NULL;
}

static bool has_base(const struct dither_stack *record)
{
	return record->header.flags & DITHER_STACK_BASE;
}

/* False: there is no room for one. */
static bool read_base(const struct dither_stack *record, uint16_t size,
		      struct dither_stack_base *base)
{
	if (size < offsetof(struct dither_stack, data) + DITHER_STACK_BASE_BYTES)
		return false;
	memcpy(base, record->data, DITHER_STACK_BASE_BYTES);
	return true;
}

struct stack_place stacks_place(const struct stacks *stacks,
				const struct dither_stack *record,
				uint16_t size)
{
	struct stack_place place = { .record = record, .size = size };
	struct dither_stack_base base;
	struct stack_place found;

	if (has_base(record) && read_base(record, size, &base)) {
		found = stacks_find(stacks, base.stack);
		place.base = found.record;
		place.base_size = found.size;
	}
	return place;
}

bool stacks_lacks_base(struct stack_place place)
{
	struct dither_stack_base base;

	return has_base(place.record) && !place.base &&
	       read_base(place.record, place.size, &base);
}

/* The addresses of one record, behind its first @skip bytes of data. */
static const char *decode(const struct dither_stack *record, uint16_t size,
			  size_t skip, uint64_t *addresses, unsigned int count)
{
	const uint8_t *at = record->data + skip;
	const uint8_t *end = (const uint8_t *)record + size;
	uint64_t address = 0;

	for (unsigned int i = 0; i < count; i++) {
		uint64_t zigzag;

		at = read_varint(at, end, &zigzag);
		if (!at)
			return "a stack's addresses are cut or too large";
		address += (zigzag >> 1) ^ -(zigzag & 1);
		addresses[i] = address;
	}
	for (; at < end; at++)
		if (*at)
			return "a stack has bytes beyond its addresses";
	return NULL;
}

static bool base_fits(struct stack_place place, unsigned int shared)
{
	const struct dither_stack *base = place.base;

	return base && !has_base(base) && shared &&
	       shared <= place.record->frames && shared <= base->frames &&
	       base->frames <= STACKS_FRAMES_MAX &&
	       !((base->header.flags ^ place.record->header.flags) &
		 DITHER_STACK_KERNEL);
}

static const char *decode_with_base(struct stack_place place,
				    uint64_t *addresses)
{
	uint64_t others[STACKS_FRAMES_MAX];
	struct dither_stack_base reference;
	unsigned int own, theirs;
	const char *problem;

	if (!read_base(place.record, place.size, &reference))
		return "a stack's base is cut";
	if (!base_fits(place, reference.frames))
		return "a stack does not fit its base";
	own = place.record->frames - reference.frames;
	theirs = place.base->frames;
	problem = decode(place.record, place.size, DITHER_STACK_BASE_BYTES,
			 addresses, own);
	if (!problem)
		problem = decode(place.base, place.base_size, 0, others, theirs);
	if (!problem)
		memcpy(addresses + own, others + theirs - reference.frames,
		       reference.frames * sizeof(*addresses));
	return problem;
}

const char *stacks_decode(struct stack_place place, uint64_t *addresses,
			  unsigned int *count)
{
	unsigned int frames = place.record->frames;
	const char *problem;

	*count = 0;
	if (frames > STACKS_FRAMES_MAX)
		return "a stack has too many frames";
	problem = has_base(place.record) ?
			  decode_with_base(place, addresses) :
			  decode(place.record, place.size, 0, addresses, frames);
	if (!problem)
		*count = frames;
	return problem;
}
