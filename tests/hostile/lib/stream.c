// SPDX-License-Identifier: GPL-2.0
/*
 * Each ring has a shadow: what stands in it by right. In the end ring and
 * shadow must be the same, where nothing was written still zero.
 */
#include "stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "record.h"
#include "tally.h"

#define SLOT_MASK ((1U << DITHER_STACK_SLOT_BITS) - 1)
#define EPOCH_MASK 0xfffU

static void *zeroed(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory) {
		perror("memory");
		exit(2);
	}
	return memory;
}

/* What was never written holds nothing of anybody else's. */
static void check_empty(const struct session_ring *ring)
{
	for (uint32_t at = 0; at < ring->size; at++) {
		if (ring->data[at]) {
			tally_fail("byte %u of a new ring is %#x", at, ring->data[at]);
			return;
		}
	}
}

void stream_begin(struct stream *stream, struct session *session)
{
	memset(stream, 0, sizeof(*stream));
	stream->session = session;
	for (unsigned int i = 0; i < session->ring_count; i++) {
		struct stream_ring *ring = &stream->rings[i];

		check_empty(&session->rings[i]);
		ring->shadow = zeroed(session->rings[i].size, 1);
		ring->numbers = zeroed(SLOT_MASK + 1, sizeof(uint32_t));
		ring->kinds = zeroed(SLOT_MASK + 1, 1);
		ring->frames = zeroed(SLOT_MASK + 1, sizeof(uint16_t));
	}
}

