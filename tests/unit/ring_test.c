// SPDX-License-Identifier: GPL-2.0
/*
 * The ring with one writer at a time: what goes in comes out, losses are
 * reported, and a reader that lies spoils only its own data. Writers that
 * interrupt each other are ring_nesting_test.c's matter.
 */
#include "unit.h"

#include "random_numbers.h"
#include "ring_inputs.h"

#define SIZE DITHER_RING_MIN

static struct ring_area *area;
static u8 copy[SIZE];

static void begin(u32 position)
{
	if (!area)
		area = ring_area_new(SIZE);
	ring_begin(area, position, SIZE / 4, false);
}

/* The reader has read everything. */
static void drain(void)
{
	area->tail->tail = area->page->head;
}

static u32 some_bytes(u64 *random)
{
	u32 most = random_below(random, 20) ? 200 : DITHER_RESERVE_MAX;

	return (RING_MESSAGE_MIN + (u32)random_below(random, most)) & ~7U;
}

static void whole_and_in_order(void)
{
	static const u32 starts[] = { 0, 1U << 31, 0U - 3 * SIZE, -SIZE, -8U };
	u64 random = 1;

	for (size_t s = 0; s < sizeof(starts) / sizeof(starts[0]); s++) {
		struct ring_account account = { 0 };
		u64 attempts = 0, bytes = 0;

		begin(starts[s]);
		while (attempts < 100000) {
			u32 room = some_bytes(&random) % DITHER_RESERVE_MAX;

			if (room < RING_MESSAGE_MIN)
				continue;
			ring_write(&area->ring, room, 1, attempts++);
			if (!random_below(&random, 50))
				bytes += ring_read(area, &account, copy);
		}
		bytes += ring_read(area, &account, copy);
		CU_ASSERT_EQUAL(account.broken, 0);
		CU_ASSERT(ring_balances(area, &account, 1, attempts));
		CU_ASSERT(account.lost[1] > 0 && account.pads > 0);
		CU_ASSERT_EQUAL(bytes, (u64)local_read(&area->ring.bytes));
		CU_ASSERT_EQUAL(area->page->head, starts[s] + (u32)bytes);
	}
}

static void around_all_positions(void)
{
	u64 flown = 0;
	int failed = 0;

	begin(0);
	while (flown < (1ULL << 32) + SIZE) {
		u32 position;
		u8 *room = dither_ring_reserve(&area->ring, DITHER_RESERVE_MAX,
					       0, &position);

		failed += !room || position != (u32)flown ||
			  room != area->data + flown % SIZE;
		dither_ring_commit(&area->ring);
		flown += DITHER_RESERVE_MAX;
		failed += area->page->head != (u32)flown;
		drain();
	}
	CU_ASSERT_EQUAL(failed, 0);
}

static void never_across_the_end(void)
{
	const u32 bytes = 256;

	for (u32 left = 8; left <= bytes; left += 8) {
		struct dither_record *pad;
		u32 position;
		u8 *room;

		begin(-left);
		room = dither_ring_reserve(&area->ring, bytes, 0, &position);
		CU_ASSERT_EQUAL(position, left == bytes ? -bytes : 0);
		CU_ASSERT_PTR_EQUAL(room, area->data + (position & (SIZE - 1)));
		pad = (void *)(area->data + SIZE - left);
		if (left < bytes) {
			CU_ASSERT_EQUAL(pad->type, DITHER_RECORD_PAD);
			CU_ASSERT_EQUAL(pad->size, left);
		}
	}
}

static void published_at_commit(void)
{
	u32 position;

	begin(64);
	dither_ring_reserve(&area->ring, 128, 0, &position);
	CU_ASSERT_EQUAL(area->page->head, 64);
	dither_ring_commit(&area->ring);
	CU_ASSERT_EQUAL(area->page->head, 64 + 128);
	CU_ASSERT_EQUAL(area->page->size, SIZE);
}

/* Fill the ring but for @left bytes. */
static void fill(u32 left)
{
	while (area->ring.reserved - area->tail->tail < SIZE - left) {
		u32 bytes =
			SIZE - left - (area->ring.reserved - area->tail->tail);

		if (bytes > 1024)
			bytes = 1024;
		CU_ASSERT_PTR_NOT_NULL_FATAL(
			dither_ring_reserve(&area->ring, bytes, 0, NULL));
		dither_ring_commit(&area->ring);
	}
}

static void full(void)
{
	begin(0);
	fill(0);
	CU_ASSERT_PTR_NULL(dither_ring_reserve(&area->ring, 24, 0, NULL));
	CU_ASSERT_EQUAL(dither_ring_refusal(&area->ring), DITHER_LOST_RING);
	CU_ASSERT_EQUAL(area->page->head, SIZE);
	area->tail->tail = 24;
	CU_ASSERT_PTR_NULL(dither_ring_reserve(&area->ring, 32, 0, NULL));
	CU_ASSERT_PTR_EQUAL(dither_ring_reserve(&area->ring, 24, 0, NULL),
			    area->data);
}

