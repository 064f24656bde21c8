// SPDX-License-Identifier: GPL-2.0
/*
 * STACK records as the module writes them (kmod/core/stack_record.c), read back
 * by who reads recordings (user/file/stacks.h).
 */
#include "unit.h"

#include <string.h>

#include "../../kmod/core/stack_record.h"
#include "../../user/file/stacks.h"
#include "random_numbers.h"

#define EPOCH 7U
#define NUMBER(slot) (EPOCH << DITHER_STACK_SLOT_BITS | (slot))
#define ROOM (2 * STACKS_FRAMES_MAX * 10)

static struct dither_cached_stack cached;
static struct dither_walk walk;
static struct dither_base base;
static struct stacks *stacks;

/* Records stay where they are while they may be a base. */
static _Alignas(8) uint8_t room[2][ROOM];
static unsigned int turn;

static void begin(void)
{
	memset(&cached, 0, sizeof(cached));
	memset(&base, 0, sizeof(base));
	walk = (struct dither_walk){
		.cached = &cached,
		.unwinder = DITHER_UNWIND_TABLE,
		.end = DITHER_END_DEPTH,
	};
	stacks_free(stacks);
	stacks = stacks_new();
	stacks_epoch(stacks, EPOCH);
}

static void set(unsigned int count, const unsigned long *addresses)
{
	walk.count = count;
	memcpy(cached.addresses, addresses, count * sizeof(*addresses));
}

/* The next record, with @shared addresses of the base; its bytes. */
static u32 put(u32 number, u32 shared)
{
	uint8_t *at = room[turn];
	u32 bytes = dither_stack_record_bytes(&walk, shared);

	memset(at, 0xc5, ROOM);
	CU_ASSERT_FATAL(bytes <= ROOM - 1);
	CU_ASSERT_PTR_EQUAL(dither_stack_record_write(at, &walk, number, bytes,
						      &base, shared),
			    at + bytes);
	CU_ASSERT_EQUAL(bytes % 8, 0);
	CU_ASSERT_EQUAL(at[bytes], 0xc5);
	CU_ASSERT_EQUAL(((struct dither_stack *)at)->header.size, bytes);
	return bytes;
}

/* What was put is what was walked; it may be a base from now on. */
static void expect_walk(u32 number, u32 bytes)
{
	uint64_t addresses[STACKS_FRAMES_MAX];
	const struct dither_stack *record = (const void *)room[turn];
	struct stack_place place = stacks_place(stacks, record, bytes);
	unsigned int count;

	CU_ASSERT_FALSE(stacks_lacks_base(place));
	CU_ASSERT_PTR_NULL(stacks_decode(place, addresses, &count));
	CU_ASSERT_EQUAL(count, walk.count);
	for (unsigned int i = 0; i < count; i++)
		CU_ASSERT_EQUAL(addresses[i], cached.addresses[i]);
	CU_ASSERT(stacks_define(stacks, number, place));
	CU_ASSERT_EQUAL(record->unwinder, walk.unwinder);
	CU_ASSERT_EQUAL(record->end, walk.end);
}

static void keep(u32 number)
{
	dither_stack_record_keep(&base, &walk, number, EPOCH);
	turn = !turn;
}

static void leaves_shared_frames_to_the_base(void)
{
	static const unsigned long first[] = { 0x1000, 0x2000, 0x3000,
					       0x4000, 0x5000, 0x6000 };
	static const unsigned long second[] = { 0x7fff00001234, 0x1008, 0x2008,
						0x4000, 0x5000, 0x6000 };
	u32 whole, shared, bytes;

	begin();
	set(6, first);
	CU_ASSERT_EQUAL(dither_stack_record_shared(&walk, &base), 0);
	expect_walk(NUMBER(1), put(NUMBER(1), 0));
	keep(NUMBER(1));

	set(6, second);
	shared = dither_stack_record_shared(&walk, &base);
	CU_ASSERT_EQUAL(shared, 3);
	whole = dither_stack_record_bytes(&walk, 0);
	bytes = put(NUMBER(2), shared);
	CU_ASSERT(bytes <= whole);
	CU_ASSERT_EQUAL(((struct dither_stack *)room[turn])->header.flags,
			DITHER_STACK_BASE);
	expect_walk(NUMBER(2), bytes);
	/* All of it, and more than it has. */
	set(4, first + 2);
	CU_ASSERT_EQUAL(dither_stack_record_shared(&walk, &base), 4);
	expect_walk(NUMBER(3), put(NUMBER(3), 4));
}

static void is_whole_where_little_is_shared(void)
{
	static const unsigned long first[] = { 1, 2, 3, 4, 5, 6, 7 };
	static const unsigned long second[] = { 10, 20, 30, 40, 5, 6, 7 };

	begin();
	set(7, first);
	expect_walk(NUMBER(1), put(NUMBER(1), 0));
	keep(NUMBER(1));
	set(7, second);
	CU_ASSERT_EQUAL(dither_stack_record_shared(&walk, &base), 0);
	set(6, second + 1);
	CU_ASSERT_EQUAL(dither_stack_record_shared(&walk, &base), 3);
	/* So few that to name the base takes as much. */
	set(2, first + 5);
	CU_ASSERT_EQUAL(dither_stack_record_shared(&walk, &base), 0);
	set(0, first);
	CU_ASSERT_EQUAL(dither_stack_record_shared(&walk, &base), 0);
	expect_walk(NUMBER(2), put(NUMBER(2), 0));
}

/* Stacks that grow, shrink and change as programs' do. */
static void change(uint64_t *random)
{
	u32 gone = random_below(random, walk.count + 1);
	u32 added = random_below(random, 24);
	u32 kept = walk.count - gone;

	if (!random_below(random, 20))
		kept = 0;
	if (added + kept > STACKS_FRAMES_MAX)
		added = STACKS_FRAMES_MAX - kept;
	memmove(cached.addresses + added, cached.addresses + walk.count - kept,
		kept * sizeof(cached.addresses[0]));
	for (u32 i = 0; i < added; i++)
		cached.addresses[i] = random_next(random) >>
				      random_below(random, 64);
	walk.count = added + kept;
	walk.end = random_below(random, DITHER_END_UNSUPPORTED + 1);
}

static void reads_back_what_was_written(void)
{
	uint64_t random = 1;
	u32 based = 0;

	begin();
	for (u32 i = 1; i <= 100000; i++) {
		u32 shared, bytes;

		change(&random);
		shared = dither_stack_record_shared(&walk, &base);
		bytes = put(NUMBER(i), shared);
		expect_walk(NUMBER(i), bytes);
		if (!shared)
			keep(NUMBER(i));
		based += !!shared;
	}
	CU_ASSERT(based > 20000 && based < 80000);
	stacks_free(stacks);
	stacks = NULL;
}

static const struct unit_case cases[] = {
	{ "outer frames that another stack has are left to it",
	  leaves_shared_frames_to_the_base },
	{ "a stack that shares little is whole",
	  is_whole_where_little_is_shared },
	{ "what is written is read back", reads_back_what_was_written },
};

UNIT_MAIN("stack records", cases)
