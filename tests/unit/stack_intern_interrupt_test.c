// SPDX-License-Identifier: GPL-2.0
/*
 * Samples that interrupt each other at every point of interning and writing
 * their stacks. Whatever happens, each sample in the ring must name the stack
 * that it was taken with, by the rules of the ABI.
 */
#include "unit.h"

#include "interrupts.h"
#include "../../kmod/core/ring.c"
#include "../../kmod/core/stack_intern.c"
#include "ring_inputs.h"

#define SIZE DITHER_RING_MIN
#define SLOTS 64U
#define EPOCH_BYTES 4096U
#define LEVELS 3

struct situation {
	u64 hash[LEVELS]; /* the stack of each level's sample */
	u32 before_epoch; /* bytes until the epoch ends */
	u32 room;	  /* bytes left in the ring */
};

/* A stack whose one address is its hash, and a sample that expects it. */
struct stack_record {
	struct dither_stack stack;
	u64 hash;
};

struct numbered {
	u32 ref;
	u64 hash;
};

static const struct situation *situation;
static struct ring_area *area;
static struct dither_intern_slot slots[SLOTS];
static struct dither_intern intern;
static u32 kept; /* in this trial */
static u32 lost; /* in all trials of the situation */

static void *write_stack(void *room, u64 hash, u32 ref)
{
	struct stack_record *record = room;

	*record = (struct stack_record){
		.stack.header.size = sizeof(*record),
		.stack.header.type = DITHER_RECORD_STACK,
		.stack.header.tid = ref,
		.hash = hash,
	};
	return record + 1;
}

static void write_sample(void *room, u64 hash, u32 ref)
{
	*(struct dither_sample *)room = (struct dither_sample){
		.header.size = sizeof(struct dither_sample),
		.header.type = DITHER_RECORD_SAMPLE,
		.ip = hash,
		.user_stack = ref,
	};
}

static void take_sample(u64 hash)
{
	enum dither_intern_result result;
	u32 bytes = sizeof(struct dither_sample);
	u32 ref = DITHER_STACK_ADJACENT;
	void *room;

	dither_intern_begin(&intern, &area->ring, 0);
	result = dither_intern_find(&intern, hash, &ref);
	if (result != DITHER_INTERN_KNOWN)
		bytes += sizeof(struct stack_record);
	room = dither_ring_reserve(&area->ring, bytes, 0, NULL);
	if (room) {
		if (result != DITHER_INTERN_KNOWN)
			room = write_stack(room, hash, ref);
		write_sample(room, hash, ref);
		dither_ring_commit(&area->ring);
		kept++;
	} else {
		lost++;
	}
	if (result == DITHER_INTERN_CLAIMED)
		dither_intern_settle(&intern, ref, room != NULL);
	dither_intern_end(&intern);
}

static void context(u32 level, u32 strike)
{
	(void)strike;
	take_sample(situation->hash[level]);
}

static void prepare(void)
{
	ring_begin(area, 0, SIZE, false);
	memset(slots, 0, sizeof(slots));
	dither_intern_init(&intern, slots, SLOTS, EPOCH_BYTES);
	kept = 0;
	take_sample(1);
	take_sample(2);
	intern.epoch_start =
		area->ring.reserved + situation->before_epoch - EPOCH_BYTES;
	area->tail->tail = area->ring.reserved + situation->room - SIZE;
	area->ring.tail = area->tail->tail;
}

/* A reader of the ring's stream. */
struct reading {
	struct numbered stacks[16];
	u32 count, epoch, samples, wrong;
	const struct stack_record *adjacent;
};

static bool names_its_stack(const struct reading *reading,
			    const struct dither_sample *sample)
{
	if (sample->user_stack == DITHER_STACK_ADJACENT)
		return reading->adjacent &&
		       reading->adjacent->stack.header.tid ==
			       DITHER_STACK_ADJACENT &&
		       reading->adjacent->hash == sample->ip;
	if (DITHER_STACK_EPOCH(sample->user_stack) != reading->epoch)
		return false;
	/* The latest of that number. */
	for (u32 i = reading->count; i > 0; i--) {
		if (reading->stacks[i - 1].ref == sample->user_stack)
			return reading->stacks[i - 1].hash == sample->ip;
	}
	return false;
}

