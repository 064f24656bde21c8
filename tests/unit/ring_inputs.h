/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For the tests of kmod/core/ring.c: memory for a ring between pages that must
 * not be touched, messages whose every byte can be checked, and a reader that
 * knows the ABI only and keeps account of what it saw.
 *
 * Messages come from up to five writers, numbered from 1, which count what
 * they attempt and report losses under a cause of their own: so that what was
 * written and what was lost can be held against each other, writer by writer.
 */
#ifndef RING_INPUTS_H
#define RING_INPUTS_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "../../kmod/core/ring.h"

#define RING_GUARD (64U << 10) /* as large as pages get */
#define RING_WRITERS 5

struct ring_area {
	struct dither_ring ring;
	struct dither_head *page;
	struct dither_tail *tail;
	u8 *data;
	u32 size;
};

static inline void *ring_open_piece(u8 *memory, size_t offset, size_t length)
{
	if (mprotect(memory + offset, length, PROT_READ | PROT_WRITE)) {
		perror("mprotect");
		exit(2);
	}
	return memory + offset;
}

/* An area whose memory is shared with child processes, for good. */
static inline struct ring_area *ring_area_new(u32 size)
{
	size_t total = 8 * (size_t)RING_GUARD + size;
	struct ring_area *area;
	u8 *memory =
		mmap(NULL, total, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	area = ring_open_piece(memory, 0, RING_GUARD);
	area->page = ring_open_piece(memory, 2 * RING_GUARD, RING_GUARD);
	area->tail = ring_open_piece(memory, 4 * RING_GUARD, RING_GUARD);
	area->data = ring_open_piece(memory, 6 * RING_GUARD, size);
	area->size = size;
	return area;
}

/* A new ring in @area, as if it had been in use up to @position. */
static inline void ring_begin(struct ring_area *area, u32 position,
			      u32 watermark, bool overwrite)
{
	struct dither_ring *ring = &area->ring;

	memset(area->page, 0, sizeof(*area->page));
	dither_ring_init(ring, area->page, area->tail, area->data, area->size,
			 watermark, overwrite);
	ring->reserved = position;
	ring->head = position;
	ring->published = position;
	ring->tail = position;
	ring->woken = position;
	area->page->head = position;
	area->tail->tail = position;
}

struct ring_message {
	struct dither_record header; /* .tid: the writer */
	u64 number;		     /* counted by each writer from 0 */
	u64 check;
	u64 words[];
};

#define RING_MESSAGE_TYPE 200 /* none of the ABI's */
#define RING_MESSAGE_MIN ((u32)sizeof(struct ring_message))

/* The words of a message; .check is one more of them. */
static inline u64 ring_word(u32 bytes, u32 writer, u64 number, u32 index)
{
	return (number << 32 ^ bytes << 16 ^ writer << 12 ^ index) *
	       0x9e3779b97f4a7c15ULL;
}

static inline void ring_fill(void *room, u32 bytes, u32 writer, u64 number)
{
	struct ring_message *message = room;
	u32 words = (bytes - RING_MESSAGE_MIN) / 8;

	message->header = (struct dither_record){
		.size = bytes,
		.type = RING_MESSAGE_TYPE,
		.tid = writer,
	};
	message->number = number;
	for (u32 i = 0; i < words; i++)
		message->words[i] = ring_word(bytes, writer, number, i);
	message->check = ring_word(bytes, writer, number, words);
}

static inline bool ring_message_is_whole(const struct ring_message *message)
{
	u32 bytes = message->header.size, writer = message->header.tid;
	u32 words = (bytes - RING_MESSAGE_MIN) / 8;

	if (bytes < RING_MESSAGE_MIN || !writer || writer > RING_WRITERS ||
	    message->check != ring_word(bytes, writer, message->number, words))
		return false;
	for (u32 i = 0; i < words; i++) {
		if (message->words[i] !=
		    ring_word(bytes, writer, message->number, i))
			return false;
	}
	return true;
}

/* The cause under which a writer reports its losses. */
static inline enum dither_lost ring_cause(u32 writer)
{
	return (enum dither_lost)(writer - 1);
}

/* Write a message, or report it lost. Returns whether to wake the reader. */
static inline bool ring_write(struct dither_ring *ring, u32 bytes, u32 writer,
			      u64 number)
{
	void *room = dither_ring_reserve(ring, bytes, number, NULL);

	if (!room) {
		dither_ring_lose(ring, ring_cause(writer), number);
	} else {
		ring_fill(room, bytes, writer, number);
		dither_ring_commit(ring);
	}
	return dither_ring_wake(ring);
}

struct ring_account {
	u64 received[RING_WRITERS + 1];
	u64 next[RING_WRITERS + 1];    /* the number that follows */
	u64 skipped[RING_WRITERS + 1]; /* numbers that did not come, */
	u64 gaps[RING_WRITERS + 1];    /* and how often within the stream */
	u64 lost[RING_WRITERS + 1];    /* as LOST records say */
	u64 pads, losses, epochs;
	u64 broken; /* records that are not as they must be */
};

static inline void ring_note_message(struct ring_account *account,
				     const struct ring_message *message)
{
	u32 writer = message->header.tid;

	if (!ring_message_is_whole(message) ||
	    message->number < account->next[writer]) {
		account->broken++;
		return;
	}
	if (account->received[writer]++ &&
	    message->number != account->next[writer])
		account->gaps[writer]++;
	account->skipped[writer] += message->number - account->next[writer];
	account->next[writer] = message->number + 1;
}

static inline void ring_note_losses(struct ring_account *account,
				    const struct dither_lost_record *lost)
{
	account->losses++;
	if (lost->header.size != sizeof(*lost))
		account->broken++;
	for (u32 writer = 1; writer <= RING_WRITERS; writer++)
		account->lost[writer] += lost->count[ring_cause(writer)];
	for (u32 i = RING_WRITERS; i < DITHER_LOST_COUNT; i++)
		account->broken += lost->count[i] != 0;
}

static inline void ring_note_record(struct ring_account *account,
				    const struct dither_record *record)
{
	switch (record->type) {
	case DITHER_RECORD_PAD:
		account->pads++;
		break;
	case DITHER_RECORD_LOST:
		ring_note_losses(account, (const void *)record);
		break;
	case DITHER_RECORD_EPOCH:
		account->epochs++;
		break;
	case RING_MESSAGE_TYPE:
		ring_note_message(account, (const void *)record);
		break;
	default:
		account->broken++;
	}
}

/* Account for @length bytes of records, copied from @position of a ring. */
static inline void ring_note_records(struct ring_account *account,
				     const u8 *records, u32 position,
				     u32 length, u32 size)
{
	u32 offset = 0;

	while (offset < length) {
		const struct dither_record *record =
			(const void *)(records + offset);
		u32 to_end = size - ((position + offset) & (size - 1));

		if (record->size < sizeof(*record) || record->size & 7 ||
		    record->size > length - offset || record->size > to_end) {
			account->broken++;
			return;
		}
		ring_note_record(account, record);
		offset += record->size;
	}
}

/* Copy @length bytes of a ring's @data (@size bytes), from @position on. */
static inline void ring_copy(u8 *copy, const u8 *data, u32 size, u32 position,
			     u32 length)
{
	u32 start = position & (size - 1);
	u32 first = length < size - start ? length : size - start;

	memcpy(copy, data + start, first);
	memcpy(copy + first, data, length - first);
}

/* Read all there is, as a reader in another thread or process would. */
static inline u32 ring_read(struct ring_area *area,
			    struct ring_account *account, u8 *copy)
{
	u32 head = smp_load_acquire(&area->page->head);
	u32 tail = area->tail->tail;
	u32 length = head - tail;

	if (length > area->size) {
		account->broken++;
		return 0;
	}
	ring_copy(copy, area->data, area->size, tail, length);
	smp_store_release(&area->tail->tail, head);
	ring_note_records(account, copy, tail, length, area->size);
	return length;
}

/*
 * Whether @writer's attempts are all accounted for: received, reported as lost
 * or yet to be reported.
 */
static inline bool ring_balances(const struct ring_area *area,
				 const struct ring_account *account, u32 writer,
				 u64 attempts)
{
	u64 lost = account->lost[writer] +
		   (u64)local_read(
			   (local_t *)&area->ring.lost[ring_cause(writer)]);

	return account->received[writer] + lost == attempts &&
	       account->skipped[writer] <= lost &&
	       account->next[writer] <= attempts;
}

/* What a flight recorder's ring held, with what is needed to decode it. */
struct ring_snapshot {
	u32 head;    /* before the copy */
	u32 whole;   /* bytes before it that no writer has touched meanwhile */
	u8 *data;    /* as large as the ring's */
	u8 *records; /* as large too */
};

static inline void ring_snapshot_begin(const struct ring_area *area,
				       struct ring_snapshot *snapshot)
{
	snapshot->head = smp_load_acquire(&area->page->head);
}

static inline void ring_snapshot_copy(const struct ring_area *area,
				      struct ring_snapshot *snapshot)
{
	memcpy(snapshot->data, area->data, area->size);
	smp_rmb();
}

/*
 * What had been announced when the copy was finished has either been published
 * by now or is, at most a ring's size, ahead of what has. So .ahead comes
 * first, then the head.
 */
static inline void ring_snapshot_end(const struct ring_area *area,
				     struct ring_snapshot *snapshot)
{
	u32 ahead[DITHER_NESTING_MAX];
	u32 head, furthest;

	for (u32 level = 0; level < DITHER_NESTING_MAX; level++)
		ahead[level] = READ_ONCE(area->page->ahead[level]);
	smp_rmb();
	head = READ_ONCE(area->page->head);
	furthest = head;
	for (u32 level = 0; level < DITHER_NESTING_MAX; level++) {
		if (ahead[level] - head <= area->size &&
		    ahead[level] - head > furthest - head)
			furthest = ahead[level];
	}
	furthest -= snapshot->head;
	snapshot->whole = furthest < area->size ? area->size - furthest : 0;
}

/* Decode from the oldest epoch that is whole; returns how many bytes. */
static inline u32 ring_snapshot_decode(const struct ring_area *area,
				       const struct ring_snapshot *snapshot,
				       struct ring_account *account)
{
	u32 count = smp_load_acquire(&area->page->epoch_count);
	u32 kept = count < DITHER_EPOCHS_KEPT ? count : DITHER_EPOCHS_KEPT;
	u32 length = 0;

	for (u32 i = 1; i <= kept; i++) {
		u32 epoch = READ_ONCE(
			area->page->epochs[(count - i) % DITHER_EPOCHS_KEPT]);
		u32 before = snapshot->head - epoch;

		if (before <= snapshot->whole && before > length)
			length = before;
	}
	if (!length)
		return 0;
	ring_copy(snapshot->records, snapshot->data, area->size,
		  snapshot->head - length, length);
	if (((struct dither_record *)snapshot->records)->type !=
	    DITHER_RECORD_EPOCH)
		account->broken++;
	ring_note_records(account, snapshot->records, snapshot->head - length,
			  length, area->size);
	return length;
}

/* Begin an epoch, as the intern table does. */
static inline void ring_write_epoch(struct dither_ring *ring)
{
	struct dither_epoch *epoch;
	u32 position;

	epoch = dither_ring_reserve(ring, sizeof(*epoch), 0, &position);
	if (!epoch)
		return;
	*epoch = (struct dither_epoch){
		.header.size = sizeof(*epoch),
		.header.type = DITHER_RECORD_EPOCH,
	};
	dither_ring_commit(ring);
	dither_ring_note_epoch(ring, position);
}

#endif
