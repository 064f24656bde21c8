// SPDX-License-Identifier: GPL-2.0
/*
 * The ring for a bounded model checker (CBMC), with interrupts that run its own
 * code. tests/proof/model runs it, and shows that it finds what it should.
 *
 * A writer is at level 1; before one of its steps another may run, at level 2,
 * from its reserve to its commit. On one CPU interrupts end before what they
 * interrupt goes on, so a sequence with free choices is all there is. Free are
 * also where the ring stands, what has been read, what was lost before, and the
 * records' sizes. ring_induction.c goes deeper.
 *
 * The reader meets the writers at two places only. It moves the tail, here
 * before each load of it, to anywhere that it may have got to by then; and it
 * reads what is between tail and head. That this is whole whenever it looks
 * follows from what is asserted: bytes are published only when their writers
 * have finished (publish), and none is reserved again before the reader has
 * passed it (reserve_again).
 *
 * PLACE: the line before which an interrupt may come, or OUTSIDE.
 */
#define LEVELS 2
#define CAUSES LEVELS
#include "ring_steps.h"

/* A message and a record of losses for each writer, and the padding. */
#define RECORDS (2 * LEVELS + 1)

static u32 level;	 /* of the writer that runs */
static bool interrupted; /* once is all */

/* The account that the ring is held against. */
static u32 start; /* where the ring stood */
static u8 attempts[CAUSES + 1], written[CAUSES + 1];
static u8 refused[CAUSES]; /* and what was lost before */
static u8 told[CAUSES];	   /* in records of losses */
static u32 woken;	   /* how far the reader has been woken for */

/* What each level has reserved, with its padding and losses. */
static struct {
	bool unfinished;
	u32 from, to;
} room[LEVELS + 1];

static void write_message(void);

static void step(u32 place)
{
	if (place != PLACE || level != 1 || interrupted || !nondet_bool())
		return;
	interrupted = true;
	level = 2;
	write_message();
	level = 1;
}

static bool settled(bool so)
{
	if (level < LEVELS)
		return so;
	__CPROVER_assert(so, "without an interrupt nothing changes");
	return true;
}

static void reader_moves(void)
{
	/* Published and not yet read, after it has read. */
	u32 unread = nondet_u32() & 0xf8;

	if (MODE == HOSTILE) {
		tail_page.tail = nondet_u32();
		return;
	}
	__CPROVER_assume(unread <= page.head - tail_page.tail);
	tail_page.tail = page.head - unread;
}

static void reserve_again(u32 from, u32 to)
{
	room_is_free(from, to);
	for (u32 i = 1; i < level; i++)
		__CPROVER_assert(!room[i].unfinished ||
					 (from - room[i].to < SIZE &&
					  to - room[i].from <= SIZE),
				 "reservations do not overlap");
	room[level].from = from;
	room[level].to = to;
	room[level].unfinished = true;
}

static void publish(u32 head)
{
	__CPROVER_assert(head - page.head <= SIZE, "the head does not go back");
	__CPROVER_assert(head == ring.head, "the ring knows what it published");
	for (u32 i = 1; i <= LEVELS; i++)
		__CPROVER_assert(!room[i].unfinished ||
					 room[i].from - head < SIZE,
				 "the head passes finished records only");
}

static void tell(const struct dither_lost_record *lost)
{
	for (u32 i = 0; i < CAUSES; i++)
		told[i] += lost->count[i];
}

/*
 * A snapshot knows how far the writers may have got: those below have reserved
 * less, and what those above have is written.
 */
static void look_ahead(void)
{
	u32 furthest = page.head;

	for (u32 i = 0; i < LEVELS; i++) {
		u32 ahead = page.ahead[i];

		if (ahead - page.head <= SIZE &&
		    ahead - page.head > furthest - page.head)
			furthest = ahead;
	}
	__CPROVER_assert(ring.reserved - page.head <= furthest - page.head,
			 "what is being written is announced");
}

struct message {
	struct dither_record header;
	u64 check;
};

static u64 check_of(u32 bytes, u32 writer)
{
	return ~0ULL / bytes + writer;
}

static void fill(u8 *to, u32 bytes)
{
	u64 check = check_of(bytes, level);

	if (MODE != CONTENTS)
		return;
	*(struct message *)to = (struct message){
		.header.size = bytes,
		.header.type = 200,
		.header.tid = level,
		.check = check,
	};
	*(u64 *)(to + bytes - 8) = check;
}