void stream_end(struct stream *stream)
{
	for (unsigned int i = 0; i < stream->session->ring_count; i++) {
		free(stream->rings[i].shadow);
		free(stream->rings[i].numbers);
		free(stream->rings[i].kinds);
		free(stream->rings[i].frames);
	}
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* What stood right before a sample, for those that say "adjacent". */
struct neighbours {
	bool kernel;
	bool user;
};

static void note_user_stack(struct stream *stream, const struct dither_stack *stack)
{
	stream->user_stacks++;
	stream->unwinders[stack->unwinder % 8]++;
	stream->ends[stack->end % 8]++;
	if (stack->unwinder != DITHER_UNWIND_TABLE)
		return;
	stream->table_ends[stack->end % 8]++;
	if (stack->frames > stream->deepest)
		stream->deepest = stack->frames;
}

/* A base was told before in this epoch, has no base, and frames enough. */
static void check_base(const struct stream_ring *ring,
		       const struct dither_stack *stack)
{
	struct dither_stack_base base;
	uint32_t slot;

	memcpy(&base, stack->data, DITHER_STACK_BASE_BYTES);
	slot = base.stack & SLOT_MASK;
	if (DITHER_STACK_EPOCH(base.stack) != (ring->epoch & EPOCH_MASK) ||
	    ring->numbers[slot] != base.stack || ring->kinds[slot] ||
	    ring->frames[slot] < base.frames)
		tally_fail("a stack's base is %u frames of %#x, which has not so many",
			   base.frames, base.stack);
}

static void note_stack(struct stream *stream, struct stream_ring *ring,
		       const struct dither_stack *stack,
		       struct neighbours *before)
{
	uint32_t number = stack->header.tid;
	bool kernel = stack->header.flags & DITHER_STACK_KERNEL;

	if (kernel)
		stream->kernel_stacks++;
	else
		note_user_stack(stream, stack);
	if (stack->header.flags & DITHER_STACK_BASE) {
		stream->based++;
		check_base(ring, stack);
	}
	if (number == DITHER_STACK_ADJACENT) {
		*(kernel ? &before->kernel : &before->user) = true;
		return;
	}
	if (!number || DITHER_STACK_EPOCH(number) != (ring->epoch & EPOCH_MASK))
		tally_fail("a stack numbered %#x in epoch %u", number, ring->epoch);
	ring->numbers[number & SLOT_MASK] = number;
	ring->kinds[number & SLOT_MASK] = kernel;
	/* What has a base is none. */
	ring->frames[number & SLOT_MASK] =
		stack->header.flags & DITHER_STACK_BASE ? 0 : stack->frames;
}

static void check_reference(const struct stream_ring *ring, uint32_t number,
			    bool kernel, bool adjacent)
{
	if (number == DITHER_STACK_NONE)
		return;
	if (number == DITHER_STACK_ADJACENT) {
		if (!adjacent)
			tally_fail("a sample names the stack beside it: there is none");
		return;
	}
	if (DITHER_STACK_EPOCH(number) != (ring->epoch & EPOCH_MASK) ||
	    ring->numbers[number & SLOT_MASK] != number ||
	    ring->kinds[number & SLOT_MASK] != kernel)
		tally_fail("a sample names stack %#x, which was not told", number);
}

static void note_sample(struct stream *stream, const struct stream_ring *ring,
			const struct dither_sample *sample,
			const struct neighbours *before)
{
	if (sample->header.flags & DITHER_SAMPLE_USER)
		stream->user_samples++;
	else
		stream->kernel_samples++;
	check_reference(ring, sample->kernel_stack, true, before->kernel);
	check_reference(ring, sample->user_stack, false, before->user);
}

static void note(struct stream *stream, struct stream_ring *ring,
		 const struct dither_record *record, struct neighbours *before)
{
	const struct dither_lost_record *lost = (const void *)record;

	stream->records[record->type]++;
	if (record->type == DITHER_RECORD_STACK) {
		note_stack(stream, ring, (const void *)record, before);
		return;
	}
	if (record->type == DITHER_RECORD_SAMPLE)
		note_sample(stream, ring, (const void *)record, before);
	else if (record->type == DITHER_RECORD_EPOCH)
		ring->epoch = record->tid;
	else if (record->type == DITHER_RECORD_LOST)
		for (int i = 0; i < DITHER_LOST_COUNT; i++)
			stream->lost[i] += lost->count[i];
	*before = (struct neighbours){ false, false };
}

/* Returns the record's size, or 0: the ring cannot be read on from here. */
static uint32_t take_record(struct stream *stream, unsigned int i, uint32_t left,
			    uint64_t now, struct neighbours *before)
{
	const struct session_ring *mapped = &stream->session->rings[i];
	struct stream_ring *ring = &stream->rings[i];
	uint32_t at = ring->tail & (mapped->size - 1);
	const struct dither_record *record = (const void *)(mapped->data + at);
	const struct record_place place = {
		.config = &stream->session->config,
		.now = now,
		.shadow = ring->shadow + at,
	};
	const char *fault;

	if (record->size < sizeof(*record) || record->size % 8 ||
	    record->size > left || record->size > mapped->size - at) {
		tally_fail("a record of %u bytes, where %u are left", record->size,
			   left);
		return 0;
	}
	fault = record_fault(record, &place);
	if (fault)
		tally_fail("%s (type %u, %u bytes, flags %#x, CPU %u, position %#x)",
			   fault, record->type, record->size, record->flags,
			   mapped->cpu, ring->tail);
	note(stream, ring, record, before);
	memcpy(ring->shadow + at, record, record->size);
	return record->size;
}

static uint64_t drain_ring(struct stream *stream, unsigned int i)
{
	const struct session_ring *mapped = &stream->session->rings[i];
	struct stream_ring *ring = &stream->rings[i];
	/* Pairs with the module's release. */
	uint32_t head = __atomic_load_n(&mapped->head->head, __ATOMIC_ACQUIRE);
	struct neighbours before = { false, false };
	uint32_t begin = ring->tail, bytes;
	/* The module's clock may be ahead by an adjustment, not by a second. */
	uint64_t now = now_ns() + 1000000000;

	while (ring->tail != head) {
		bytes = take_record(stream, i, head - ring->tail, now, &before);
		if (!bytes)
			ring->tail = head;
		ring->tail += bytes;
	}
	__atomic_store_n(&mapped->tail->tail, head, __ATOMIC_RELEASE);
	ring->bytes += head - begin;
	return head - begin;
}

uint64_t stream_drain(struct stream *stream)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < stream->session->ring_count; i++)
		bytes += drain_ring(stream, i);
	return bytes;
}