static void read_record(struct reading *reading,
			const struct dither_record *header)
{
	const struct stack_record *stack = NULL;

	switch (header->type) {
	case DITHER_RECORD_EPOCH:
		reading->wrong += header->tid != reading->epoch + 1;
		reading->epoch = header->tid;
		reading->count = 0;
		break;
	case DITHER_RECORD_STACK:
		stack = (const void *)header;
		reading->stacks[reading->count++ % 16] = (struct numbered){
			header->tid,
			stack->hash,
		};
		break;
	case DITHER_RECORD_SAMPLE:
		reading->samples++;
		reading->wrong +=
			!names_its_stack(reading, (const void *)header);
		break;
	case DITHER_RECORD_LOST:
	case DITHER_RECORD_PAD:
		break;
	default:
		reading->wrong++;
	}
	reading->adjacent = stack;
}

static bool all_samples_are_right(void)
{
	struct reading reading = { 0 };

	for (u32 at = 0; at != area->page->head;) {
		const struct dither_record *record =
			(const void *)(area->data + at);

		if (!record->size || record->size > area->page->head - at)
			return false;
		read_record(&reading, record);
		at += record->size;
	}
	return !reading.wrong && reading.samples == kept &&
	       reading.epoch == intern.epoch;
}

static bool no_slot_is_busy(void)
{
	for (u32 i = 0; i < SLOTS; i++) {
		if (slots[i].state & BUSY)
			return false;
	}
	return true;
}

/* And goes on to be right when there is room again. */
static bool check(void)
{
	u32 before;

	if (!all_samples_are_right() || !no_slot_is_busy() || intern.users ||
	    intern.rolling)
		return false;
	area->tail->tail = area->page->head;
	before = kept;
	for (u64 hash = 1; hash < 5; hash++)
		take_sample(hash);
	return kept == before + 4 && all_samples_are_right();
}

static void try_situation(const struct situation *tried, bool with_losses)
{
	const struct interrupts interrupts = {
		.context = context,
		.levels = LEVELS,
		.strikes = 2,
		.prepare = prepare,
		.check = check,
	};
	struct interrupts_result result;

	if (!area)
		area = ring_area_new(SIZE);
	situation = tried;
	lost = 0;
	result = interrupts_run(&interrupts);
	CU_ASSERT_EQUAL(result.failed, 0);
	CU_ASSERT(result.trials > 500);
	CU_ASSERT_EQUAL(lost > 0, with_losses);
	if (result.failed)
		printf("# %ld of %ld failed; the first at %ld,%ld %ld\n",
		       result.failed, result.trials, result.at[0][0],
		       result.at[0][1], result.at[1][0]);
}

/* 1 and 2 are known. All want the same slot, but for one. */
#define ELSEWHERE (5ULL << 32)

static const u64 mixtures[][LEVELS] = {
	{ 1, 1, 1 }, { 3, 3, 3 }, { 3, 1, 3 },
	{ 3, 4, 5 }, { 1, 3, 2 }, { 3, ELSEWHERE, 3 },
};

#define MIXTURES (sizeof(mixtures) / sizeof(mixtures[0]))

static void try_all(u32 before_epoch, u32 room, bool with_losses)
{
	for (size_t i = 0; i < MIXTURES; i++) {
		struct situation mixture = {
			.before_epoch = before_epoch,
			.room = room,
		};

		memcpy(mixture.hash, mixtures[i], sizeof(mixture.hash));
		try_situation(&mixture, with_losses);
	}
}

static void plain(void)
{
	try_all(EPOCH_BYTES, SIZE / 2, false);
}

static void as_an_epoch_ends(void)
{
	try_all(0, SIZE / 2, false);
	try_all(64, SIZE / 2, false);
}

static void without_room(void)
{
	try_all(EPOCH_BYTES, 0, true);
	try_all(0, 0, true);
	try_all(EPOCH_BYTES, 56, true);
	try_all(0, 80, true);
}

static const struct unit_case cases[] = {
	{ "interrupted at any point, all samples name their own stacks",
	  plain },
	{ "so they do when an epoch ends just then", as_an_epoch_ends },
	{ "so they do when some find no room", without_room },
};

UNIT_MAIN("intern interrupt", cases)
