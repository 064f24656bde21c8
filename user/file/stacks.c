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
		   const struct dither_stack *record, uint16_t size)
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
	slot_for(table, number)->place = (struct stack_place){
		.record = record,
		.size = size,
	};
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

const char *stacks_decode(struct stack_place place, uint64_t *addresses,
			  unsigned int *count)
{
	const size_t data = offsetof(struct dither_stack, data);
	const uint8_t *at = (const uint8_t *)place.record + data;
	const uint8_t *end = (const uint8_t *)place.record + place.size;
	unsigned int frames = place.record->frames;
	uint64_t address = 0;

	*count = 0;
	if (frames > STACKS_FRAMES_MAX)
		return "a stack has too many frames";
	for (unsigned int i = 0; i < frames; i++) {
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
	*count = frames;
	return NULL;
}
