// SPDX-License-Identifier: GPL-2.0
/*
 * Ring writers that interrupt each other at every point of reserve and commit,
 * in the situations where it matters: at the end of the data, with little
 * room, with losses to tell, at the watermark. A reader may come at any of
 * these points too.
 */
#include "unit.h"

#include "interrupts.h"
#include "../../kmod/core/ring.c"
#include "ring_inputs.h"

#define SIZE DITHER_RING_MIN

/* Which contexts are the reader, not a writer: by strike, or the third level */
#define NO_READER 0
#define READER_AT_THIRD (1U << INTERRUPTS_STRIKES)

struct situation {
	u32 position; /* where the ring stands before */
	u32 unread;   /* bytes that the reader has left there */
	u32 losses;   /* by the outermost writer, not yet told */
	u32 watermark;
	bool overwrite;
};

static const struct situation *situation;
static struct ring_area *area;
static u8 copy[SIZE];
static u64 attempts[RING_WRITERS + 1];
static u32 wakes;
static u32 readers;
static u32 seen_head;
static bool head_sound;
static struct ring_account account;

/* What the reader has left: nothing but PADs, none across the end. */
static void leave_unread(u32 bytes)
{
	u32 *tail = &area->tail->tail;

	while (bytes) {
		u32 behind = (*tail - 1) & (SIZE - 1); /* the byte before */
		u32 pad = bytes < 8192 ? bytes : 8192;

		if (pad > behind + 1)
			pad = behind + 1;
		*tail -= pad;
		write_pad(&area->ring, *tail, pad);
		bytes -= pad;
	}
	area->ring.tail = *tail;
}

/* No trial shall find there what another one has written. */
static void forget(u32 position, u32 bytes)
{
	u32 start = position & (SIZE - 1);
	u32 first = bytes < SIZE - start ? bytes : SIZE - start;

	memset(area->data + start, 0xee, first);
	memset(area->data, 0xee, bytes - first);
}

static void prepare(void)
{
	memset(attempts, 0, sizeof(attempts));
	memset(&account, 0, sizeof(account));
	wakes = 0;
	seen_head = situation->position;
	head_sound = true;
	forget(situation->position, 2048);
	ring_begin(area, situation->position, situation->watermark,
		   situation->overwrite);
	leave_unread(situation->unread);
	while (attempts[1] < situation->losses)
		dither_ring_lose(&area->ring, ring_cause(1), attempts[1]++);
}

static void write_as(u32 writer)
{
	u64 number = attempts[writer]++;
	u32 bytes = RING_MESSAGE_MIN + 8 * (RING_WRITERS - writer);

	wakes += ring_write(&area->ring, bytes, writer, number);
}

static void read_all(void)
{
	ring_read(area, &account, copy);
}

static bool everything_balances(void)
{
	for (u32 writer = 1; writer <= RING_WRITERS; writer++) {
		if (!ring_balances(area, &account, writer, attempts[writer]))
			return false;
	}
	return !account.broken;
}

/* The ring goes on afterwards, and tells all that was lost. */
static bool goes_on(void)
{
	u64 before = account.received[1];

	write_as(1);
	read_all();
	for (u32 i = 0; i < DITHER_LOST_COUNT; i++) {
		if (local_read(&area->ring.lost[i]))
			return false;
	}
	return account.received[1] == before + 1 && everything_balances();
}

/* What is published never goes back, and the ring itself knows of it. */
static void watch(void)
{
	u32 head = area->page->head;

	head_sound = head_sound && head - seen_head <= SIZE &&
		     area->ring.head - head <= SIZE;
	seen_head = head;
}

static bool check(void)
{
	struct dither_ring *ring = &area->ring;
	u32 written = area->page->head - situation->position;

	if (!head_sound || ring->nesting || ring->head != ring->reserved ||
	    area->page->head != ring->reserved ||
	    written != (u32)local_read(&ring->bytes))
		return false;
	if (written >= situation->watermark && !wakes)
		return false;
	read_all();
	return everything_balances() && goes_on();
}

static bool is_reader(u32 level, u32 strike)
{
	return (level == 1 && readers & 1U << strike) ||
	       (level == 2 && readers & READER_AT_THIRD);
}

static void context(u32 level, u32 strike)
{
	if (is_reader(level, strike))
		read_all();
	else
		write_as(level + 1);
}

static void run(const struct situation *tried, u32 levels, u32 strikes,
		u32 who_reads)
{
	const struct interrupts interrupts = {
		.context = context,
		.levels = levels,
		.strikes = strikes,
		.prepare = prepare,
		.watch = watch,
		.check = check,
	};
	struct interrupts_result result;

	if (!area)
		area = ring_area_new(SIZE);
	situation = tried;
	readers = who_reads;
	result = interrupts_run(&interrupts);
	CU_ASSERT_EQUAL(result.failed, 0);
	CU_ASSERT(result.trials > 100);
	if (result.failed)
		printf("# %ld of %ld failed; the first at %ld,%ld,%ld %ld\n",
		       result.failed, result.trials, result.at[0][0],
		       result.at[0][1], result.at[0][2], result.at[1][0]);
}

