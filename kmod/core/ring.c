// SPDX-License-Identifier: GPL-2.0
/*
 * The ring's reserve and commit. Writers on this CPU nest like a stack, so the
 * innermost always finishes first: whoever finds itself outermost publishes
 * for all. The reader is on any CPU and meets only head, tail and data.
 */
#include "ring.h"

void dither_ring_init(struct dither_ring *ring, struct dither_head *page,
		      const struct dither_tail *tail_page, u8 *data, u32 size,
		      u32 watermark, bool overwrite)
{
	memset(ring, 0, sizeof(*ring));
	ring->page = page;
	ring->tail_page = tail_page;
	ring->data = data;
	ring->size = size;
	ring->watermark = watermark;
	ring->overwrite = overwrite;
	page->size = size;
}

/*
 * Leave the nesting; the outermost writer publishes. Between its look at
 * ->reserved and the end of its nesting an interrupt may have reserved and
 * left publishing to us, so it looks again. All of this is on one CPU: the
 * compiler's order is enough, but for the release that the reader's acquire
 * of page->head pairs with.
 */
static void leave(struct dither_ring *ring)
{
	u32 reserved;

	barrier();
	if (ring->nesting > 1) {
		WRITE_ONCE(ring->nesting, ring->nesting - 1);
		return;
	}
	for (;;) {
		reserved = READ_ONCE(ring->reserved);
		/* Before the page: the reader's tail never passes ->head. */
		WRITE_ONCE(ring->head, reserved);
		barrier();
		/* Pairs with the reader's acquire: the records are there. */
		smp_store_release(&ring->page->head, reserved);
		barrier();
		/* After it: a snapshot sees a size ahead of it at most. */
		WRITE_ONCE(ring->published, reserved);
		barrier();
		WRITE_ONCE(ring->nesting, 0);
		barrier();
		if (likely(READ_ONCE(ring->reserved) == reserved))
			return;
		WRITE_ONCE(ring->nesting, 1);
		barrier();
	}
}

/*
 * Where free space ends, one size further on. In overwrite mode only what
 * nested writers have not yet published is not free.
 *
 * With the acquire, the reader has read what is going to be written over. That
 * these stores depend on the load would do, but neither the compiler nor
 * ThreadSanitizer knows of it, and it is free on x86.
 */
static u32 free_from(struct dither_ring *ring)
{
	u32 head, tail;

	if (ring->overwrite)
		return READ_ONCE(ring->published);
	head = READ_ONCE(ring->head);
	/* Pairs with the reader's release, see above. */
	tail = smp_load_acquire(&ring->tail_page->tail);
	if (likely(head - tail <= ring->size))
		WRITE_ONCE(ring->tail, tail);
	else
		local_add(1, &ring->bad_tails);
	return READ_ONCE(ring->tail);
}

static void write_pad(struct dither_ring *ring, u32 position, u32 bytes)
{
	struct dither_record *pad;

	pad = (void *)(ring->data + (position & (ring->size - 1)));
	*pad = (struct dither_record){
		.size = bytes,
		.type = DITHER_RECORD_PAD,
	};
}

/* Claim @bytes that do not cross the end; NULL when there is no room. */
static __always_inline u8 *claim(struct dither_ring *ring, u32 bytes,
				 u32 level, u32 *position)
{
	u32 old, gap, new;

	do {
		u32 tail = free_from(ring);
		u32 to_end;

		old = READ_ONCE(ring->reserved);
		to_end = ring->size - (old & (ring->size - 1));
		gap = to_end < bytes ? to_end : 0;
		new = old + gap + bytes;
		if (new - tail > ring->size)
			return NULL;
	} while (cmpxchg_local(&ring->reserved, old, new) != old);

	if (ring->overwrite) {
		/*
		 * One place per level: an interrupted writer must not take
		 * back what its interrupter has announced.
		 */
		WRITE_ONCE(ring->page->ahead[level - 1], new);
		/* Before the data; pairs with the reader's, who looks last. */
		smp_wmb();
	}
	local_add(gap + bytes, &ring->bytes);
	if (gap)
		write_pad(ring, old, gap);
	if (position)
		*position = old + gap;
	return ring->data + ((old + gap) & (ring->size - 1));
}

static void take_losses(struct dither_ring *ring,
			struct dither_lost_record *lost, u64 now)
{
	int cause;

	*lost = (struct dither_lost_record){
		.header.size = sizeof(*lost),
		.header.type = DITHER_RECORD_LOST,
		.time = now,
		.first = READ_ONCE(ring->lost_first),
		.last = READ_ONCE(ring->lost_last),
	};
	local_xchg(&ring->losses, 0);
	for (cause = 0; cause < DITHER_LOST_COUNT; cause++)
		lost->count[cause] = local_xchg(&ring->lost[cause], 0);
}

static void give_back_losses(struct dither_ring *ring,
			     const struct dither_lost_record *lost)
{
	int cause;

	for (cause = 0; cause < DITHER_LOST_COUNT; cause++) {
		local_add(lost->count[cause], &ring->lost[cause]);
		local_add(lost->count[cause], &ring->losses);
	}
	/* What was lost meanwhile came later than what is given back. */
	WRITE_ONCE(ring->lost_first, lost->first);
}

static noinline u8 *claim_after_losses(struct dither_ring *ring, u32 bytes,
				       u32 level, u64 now, u32 *position)
{
	struct dither_lost_record lost;
	u8 *room;

	take_losses(ring, &lost, now);
	room = claim(ring, sizeof(lost) + bytes, level, position);
	if (!room) {
		give_back_losses(ring, &lost);
		return NULL;
	}
	memcpy(room, &lost, sizeof(lost));
	if (position)
		*position += sizeof(lost);
	return room + sizeof(lost);
}

void *dither_ring_reserve(struct dither_ring *ring, u32 bytes, u64 now,
			  u32 *position)
{
	u32 level = ring->nesting + 1;
	u8 *room;

	if (unlikely(level > DITHER_NESTING_MAX))
		return NULL;
	WRITE_ONCE(ring->nesting, level);
	barrier();
	if (unlikely(local_read(&ring->losses)))
		room = claim_after_losses(ring, bytes, level, now, position);
	else
		room = claim(ring, bytes, level, position);
	if (unlikely(!room))
		leave(ring);
	return room;
}

void dither_ring_commit(struct dither_ring *ring)
{
	leave(ring);
}

bool dither_ring_wake(struct dither_ring *ring)
{
	u32 head;

	/* Whoever publishes for us comes here too. */
	if (ring->nesting)
		return false;
	head = READ_ONCE(ring->head);
	/* Signed: an interrupt may have come, and woken, for more than this. */
	if ((s32)(head - READ_ONCE(ring->woken)) < (s32)ring->watermark)
		return false;
	WRITE_ONCE(ring->woken, head);
	return true;
}

void dither_ring_lose(struct dither_ring *ring, enum dither_lost cause,
		      u64 now)
{
	if (!local_read(&ring->losses))
		WRITE_ONCE(ring->lost_first, now);
	WRITE_ONCE(ring->lost_last, now);
	local_add(1, &ring->lost[cause]);
	local_add(1, &ring->losses);
}

void dither_ring_note_epoch(struct dither_ring *ring, u32 position)
{
	u32 count = ring->epochs;

	WRITE_ONCE(ring->page->epochs[count % DITHER_EPOCHS_KEPT], position);
	WRITE_ONCE(ring->epochs, count + 1);
	/* Pairs with the reader's acquire: the entry is there. */
	smp_store_release(&ring->page->epoch_count, count + 1);
}
