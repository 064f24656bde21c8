// SPDX-License-Identifier: GPL-2.0
/*
 * The intern table: what a lookup may answer, and when. Contexts that
 * interrupt each other are played by calls in between here, and come at every
 * point in stack_intern_interrupt_test.c.
 */
#include "unit.h"

#include "../../kmod/core/stack_intern.h"
#include "random_numbers.h"
#include "ring_inputs.h"

#define SIZE DITHER_RING_MIN
#define EPOCH_BYTES (SIZE / 4)
#define SLOTS 1024U

static struct ring_area *area;
static struct dither_intern_slot slots[SLOTS];
static struct dither_intern intern;

static void begin_table(u32 count)
{
	if (!area)
		area = ring_area_new(SIZE);
	ring_begin(area, 0, SIZE, false);
	memset(slots, 0, sizeof(slots));
	dither_intern_init(&intern, slots, count, EPOCH_BYTES);
}

/* One sample's bracket with nothing inside: starts an epoch if it is time. */
static void pass_by(void)
{
	dither_intern_begin(&intern, &area->ring, 0);
	dither_intern_end(&intern);
}

/* A table in its first epoch. */
static void begin(void)
{
	begin_table(SLOTS);
	pass_by();
}

static void write_bytes(u32 bytes)
{
	while (bytes) {
		u32 some = bytes < 1024 ? bytes : 1024;

		area->tail->tail = area->page->head;
		CU_ASSERT_PTR_NOT_NULL_FATAL(
			dither_ring_reserve(&area->ring, some, 0, NULL));
		dither_ring_commit(&area->ring);
		bytes -= some;
	}
	area->tail->tail = area->page->head;
}

static void next_epoch(void)
{
	u32 epoch = intern.epoch;

	write_bytes(EPOCH_BYTES);
	pass_by();
	CU_ASSERT_EQUAL_FATAL(intern.epoch, epoch + 1);
}

/* Look @hash up and write what is to be written. */
static enum dither_intern_result find(u64 hash, u32 *ref)
{
	enum dither_intern_result result =
		dither_intern_find(&intern, hash, ref);

	if (result == DITHER_INTERN_CLAIMED)
		dither_intern_settle(&intern, *ref, true);
	return result;
}

static bool is_reference(u32 ref)
{
	return ref != DITHER_STACK_NONE && ref != DITHER_STACK_ADJACENT &&
	       DITHER_STACK_EPOCH(ref) ==
		       (intern.epoch &
			((1U << (32 - DITHER_STACK_SLOT_BITS)) - 1));
}

static void before_the_first_epoch(void)
{
	u32 ref;

	begin_table(SLOTS);
	CU_ASSERT_EQUAL(dither_intern_find(&intern, 1, &ref),
			DITHER_INTERN_NO_PLACE);
	pass_by();
	CU_ASSERT_EQUAL(intern.epoch, 1);
	CU_ASSERT_EQUAL(dither_intern_find(&intern, 1, &ref),
			DITHER_INTERN_CLAIMED);
}

static void claimed_then_known(void)
{
	u32 ref, again, other;

	begin();
	CU_ASSERT_EQUAL(find(42, &ref), DITHER_INTERN_CLAIMED);
	CU_ASSERT(is_reference(ref));
	CU_ASSERT_EQUAL(find(42, &again), DITHER_INTERN_KNOWN);
	CU_ASSERT_EQUAL(again, ref);
	/* The same slot, another stack. */
	CU_ASSERT_EQUAL(find(43, &other), DITHER_INTERN_CLAIMED);
	CU_ASSERT_NOT_EQUAL(other, ref);
	CU_ASSERT_EQUAL(find(42, &again), DITHER_INTERN_KNOWN);
	CU_ASSERT_EQUAL(again, ref);
	CU_ASSERT_EQUAL(find(43, &again), DITHER_INTERN_KNOWN);
	CU_ASSERT_EQUAL(again, other);
	/* Nobody's hash is special. */
	CU_ASSERT_EQUAL(find(0, &other), DITHER_INTERN_CLAIMED);
	CU_ASSERT_EQUAL(find(~0ULL, &other), DITHER_INTERN_CLAIMED);
}

