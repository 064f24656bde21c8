// SPDX-License-Identifier: GPL-2.0
/*
 * The flight recorder: a ring that overwrites its oldest records. Its promise
 * is that a snapshot, begun and ended at any two points of what the writers do,
 * decodes from an epoch on, without a gap.
 */
#include "unit.h"

#include "interrupts.h"
#include "../../kmod/core/ring.c"
#include "ring_inputs.h"

#define SIZE DITHER_RING_MIN

/* So large that few of them go around the ring while a snapshot is taken. */
#define BYTES 4000U

/* Positions begin again at 0 while a trial is prepared. */
#define BEGIN (0U - 10 * BYTES)

static struct ring_area *area;
static struct ring_snapshot snapshot;
static enum { NOTHING, BEGUN, COPIED, DECODED } stage;
static u64 attempts[RING_WRITERS + 1];
static u64 decoded, cut;
static bool sound;

static void open_area(void)
{
	if (area)
		return;
	area = ring_area_new(SIZE);
	snapshot.data = malloc(SIZE);
	snapshot.records = malloc(SIZE);
}

static void write_as(u32 writer)
{
	ring_write(&area->ring, BYTES, writer, attempts[writer]++);
}

static void write_some(u32 messages, u32 per_epoch)
{
	for (u32 i = 0; i < messages; i++) {
		if (i % per_epoch == 0)
			ring_write_epoch(&area->ring);
		write_as(1);
	}
}

static void decode(void)
{
	struct ring_account account = { 0 };

	ring_snapshot_end(area, &snapshot);
	decoded += ring_snapshot_decode(area, &snapshot, &account);
	cut += snapshot.whole < SIZE;
	sound = sound && !account.broken && !account.losses;
	for (u32 writer = 1; writer <= RING_WRITERS; writer++)
		sound = sound && !account.gaps[writer];
}

/* The reader, on another CPU, gets one step further each time. */
static void read_on(void)
{
	switch (stage) {
	case NOTHING:
		ring_snapshot_begin(area, &snapshot);
		stage = BEGUN;
		break;
	case BEGUN:
		ring_snapshot_copy(area, &snapshot);
		stage = COPIED;
		break;
	case COPIED:
		decode();
		stage = DECODED;
		break;
	case DECODED:
		break;
	}
}

static void finish(void)
{
	while (stage != DECODED)
		read_on();
}

static void prepare(void)
{
	ring_begin(area, BEGIN, SIZE, true);
	memset(attempts, 0, sizeof(attempts));
	stage = NOTHING;
	sound = true;
	write_some(20, 1);
}

/* When all is quiet, the last epochs are all there. */
static bool check(void)
{
	u64 before;

	finish();
	before = decoded;
	stage = NOTHING;
	finish();
	return sound && decoded - before > SIZE / 2;
}

static void reader_interrupts(u32 level, u32 strike)
{
	(void)strike;
	if (level)
		read_on();
	else
		write_some(1, 1);
}

/* The reader comes in the middle of a nested writer, or right after it. */
static void writer_interrupts(u32 level, u32 strike)
{
	if (level == 2)
		read_on();
	else if (strike)
		finish();
	else if (level)
		write_as(2);
	else
		write_some(3, 1);
}

static void run(void (*context)(u32 level, u32 strike), u32 levels, u32 strikes)
{
	const struct interrupts interrupts = {
		.context = context,
		.levels = levels,
		.strikes = strikes,
		.prepare = prepare,
		.check = check,
	};
	struct interrupts_result result;

	open_area();
	decoded = 0;
	cut = 0;
	result = interrupts_run(&interrupts);
	CU_ASSERT_EQUAL(result.failed, 0);
	CU_ASSERT(result.trials > 1000);
	CU_ASSERT(decoded > 0);
	CU_ASSERT(cut > 1000);
}

static void at_any_point(void)
{
	run(reader_interrupts, 2, 3);
}

static void while_nested(void)
{
	run(writer_interrupts, 3, 2);
}

/* A reader so slow that writers go around the ring, once or several times. */
static void lapped(void)
{
	open_area();
	for (u32 begun = 0; begun < 60; begun += 3) {
		for (u32 copied = 0; copied < 60; copied += 3) {
			u64 before = decoded;

			prepare();
			write_some(20, 4);
			read_on();
			write_some(begun, 4);
			read_on();
			write_some(copied, 4);
			finish();
			CU_ASSERT(sound);
			if ((begun + copied) * BYTES >= SIZE)
				CU_ASSERT_EQUAL(decoded, before);
			if ((begun + copied) * BYTES < SIZE / 2)
				CU_ASSERT(decoded > before);
		}
	}
}

static void never_full(void)
{
	int refused = 0;

	open_area();
	ring_begin(area, 0, SIZE, true);
	area->tail->tail = 12345;
	for (u32 i = 0; i < 1000; i++) {
		refused += !dither_ring_reserve(&area->ring, BYTES, 0, NULL);
		dither_ring_commit(&area->ring);
	}
	CU_ASSERT_EQUAL(refused, 0);
	CU_ASSERT_EQUAL(local_read(&area->ring.bad_tails), 0);
}

/* What is reserved and not yet published must not be overwritten. */
static void unpublished_stays(void)
{
	u32 reserved = 0;

	open_area();
	ring_begin(area, 0, SIZE, true);
	for (u32 level = 0; level < DITHER_NESTING_MAX; level++) {
		CU_ASSERT_PTR_NOT_NULL(
			dither_ring_reserve(&area->ring, BYTES, 0, NULL));
		reserved += BYTES;
	}
	for (;;) {
		dither_ring_commit(&area->ring);
		if (!dither_ring_reserve(&area->ring, BYTES, 0, NULL))
			break;
		reserved += BYTES;
		CU_ASSERT_FATAL(reserved <= SIZE);
	}
	CU_ASSERT(reserved > SIZE - 2 * BYTES);
	CU_ASSERT_EQUAL(dither_ring_refusal(&area->ring), DITHER_LOST_RING);
	CU_ASSERT_EQUAL(area->page->head, 0);
}

static void index_of_epochs(void)
{
	const u32 epochs = 3 * DITHER_EPOCHS_KEPT + 5;

	open_area();
	ring_begin(area, 0, SIZE, true);
	for (u32 epoch = 0; epoch < epochs; epoch++) {
		u32 position = area->ring.reserved;

		ring_write_epoch(&area->ring);
		CU_ASSERT_EQUAL(area->page->epoch_count, epoch + 1);
		CU_ASSERT_EQUAL(area->page->epochs[epoch % DITHER_EPOCHS_KEPT],
				position);
	}
}

static const struct unit_case cases[] = {
	{ "a snapshot decodes, whatever the writer does meanwhile",
	  at_any_point },
	{ "so it does while writers interrupt each other", while_nested },
	{ "a snapshot that was lapped is empty, never wrong", lapped },
	{ "there is always room, and no tail matters", never_full },
	{ "but what is not yet published is not overwritten",
	  unpublished_stays },
	{ "the last epochs are in the index", index_of_epochs },
};

UNIT_MAIN("ring overwrite", cases)