static void write_message(void)
{
	u32 bytes = MESSAGE_MIN + (nondet_u32() & 24), position;
	u64 now = nondet_u64();
	u8 *to;

	attempts[level]++;
	to = dither_ring_reserve(&ring, bytes, now, &position);
	if (!to) {
		refused[level - 1]++;
		dither_ring_lose(&ring, level - 1, now);
		if (dither_ring_wake(&ring))
			woken = page.head;
		return;
	}
	__CPROVER_assert(to == (u8 *)data + position % SIZE &&
				 position % SIZE + bytes <= SIZE,
			 "a record lies inside the data, in one piece");
	__CPROVER_assert(position + bytes == room[level].to,
			 "a record ends what was reserved for it");
	if (MODE == OVERWRITE)
		look_ahead();
	step(OUTSIDE);
	if (MODE == OVERWRITE)
		look_ahead();
	fill(to, bytes);
	written[level]++;
	room[level].unfinished = false;
	dither_ring_commit(&ring);
	if (dither_ring_wake(&ring))
		woken = page.head;
}

static void begin(void)
{
	u32 unread = nondet_u32() & 0xf8, seen = nondet_u32() & 0xf8;
	u32 watermark = nondet_u32() & 0xff;

	start = (u32)(int8_t)nondet_u32() & ~7U;
	__CPROVER_assume(seen <= unread && unread <= SIZE);
	__CPROVER_assume(watermark >= 1 && watermark <= SIZE);
	dither_ring_init(&ring, &page, &tail_page, (u8 *)data, SIZE, watermark,
			 MODE == OVERWRITE);
	ring.reserved = ring.head = ring.published = page.head = start;
	ring.tail = start - unread;
	tail_page.tail = start - seen;
	/* No more has been published than it was woken for, or will be. */
	ring.woken = start - (nondet_u32() & 0x7f);
	__CPROVER_assume(start - ring.woken < watermark);
	woken = ring.woken;
	for (u32 i = 0; i < CAUSES; i++) {
		ring.lost[i].value = nondet_u32() & 3;
		ring.losses.value += ring.lost[i].value;
		refused[i] = ring.lost[i].value;
	}
	if (MODE == OVERWRITE) {
		/* Left by earlier writers, of any level. */
		for (u32 i = 0; i < LEVELS; i++) {
			page.ahead[i] = start - (nondet_u32() & 0x1f8);
		}
	}
}

/* As a reader does who was there all the time. */
static void read_all(void)
{
	u64 received[LEVELS + 1] = { 0 };
	u32 position = start;

	__CPROVER_assume(page.head - start <= SIZE);
	for (u32 i = 0; i < RECORDS && position != page.head; i++) {
		const struct message *message =
			(const void *)((u8 *)data + position % SIZE);
		u32 bytes = message->header.size, writer = message->header.tid;

		__CPROVER_assert(bytes >= 8 && !(bytes & 7) &&
					 bytes <= page.head - position &&
					 position % SIZE + bytes <= SIZE,
				 "sizes lead from record to record");
		switch (message->header.type) {
		case DITHER_RECORD_PAD:
			__CPROVER_assert((position + bytes) % SIZE == 0,
					 "paddings end at the end");
			break;
		case DITHER_RECORD_LOST:
			__CPROVER_assert(
				bytes == sizeof(struct dither_lost_record),
				"losses are whole");
			break;
		default:
			__CPROVER_assert(message->header.type == 200 &&
						 writer && writer <= LEVELS,
					 "there is nothing else");
			__CPROVER_assert(message->check ==
						 check_of(bytes, writer),
					 "no record is torn");
			__CPROVER_assert(*(u64 *)((u8 *)message + bytes - 8) ==
						 check_of(bytes, writer),
					 "no record is cut");
			received[writer]++;
		}
		position += bytes;
	}
	__CPROVER_assert(position == page.head, "records end at the head");
	for (u32 i = 1; i <= LEVELS; i++)
		__CPROVER_assert(received[i] == written[i], "all are there");
}

static void end(void)
{
	u32 losses = 0;

	__CPROVER_assert(!ring.nesting, "nobody is left inside");
	__CPROVER_assert(page.head == ring.reserved && ring.head == page.head,
			 "all is published");
	__CPROVER_assert((u32)ring.bytes.value == page.head - start,
			 "bytes are counted");
	__CPROVER_assert((s32)(page.head - woken) < (s32)ring.watermark,
			 "no wake-up is missed");
	for (u32 i = 0; i < CAUSES; i++) {
		__CPROVER_assert(told[i] + (u32)ring.lost[i].value ==
					 refused[i],
				 "each loss is told once");
		__CPROVER_assert(written[i + 1] + refused[i] >= attempts[i + 1],
				 "each attempt is written or lost");
		losses += (u32)ring.lost[i].value;
	}
	/* Where an interrupt took them, they may seem more than they are. */
	__CPROVER_assert(losses <= (u32)ring.losses.value,
			 "losses are not forgotten");
	/* The head may have moved on by what was reserved meanwhile. */
	__CPROVER_assert(MODE == OVERWRITE || page.head - ring.tail <= 2 * SIZE,
			 "no tail that is wrong is taken");
	if (MODE == CONTENTS)
		read_all();
}

int main(void)
{
	begin();
	level = 1;
	write_message();
	level = 0;
	end();
	return 0;
}