static void try_situation(const struct situation *tried, u32 strikes)
{
	run(tried, 3, 2, NO_READER);
	run(tried, 3, 0, READER_AT_THIRD);
	for (u32 who_reads = 1; who_reads < (1U << strikes) - 1; who_reads++)
		run(tried, 2, strikes, who_reads);
}

static void plain(void)
{
	static const struct situation empty = { .watermark = SIZE };
	static const struct situation wrapping = {
		.position = -64,
		.watermark = SIZE,
	};

	try_situation(&empty, 3);
	try_situation(&wrapping, 3);
	run(&empty, 5, 0, NO_READER);
}

static void at_the_end(void)
{
	for (u32 left = 8; left <= 80; left += 8) {
		const struct situation near_end = {
			.position = SIZE - left,
			.watermark = SIZE,
		};

		try_situation(&near_end, 2);
	}
}

static void little_room(void)
{
	for (u32 room = 0; room <= 120; room += 8) {
		const struct situation tight = {
			.position = 4096,
			.unread = SIZE - room,
			.watermark = SIZE,
		};

		try_situation(&tight, 2);
	}
}

static void losses(void)
{
	for (u32 room = 0; room <= 240; room += 24) {
		const struct situation tight = {
			.position = 4096,
			.unread = SIZE - room,
			.losses = 3,
			.watermark = SIZE,
		};

		try_situation(&tight, 2);
	}
}

static void wake_up(void)
{
	for (u32 watermark = 24; watermark <= 128; watermark += 8) {
		const struct situation near_watermark = {
			.watermark = watermark,
		};

		try_situation(&near_watermark, 2);
	}
}

/* What is published may be an interrupt's alone. */
static void wake_up_with_little_room(void)
{
	for (u32 room = 0; room <= 120; room += 8) {
		const struct situation tight = {
			.position = 4096,
			.unread = SIZE - room,
			.watermark = 24,
		};

		try_situation(&tight, 2);
	}
}

static void overwriting(void)
{
	static const struct situation over = {
		.position = -64,
		.losses = 1,
		.watermark = SIZE,
		.overwrite = true,
	};

	run(&over, 3, 3, NO_READER);
}

/*
 * A writer interrupts another one between taking the losses for a LOST record
 * and finding no room for it, and loses a record of its own.
 */
static void first_loss(void)
{
	const struct dither_lost_record *found = NULL;
	struct dither_lost_record taken;
	struct dither_ring *ring;
	u32 position;

	area = ring_area_new(SIZE);
	ring_begin(area, 0, SIZE, false);
	ring = &area->ring;
	dither_ring_lose(ring, DITHER_LOST_RING, 100);
	dither_ring_lose(ring, DITHER_LOST_RING, 110);
	take_losses(ring, &taken, 120);
	CU_ASSERT_EQUAL(taken.first, 100);
	dither_ring_lose(ring, DITHER_LOST_NESTED, 130);
	give_back_losses(ring, &taken);
	dither_ring_lose(ring, DITHER_LOST_RING, 140);
	CU_ASSERT_PTR_NOT_NULL_FATAL(
		dither_ring_reserve(ring, sizeof(struct dither_record), 150,
				    &position));
	found = (const void *)(area->data + position - sizeof(*found));
	CU_ASSERT_EQUAL(found->header.type, DITHER_RECORD_LOST);
	CU_ASSERT_EQUAL(found->first, 100);
	CU_ASSERT_EQUAL(found->last, 140);
	CU_ASSERT_EQUAL(found->count[DITHER_LOST_RING], 3);
	CU_ASSERT_EQUAL(found->count[DITHER_LOST_NESTED], 1);
	dither_ring_commit(ring);
}

static const struct unit_case cases[] = {
	{ "a LOST record begins with the first loss, though a nested writer lost "
	  "another while it found no room",
	  first_loss },
	{ "interrupts at any point, even five deep, leave all records whole",
	  plain },
	{ "so they do where the data ends", at_the_end },
	{ "so they do when not all find room: the others are counted",
	  little_room },
	{ "so they do while losses are told: none is forgotten", losses },
	{ "so they do at the watermark: the reader is woken", wake_up },
	{ "so they do there when not all find room", wake_up_with_little_room },
	{ "so they do when the oldest are overwritten", overwriting },
};

UNIT_MAIN("ring interrupt", cases)
