// SPDX-License-Identifier: GPL-2.0
/*
 * The ring for a bounded model checker (CBMC), nested to any depth: one writer,
 * and as many as like inside it whenever it is interrupted. What those may do is
 * not their code but two predicates, inside() and outside(), which are in the
 * end asserted of the writer: so they hold of those that nothing interrupts, of
 * those that only these interrupt, and so on. That they hold of any number after
 * each other if they hold of each is a question of its own.
 *
 * PART: one of those below.
 * PLACE: the line before which interrupts may come, twice, or OUTSIDE.
 */
#define INNER 1 /* a writer that has interrupted others */
#define OUTER 2 /* one that has not */
#define AGAIN 3 /* two after each other, of either kind, and a new ring */

#define CAUSES 2
#include "ring_steps.h"

#define INTERRUPTS 2

static u32 interrupts;	   /* so far */
static u32 woken_for;	   /* how far the reader has been woken for */
static u32 untold[CAUSES]; /* was lost, and is in no record of losses */

/* The room that the writer has and has not finished. */
static struct {
	bool unfinished;
	u32 from, to;
} room;

/* All that an interrupt can change and that what it interrupts depends on. */
struct state {
	u32 reserved, nesting, head, published, page_head;
	u32 tail, page_tail;
	u32 woken, woken_for;
	u32 bytes;
	u32 lost[CAUSES], untold[CAUSES], losses;
	u32 ahead[DITHER_NESTING_MAX];
};

struct state nondet_state(void);

static struct state look(void)
{
	struct state now = {
		.reserved = ring.reserved,
		.nesting = ring.nesting,
		.head = ring.head,
		.published = ring.published,
		.page_head = page.head,
		.tail = ring.tail,
		.page_tail = tail_page.tail,
		.woken = ring.woken,
		.woken_for = woken_for,
		.bytes = (u32)ring.bytes.value,
		.losses = (u32)ring.losses.value,
	};

	for (u32 i = 0; i < CAUSES; i++) {
		now.lost[i] = (u32)ring.lost[i].value;
		now.untold[i] = untold[i];
	}
	for (u32 i = 0; i < DITHER_NESTING_MAX; i++)
		now.ahead[i] = page.ahead[i];
	return now;
}

static void become(struct state now)
{
	ring.reserved = now.reserved;
	ring.nesting = now.nesting;
	ring.head = now.head;
	ring.published = now.published;
	page.head = now.page_head;
	ring.tail = now.tail;
	tail_page.tail = now.page_tail;
	ring.woken = now.woken;
	woken_for = now.woken_for;
	ring.bytes.value = now.bytes;
	ring.losses.value = now.losses;
	for (u32 i = 0; i < CAUSES; i++) {
		ring.lost[i].value = now.lost[i];
		untold[i] = now.untold[i];
	}
	for (u32 i = 0; i < DITHER_NESTING_MAX; i++)
		page.ahead[i] = now.ahead[i];
}

/* Assumed of interrupts, asserted of the writer. */
#define IS(sentence, condition)                  \
	(assumed ? __CPROVER_assume(condition) : \
		   __CPROVER_assert(condition, sentence))

/*
 * Whether @a is at @b or behind it. Positions go round: it must be by less than
 * 2 GiB, and is by much less before, or that would not be said of two steps.
 */
static bool behind(bool assumed, u32 a, u32 b)
{
	return b - a < (assumed ? 1U << 12 : 1U << 31);
}

/* Positive while losses seem more than there are, which does no harm. */
static s32 surplus(const struct state *s)
{
	u32 sum = 0;

	for (u32 i = 0; i < CAUSES; i++)
		sum += s->lost[i];
	return (s32)(s->losses - sum);
}