static void check_lost(const struct dither_lost_record *lost, u64 time,
		       u64 first, u64 last)
{
	CU_ASSERT_EQUAL(lost->header.type, DITHER_RECORD_LOST);
	CU_ASSERT_EQUAL(lost->header.size, sizeof(*lost));
	CU_ASSERT_EQUAL(lost->time, time);
	CU_ASSERT_EQUAL(lost->first, first);
	CU_ASSERT_EQUAL(lost->last, last);
}

static void losses_are_told(void)
{
	const struct dither_lost_record *lost;
	u32 position;
	u8 *room;

	begin(0);
	fill(0);
	dither_ring_lose(&area->ring, DITHER_LOST_RING, 100);
	dither_ring_lose(&area->ring, DITHER_LOST_PROCESS, 200);
	dither_ring_lose(&area->ring, DITHER_LOST_RING, 300);
	drain();
	room = dither_ring_reserve(&area->ring, 24, 400, &position);
	CU_ASSERT_EQUAL(position, SIZE + sizeof(*lost));
	CU_ASSERT_PTR_EQUAL(room, area->data + sizeof(*lost));
	dither_ring_commit(&area->ring);
	lost = (void *)area->data;
	check_lost(lost, 400, 100, 300);
	for (u32 i = 0; i < DITHER_LOST_COUNT; i++)
		CU_ASSERT_EQUAL(lost->count[i], i == DITHER_LOST_RING	 ? 2 :
						i == DITHER_LOST_PROCESS ? 1 :
									   0);
	/* Once only. */
	dither_ring_reserve(&area->ring, 24, 500, &position);
	CU_ASSERT_EQUAL(position, SIZE + sizeof(*lost) + 24);
	dither_ring_commit(&area->ring);
	/* Later losses begin afresh. */
	dither_ring_lose(&area->ring, DITHER_LOST_REGS, 600);
	room = dither_ring_reserve(&area->ring, 24, 700, &position);
	lost = (void *)(room - sizeof(*lost));
	check_lost(lost, 700, 600, 600);
	CU_ASSERT_EQUAL(lost->count[DITHER_LOST_RING], 0);
	CU_ASSERT_EQUAL(lost->count[DITHER_LOST_REGS], 1);
}