static void open_claims(void)
{
	u32 outer, inner, later;

	begin();
	CU_ASSERT_EQUAL(dither_intern_find(&intern, 42, &outer),
			DITHER_INTERN_CLAIMED);
	/* An interrupt with the same stack, then one with another. */
	CU_ASSERT_EQUAL(dither_intern_find(&intern, 42, &inner),
			DITHER_INTERN_CLAIMED);
	CU_ASSERT_NOT_EQUAL(inner, outer);
	CU_ASSERT_EQUAL(dither_intern_find(&intern, 43, &later),
			DITHER_INTERN_CLAIMED);
	CU_ASSERT(later != outer && later != inner);
	dither_intern_settle(&intern, later, true);
	dither_intern_settle(&intern, inner, true);
	/* Not the one that has not been written yet. */
	CU_ASSERT_EQUAL(dither_intern_find(&intern, 42, &later),
			DITHER_INTERN_KNOWN);
	CU_ASSERT_EQUAL(later, inner);
	dither_intern_settle(&intern, outer, true);
	CU_ASSERT_EQUAL(dither_intern_find(&intern, 42, &later),
			DITHER_INTERN_KNOWN);
	CU_ASSERT(later == outer || later == inner);
}

static void not_written(void)
{
	u32 ref, again;

	begin();
	CU_ASSERT_EQUAL(dither_intern_find(&intern, 42, &ref),
			DITHER_INTERN_CLAIMED);
	dither_intern_settle(&intern, ref, false);
	CU_ASSERT_EQUAL(dither_intern_find(&intern, 42, &again),
			DITHER_INTERN_CLAIMED);
	CU_ASSERT_EQUAL(again, ref);
	dither_intern_settle(&intern, again, false);
	CU_ASSERT_EQUAL(find(43, &again), DITHER_INTERN_CLAIMED);
	CU_ASSERT_EQUAL(again, ref);
}

static void neighbours(void)
{
	u32 refs[SLOTS], ref, claimed = 0;

	begin();
	/* Stacks that all want the same slot. */
	while (claimed < SLOTS &&
	       find(claimed, &refs[claimed]) == DITHER_INTERN_CLAIMED)
		claimed++;
	CU_ASSERT(claimed >= 4 && claimed < 64);
	CU_ASSERT_EQUAL(find(claimed, &ref), DITHER_INTERN_NO_PLACE);
	for (u32 i = 0; i < claimed; i++) {
		CU_ASSERT_EQUAL(find(i, &ref), DITHER_INTERN_KNOWN);
		CU_ASSERT_EQUAL(ref, refs[i]);
		for (u32 j = 0; j < i; j++)
			CU_ASSERT_NOT_EQUAL(refs[i], refs[j]);
	}
}

#define STACKS (8 * SLOTS)

/* Which stack each number has been given to; 0: none. */
static u64 owner[SLOTS + 1];

static int ask(u64 hash, int *places)
{
	enum dither_intern_result result;
	u32 ref, number;

	result = find(hash, &ref);
	if (result == DITHER_INTERN_NO_PLACE) {
		++*places;
		return 0;
	}
	number = ref & ((1U << DITHER_STACK_SLOT_BITS) - 1);
	if (!is_reference(ref) || number > SLOTS)
		return 1;
	if (result == DITHER_INTERN_CLAIMED) {
		int taken = owner[number] != 0;

		owner[number] = hash;
		return taken;
	}
	return owner[number] != hash;
}

static void pressure(void)
{
	u64 random = 1;

	begin();
	for (int epoch = 0; epoch < 20; epoch++) {
		static u64 hashes[STACKS];
		int wrong = 0, no_place = 0, used = 0;

		memset(owner, 0, sizeof(owner));
		for (u32 i = 0; i < STACKS; i++)
			hashes[i] = random_next(&random);
		for (int i = 0; i < 100000; i++) {
			u64 which = random_below(&random, STACKS);

			wrong += ask(hashes[which], &no_place);
		}
		for (u32 i = 1; i <= SLOTS; i++)
			used += owner[i] != 0;
		CU_ASSERT_EQUAL(wrong, 0);
		CU_ASSERT(no_place > 0);
		CU_ASSERT(used > (int)SLOTS * 9 / 10);
		next_epoch();
	}
}

static void a_new_epoch(void)
{
	const struct dither_epoch *record;
	u32 ref, fresh, position;

	begin();
	find(42, &ref);
	write_bytes(EPOCH_BYTES);
	position = area->ring.reserved;
	dither_intern_begin(&intern, &area->ring, 777);
	record = (void *)(area->data + (position & (SIZE - 1)));
	CU_ASSERT_EQUAL(record->header.type, DITHER_RECORD_EPOCH);
	CU_ASSERT_EQUAL(record->header.size, sizeof(*record));
	CU_ASSERT_EQUAL(record->header.tid, 2);
	CU_ASSERT_EQUAL(record->time, 777);
	CU_ASSERT_EQUAL(area->page->epoch_count, 2);
	CU_ASSERT_EQUAL(area->page->epochs[1], position);
	/* It forgets, and numbers differ from the last epoch's. */
	CU_ASSERT_EQUAL(find(42, &fresh), DITHER_INTERN_CLAIMED);
	CU_ASSERT(is_reference(fresh));
	CU_ASSERT_NOT_EQUAL(fresh, ref);
	dither_intern_end(&intern);
	/* Not before its time. */
	position = area->ring.reserved;
	write_bytes(EPOCH_BYTES - 64);
	pass_by();
	CU_ASSERT_EQUAL(intern.epoch, 2);
}