/* Of any moment. */
static void sane(bool assumed, const struct state *s)
{
	IS("positions are multiples of 8",
	   !((s->reserved | s->head | s->published | s->page_head) & 7));
	IS("the head is published after it is known",
	   s->head - s->page_head <= SIZE);
	IS("what is not published fits", s->reserved - s->head <= SIZE);
	IS("with nobody inside, what is known to be published is",
	   s->nesting || (s->head == s->page_head && s->head == s->published));
	if (MODE != OVERWRITE)
		IS("a tail that was right does not become too old",
		   s->reserved - s->tail <= 2 * SIZE &&
			   s->head - s->tail <= 2 * SIZE);
	if (MODE == READ) {
		IS("the reader reads what is published",
		   s->page_head - s->page_tail <= SIZE);
		IS("what is not read fits", s->reserved - s->page_tail <= SIZE);
		IS("no tail that was never there is taken",
		   behind(assumed, s->tail, s->page_tail));
	}
	if (MODE == OVERWRITE) {
		IS("the head is known to be published after it is",
		   s->page_head - s->published <= SIZE);
		IS("what is not known to be published fits",
		   s->reserved - s->published <= SIZE);
		for (u32 i = 0; i < DITHER_NESTING_MAX; i++)
			IS("nothing is announced that is not reserved",
			   behind(assumed, s->ahead[i], s->reserved));
	}
	IS("the reader is woken for what is published",
	   behind(assumed, s->woken_for, s->page_head));
	IS("the ring does not take it to be woken for more",
	   behind(assumed, s->woken, s->woken_for));
	/* Few, so that one more or less does not send the numbers round. */
	if (assumed)
		__CPROVER_assume(s->lost[0] < 16 && s->lost[1] < 16 &&
				 s->losses < 32);
}

/* Of all that comes while a writer runs, whether inside another or not. */
static void common(bool assumed, const struct state *before,
		   const struct state *after)
{
	s32 surplus_before = surplus(before), surplus_after = surplus(after);
	bool added = true;

	sane(assumed, after);
	IS("the nesting is as it was", after->nesting == before->nesting);
	IS("nothing reserved is given back",
	   behind(assumed, before->reserved, after->reserved));
	IS("bytes are counted",
	   after->bytes - before->bytes == after->reserved - before->reserved);
	if (MODE == READ)
		IS("the reader goes forward",
		   behind(assumed, before->page_tail, after->page_tail));
	for (u32 i = 0; i < CAUSES; i++) {
		IS("each loss is told once",
		   after->untold[i] - after->lost[i] ==
			   before->untold[i] - before->lost[i]);
		added &= after->lost[i] >= before->lost[i];
	}
	IS("losses are not forgotten",
	   surplus_after >= 0 || (surplus_after == surplus_before && added));
}

/* Of all that comes while a writer is between reserve and commit. */
static void inside(bool assumed, const struct state *before,
		   const struct state *after)
{
	u32 taken = after->reserved - before->reserved;
	bool announced = taken == 0;

	common(assumed, before, after);
	IS("a reservation is as large as what it is for",
	   taken == 0 || taken >= MESSAGE_MIN);
	IS("only the outermost publishes",
	   after->head == before->head &&
		   after->page_head == before->page_head &&
		   after->published == before->published);
	IS("a tail is taken that is right, or none",
	   after->tail == before->tail || after->head - after->tail <= SIZE);
	IS("only the outermost wakes",
	   after->woken == before->woken &&
		   after->woken_for == before->woken_for);
	if (MODE != OVERWRITE)
		return;
	for (u32 i = 0; i < DITHER_NESTING_MAX; i++) {
		IS("what is announced is one's own",
		   after->ahead[i] == before->ahead[i] ||
			   (taken && i >= before->nesting));
		announced |= i >= before->nesting &&
			     after->ahead[i] == after->reserved;
	}
	IS("what is reserved is announced", announced);
}

/* Of all that comes while none is. */
static void outside(bool assumed, const struct state *before,
		    const struct state *after)
{
	common(assumed, before, after);
	IS("all is published", after->reserved == after->page_head &&
				       after->head == after->page_head &&
				       after->published == after->page_head);
	IS("no wake-up is taken back",
	   behind(assumed, before->woken_for, after->woken_for));
	IS("no wake-up is missed",
	   (s32)(after->page_head - after->woken_for) < (s32)ring.watermark);
}

static void runs(bool assumed, const struct state *before,
		 const struct state *after)
{
	if (before->nesting)
		inside(assumed, before, after);
	else
		outside(assumed, before, after);
}