/* The head page holds its structure, and that what it should. */
static void check_head(const struct session *session, unsigned int i)
{
	const struct session_ring *ring = &session->rings[i];
	const struct dither_head *head = ring->head;
	const uint8_t *bytes = (const uint8_t *)head;
	size_t at;

	if (head->size != ring->size)
		tally_fail("a head page with size %u", head->size);
	for (at = 0; at < sizeof(head->ahead) / sizeof(head->ahead[0]); at++)
		if (head->ahead[at])
			tally_fail("ahead[%zu] is %u", at, head->ahead[at]);
	for (at = 0; at < DITHER_EPOCHS_KEPT; at++)
		if (head->epochs[at] && at >= head->epoch_count)
			tally_fail("epochs[%zu] of %u is %u", at,
				   head->epoch_count, head->epochs[at]);
	for (at = sizeof(*head); at < session->info.page_size; at++)
		if (bytes[at])
			tally_fail("byte %zu of a head page is %#x", at, bytes[at]);
	bytes = (const uint8_t *)ring->tail;
	for (at = sizeof(*ring->tail); at < session->info.page_size; at++)
		if (bytes[at])
			tally_fail("byte %zu of a tail page is %#x", at, bytes[at]);
}

static void check_ledger(struct stream *stream, unsigned int i,
			 struct dither_ledger *sum)
{
	const struct session_ring *mapped = &stream->session->rings[i];
	struct dither_ledger ledger;

	if (session_ledger(stream->session, mapped->cpu, &ledger)) {
		tally_fail("no ledger of CPU %u", mapped->cpu);
		return;
	}
	if (!session_balances(&ledger))
		tally_fail("the ledger of CPU %u does not balance", mapped->cpu);
	if (ledger.bytes != stream->rings[i].bytes)
		tally_fail("%" PRIu64 " bytes were read, %" PRIu64 " written on CPU %u",
			   stream->rings[i].bytes, (uint64_t)ledger.bytes, mapped->cpu);
	if (ledger.bad_tails)
		tally_fail("a good reader's tails are called bad");
	sum->kept += ledger.kept;
	sum->stacks_written += ledger.stacks_written;
	for (int cause = 0; cause < DITHER_LOST_COUNT; cause++)
		sum->lost[cause] += ledger.lost[cause];
}

void stream_settle(struct stream *stream)
{
	const struct session *session = stream->session;
	struct dither_ledger sum = { 0 };

	for (unsigned int i = 0; i < session->ring_count; i++) {
		check_head(session, i);
		check_ledger(stream, i, &sum);
		if (memcmp(session->rings[i].data, stream->rings[i].shadow,
			   session->rings[i].size))
			tally_fail("bytes of CPU %u's ring were never published",
				   session->rings[i].cpu);
	}
	if (stream->records[DITHER_RECORD_SAMPLE] != sum.kept)
		tally_fail("%" PRIu64 " samples were read, %" PRIu64 " kept",
			   stream->records[DITHER_RECORD_SAMPLE], (uint64_t)sum.kept);
	if (stream->records[DITHER_RECORD_STACK] != sum.stacks_written)
		tally_fail("%" PRIu64 " stacks were read, %" PRIu64 " written",
			   stream->records[DITHER_RECORD_STACK],
			   (uint64_t)sum.stacks_written);
	/* The last ones are told by a record that never came. */
	for (int cause = 0; cause < DITHER_LOST_COUNT; cause++)
		if (stream->lost[cause] > sum.lost[cause])
			tally_fail("%" PRIu64 " losses were told, %" PRIu64 " counted",
				   stream->lost[cause], (uint64_t)sum.lost[cause]);
}