static void outermost_only(void)
{
	u32 outer, inner;

	begin();
	dither_intern_begin(&intern, &area->ring, 0);
	CU_ASSERT_EQUAL(find(42, &outer), DITHER_INTERN_CLAIMED);
	write_bytes(2 * EPOCH_BYTES);
	/* An interrupt: it may not end what the sample below relies on. */
	dither_intern_begin(&intern, &area->ring, 0);
	CU_ASSERT_EQUAL(intern.epoch, 1);
	CU_ASSERT_EQUAL(find(42, &inner), DITHER_INTERN_KNOWN);
	CU_ASSERT_EQUAL(inner, outer);
	dither_intern_end(&intern);
	dither_intern_end(&intern);
	CU_ASSERT_EQUAL(intern.epoch, 1);
	pass_by();
	CU_ASSERT_EQUAL(intern.epoch, 2);
	CU_ASSERT_EQUAL(intern.users, 0);
}

static void no_room_for_an_epoch(void)
{
	u32 ref, again;

	begin();
	find(42, &ref);
	write_bytes(EPOCH_BYTES);
	area->tail->tail = area->page->head - SIZE;
	pass_by();
	CU_ASSERT_EQUAL(intern.epoch, 1);
	CU_ASSERT_EQUAL(find(42, &again), DITHER_INTERN_KNOWN);
	CU_ASSERT_EQUAL(again, ref);
	area->tail->tail = area->page->head;
	pass_by();
	CU_ASSERT_EQUAL(intern.epoch, 2);
	CU_ASSERT_EQUAL(find(42, &again), DITHER_INTERN_CLAIMED);
}

/* References of the first and the last slot, in the epoch that follows. */
static void check_references_after(u32 epoch)
{
	static struct dither_intern_slot *many;
	const u32 count = dither_intern_slots(DITHER_RING_MAX);
	u32 ref = 0, before = 0;

	if (!many)
		many = calloc(count, sizeof(*many));
	begin_table(SLOTS);
	dither_intern_init(&intern, many, count, EPOCH_BYTES);
	intern.epoch = epoch;
	pass_by();
	CU_ASSERT_EQUAL(find(0, &ref), DITHER_INTERN_CLAIMED);
	CU_ASSERT(is_reference(ref));
	CU_ASSERT_EQUAL(find((u64)(count - 1) << 32, &before),
			DITHER_INTERN_CLAIMED);
	CU_ASSERT(is_reference(before));
	CU_ASSERT_NOT_EQUAL(ref, before);
	CU_ASSERT_EQUAL(find(0, &before), DITHER_INTERN_KNOWN);
	CU_ASSERT_EQUAL(before, ref);
}

static void references(void)
{
	check_references_after(0);
	check_references_after(0xffe); /* all bits of a reference's epoch */
	check_references_after(0xfff); /* and none */
	check_references_after(0x7ffffffe);
	/* Epochs are 31 bits, and none of them is 0. */
	check_references_after(0x7fffffff);
	CU_ASSERT_EQUAL(intern.epoch, 1);
}

static void table_sizes(void)
{
	for (u32 bytes = DITHER_RING_MIN; bytes <= DITHER_RING_MAX;
	     bytes *= 2) {
		u32 count = dither_intern_slots(bytes);

		CU_ASSERT(count && !(count & (count - 1)));
		CU_ASSERT(count < 1U << DITHER_STACK_SLOT_BITS);
	}
}

static const struct unit_case cases[] = {
	{ "no stack has a place before the first epoch",
	  before_the_first_epoch },
	{ "a stack is claimed first and known afterwards", claimed_then_known },
	{ "while a claim is open, others get other slots and never see it",
	  open_claims },
	{ "a claim that was not written leaves its slot free", not_written },
	{ "neighbours fill up, then there is no place", neighbours },
	{ "under pressure a number never names another stack", pressure },
	{ "an epoch begins with its record, is indexed, and forgets",
	  a_new_epoch },
	{ "only the outermost user ends an epoch", outermost_only },
	{ "an epoch that finds no room leaves the old one going",
	  no_room_for_an_epoch },
	{ "references carry the epoch and are never a reserved value",
	  references },
	{ "tables of all ring sizes fit into a reference", table_sizes },
};

UNIT_MAIN("intern", cases)