static void step(u32 place)
{
	struct state before, after;

	if (place != PLACE || interrupts == INTERRUPTS || !nondet_bool())
		return;
	interrupts++;
	before = look();
	after = nondet_state();
	__CPROVER_assert(before.nesting || !room.unfinished,
			 "whoever is not finished is inside");
	runs(true, &before, &after);
	become(after);
}

static bool settled(bool so)
{
	return so;
}

static void reader_moves(void)
{
	u32 tail = nondet_u32();

	if (MODE == READ)
		__CPROVER_assume(page.head - tail <=
				 page.head - tail_page.tail);
	tail_page.tail = tail;
}

static void reserve_again(u32 from, u32 to)
{
	/* Those that this one interrupts have theirs between the head and @from. */
	room_is_free(from, to);
	room.unfinished = true;
	room.from = from;
	room.to = to;
}

static void publish(u32 head)
{
	__CPROVER_assert(PART == OUTER, "only the outermost publishes");
	__CPROVER_assert(head == ring.head, "the ring knows what it published");
	__CPROVER_assert(!room.unfinished || room.from - head < SIZE,
			 "the head passes finished records only");
}

static void tell(const struct dither_lost_record *lost)
{
	for (u32 i = 0; i < CAUSES; i++)
		untold[i] -= (u32)lost->count[i];
}

/* How far writers may have got, as a snapshot is told, is how far they have. */
static void look_ahead(void)
{
	u32 furthest = page.head;

	for (u32 i = 0; i < DITHER_NESTING_MAX; i++) {
		if (behind(false, furthest, page.ahead[i]))
			furthest = page.ahead[i];
	}
	__CPROVER_assert(MODE != OVERWRITE || ring.reserved == furthest,
			 "what is being written is announced");
}

static void wake(void)
{
	if (dither_ring_wake(&ring))
		woken_for = page.head;
}

static void write_message(void)
{
	u32 bytes = MESSAGE_MIN + (nondet_u32() & 24), position;
	u32 cause = nondet_bool();
	u64 now = nondet_u64();
	u8 *to;

	to = dither_ring_reserve(&ring, bytes, now, &position);
	if (!to) {
		untold[cause]++;
		dither_ring_lose(&ring, cause, now);
		wake();
		return;
	}
	__CPROVER_assert(to == (u8 *)data + position % SIZE &&
				 position % SIZE + bytes <= SIZE,
			 "a record lies inside the data, in one piece");
	__CPROVER_assert(position + bytes == room.to,
			 "a record ends what was reserved for it");
	look_ahead();
	step(OUTSIDE);
	look_ahead();
	room.unfinished = false;
	dither_ring_commit(&ring);
	wake();
}

/* Any there may be; only distances matter, and where 0 is. */
static struct state any(void)
{
	struct state state = nondet_state();

	state.page_head = (u32)(int8_t)nondet_u32() & ~7U;
	state.bytes = 0;
	for (u32 i = 0; i < CAUSES; i++)
		state.untold[i] = 0;
	sane(true, &state);
	__CPROVER_assume(state.nesting <= DITHER_NESTING_MAX);
	return state;
}

static void two_are_like_one(void)
{
	struct state before = look(), between = nondet_state(),
		     after = nondet_state();

	sane(false, &before); /* as it is, new */
	before = any();
	runs(true, &before, &between);
	runs(true, &between, &after);
	runs(false, &before, &after);
}

static void one_is_like_any(void)
{
	struct state before = any(), after;

	__CPROVER_assume(!before.nesting == (PART == OUTER));
	become(before);
	write_message();
	after = look();
	runs(false, &before, &after);
}

int main(void)
{
	u32 watermark = nondet_u32();

	__CPROVER_assume(watermark >= 1 && watermark <= SIZE);
	dither_ring_init(&ring, &page, &tail_page, (u8 *)data, SIZE, watermark,
			 MODE == OVERWRITE);
	if (PART == AGAIN)
		two_are_like_one();
	else
		one_is_like_any();
	return 0;
}