static void losses_wait_for_room(void)
{
	const struct dither_lost_record *lost = NULL;
	u8 *room;

	begin(0);
	fill(64);
	dither_ring_lose(&area->ring, DITHER_LOST_MAPPING, 100);
	for (u64 now = 200; now < 210; now++) {
		room = dither_ring_reserve(&area->ring, 24, now, NULL);
		CU_ASSERT_PTR_NULL(room);
		dither_ring_lose(&area->ring, DITHER_LOST_RING, now);
	}
	drain();
	room = dither_ring_reserve(&area->ring, 24, 300, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(room);
	lost = (void *)(room - sizeof(*lost));
	check_lost(lost, 300, 100, 209);
	CU_ASSERT_EQUAL(lost->count[DITHER_LOST_MAPPING], 1);
	CU_ASSERT_EQUAL(lost->count[DITHER_LOST_RING], 10);
}

static void too_many_levels(void)
{
	void *rooms[DITHER_NESTING_MAX];

	begin(0);
	for (u32 level = 0; level < DITHER_NESTING_MAX; level++) {
		rooms[level] = dither_ring_reserve(&area->ring, 64, 0, NULL);
		CU_ASSERT_PTR_EQUAL(rooms[level], area->data + 64 * level);
	}
	CU_ASSERT_PTR_NULL(dither_ring_reserve(&area->ring, 64, 0, NULL));
	CU_ASSERT_EQUAL(dither_ring_refusal(&area->ring), DITHER_LOST_NESTED);
	for (u32 level = DITHER_NESTING_MAX; level > 0; level--) {
		CU_ASSERT_EQUAL(area->page->head, 0);
		dither_ring_commit(&area->ring);
	}
	CU_ASSERT_EQUAL(area->page->head, 64 * DITHER_NESTING_MAX);
	CU_ASSERT_PTR_NOT_NULL(dither_ring_reserve(&area->ring, 64, 0, NULL));
}

/* A full ring at an inner level must not publish what lies outside. */
static void refused_inside(void)
{
	begin(0);
	fill(64);
	CU_ASSERT_PTR_NOT_NULL(dither_ring_reserve(&area->ring, 64, 0, NULL));
	CU_ASSERT_PTR_NULL(dither_ring_reserve(&area->ring, 64, 0, NULL));
	CU_ASSERT_EQUAL(dither_ring_refusal(&area->ring), DITHER_LOST_RING);
	CU_ASSERT_EQUAL(area->page->head, SIZE - 64);
	dither_ring_commit(&area->ring);
	CU_ASSERT_EQUAL(area->page->head, SIZE);
}

static u32 hostile_tail(u64 *random, u32 head, u32 good)
{
	switch (random_below(random, 8)) {
	case 0:
		return (u32)random_next(random);
	case 1:
		return head + (u32)random_below(random, SIZE);
	case 2:
		return good - (u32)random_below(random, SIZE);
	case 3:
		return head - SIZE - (u32)random_below(random, 3) + 1;
	case 4:
		return head;
	case 5:
		return head - (u32)random_below(random, SIZE);
	default:
		return good + (u32)random_below(random, head - good + 1);
	}
}

/* What the ring may know: the last tail that was possible. */
struct model {
	u64 random;
	u32 good;
	u64 bad;
	bool losses;
	int wrong;
};

static void write_under_attack(struct model *model)
{
	static u8 before[SIZE];
	struct dither_ring *ring = &area->ring;
	u32 head = ring->head, bytes = some_bytes(&model->random);
	u32 total, to_end, end, unread, start, first;
	u8 *room;

	if (bytes > DITHER_RESERVE_MAX)
		bytes = DITHER_RESERVE_MAX;
	area->tail->tail = hostile_tail(&model->random, head, model->good);
	if (head - area->tail->tail <= SIZE)
		model->good = area->tail->tail;
	else
		model->bad++;
	/* Nothing published is read back, whoever can write there. */
	area->page->head = (u32)random_next(&model->random);
	area->page->size = (u32)random_next(&model->random);

	total = bytes + (model->losses ? sizeof(struct dither_lost_record) : 0);
	to_end = SIZE - (head & (SIZE - 1));
	end = head + total + (to_end < total ? to_end : 0);
	memcpy(before, area->data, SIZE);
	room = dither_ring_reserve(ring, bytes, 0, NULL);
	model->wrong += !room != (end - model->good > SIZE);
	if (room) {
		model->wrong += room !=
				area->data + ((end - bytes) & (SIZE - 1));
		memset(room, 0xa5, bytes);
		dither_ring_commit(ring);
		model->wrong += ring->head != end;
	} else {
		dither_ring_lose(ring, DITHER_LOST_RING, 0);
	}
	model->losses = !room;
	model->wrong += ring->nesting != 0;
	model->wrong += (u64)local_read(&ring->bad_tails) != model->bad;

	unread = head - model->good;
	start = model->good & (SIZE - 1);
	first = unread < SIZE - start ? unread : SIZE - start;
	model->wrong += memcmp(before + start, area->data + start, first) != 0;
	model->wrong += memcmp(before, area->data, unread - first) != 0;
}

static void hostile_tails(void)
{
	static const u32 starts[] = { 0, 1U << 31, 0U - 5 * SIZE };

	for (size_t s = 0; s < sizeof(starts) / sizeof(starts[0]); s++) {
		struct model model = { .random = 5 + s, .good = starts[s] };

		begin(starts[s]);
		for (int step = 0; step < 20000; step++)
			write_under_attack(&model);
		CU_ASSERT_EQUAL(model.wrong, 0);
		CU_ASSERT(model.bad > 1000);
		CU_ASSERT((u32)local_read(&area->ring.bytes) > 10 * SIZE);
	}
}

static void wake_ups(void)
{
	u64 random = 6;

	begin(0U - 2 * SIZE);
	for (u32 woken = 0U - 2 * SIZE, wakes = 0; wakes < 1000;) {
		u32 bytes = 24 + (u32)random_below(&random, 100) * 8;
		bool wake;

		CU_ASSERT_PTR_NOT_NULL_FATAL(
			dither_ring_reserve(&area->ring, bytes, 0, NULL));
		dither_ring_commit(&area->ring);
		wake = dither_ring_wake(&area->ring);
		CU_ASSERT_EQUAL(wake, area->page->head - woken >= SIZE / 4);
		if (wake) {
			woken = area->page->head;
			wakes++;
			drain();
		}
	}
}

static const struct unit_case cases[] = {
	{ "records come out as they went in, whole and in order",
	  whole_and_in_order },
	{ "positions may run through all 32 bits and begin again",
	  around_all_positions },
	{ "a record never crosses the end: a PAD fills the gap exactly",
	  never_across_the_end },
	{ "what is reserved is published at commit", published_at_commit },
	{ "a full ring refuses until the reader makes room", full },
	{ "losses are told once, before the next success, by cause and time",
	  losses_are_told },
	{ "losses are kept until there is room to tell them",
	  losses_wait_for_room },
	{ "a fifth nested context is refused, and says so", too_many_levels },
	{ "a refusal at an inner level publishes nothing", refused_inside },
	{ "no tail, however false, makes the writer touch what is unread",
	  hostile_tails },
	{ "the reader is woken once for each watermark of bytes", wake_ups },
};

UNIT_MAIN("ring", cases)
