// SPDX-License-Identifier: GPL-2.0
/*
 * One stream a CPU reads records until one is due for delivery; on the way it
 * learns stacks. A heap of streams yields the earliest. A sample's stacks are
 * looked up when its stream meets it: later ones must not change them.
 */
#include "timeline.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "records.h"

struct stream {
	struct record_cursor cursor;
	struct stacks *stacks;
	struct stack_place beside_kernel; /* right before the next */
	struct stack_place beside_user;	  /* record */
	struct timeline_item item;	  /* to be delivered next */

	/* The first EPOCH record of any piece from .epoch_from on. */
	bool epoch_looked_up;
	size_t epoch_from;
	size_t epoch_piece; /* SIZE_MAX: there is none */
	uint32_t epoch_number;
};

struct timeline {
	struct stream **heap; /* the root is the earliest */
	size_t count;
	bool root_is_used; /* its item has been handed out */
};

/*
 * Which EPOCH record comes next, from the beginning of the current piece: it
 * tells which epoch this is. The answer is kept until the stream has passed
 * it, so that all searches together read the records once.
 */
static bool next_epoch(struct stream *stream, size_t piece, uint32_t *number)
{
	const struct dither_record *record;
	struct record_cursor ahead;

	if (!stream->epoch_looked_up || stream->epoch_piece < piece) {
		records_start(&ahead, stream->cursor.recording,
			      stream->cursor.cpu, piece);
		stream->epoch_looked_up = true;
		stream->epoch_piece = SIZE_MAX;
		while ((record = records_next(&ahead))) {
			if (record->type != DITHER_RECORD_EPOCH)
				continue;
			stream->epoch_piece = ahead.piece;
			stream->epoch_number = record->tid;
			break;
		}
	}
	*number = stream->epoch_number;
	return stream->epoch_piece != SIZE_MAX;
}

/* The record just read is the first behind a gap, or the first at all. */
static void cross_gap(struct stream *stream)
{
	uint32_t number = 0;
	bool known = next_epoch(stream, stream->cursor.piece, &number);

	stacks_gap(stream->stacks, known, number - 1);
}

static void learn_stack(struct stream *stream,
			const struct dither_record *record)
{
	uint64_t addresses[STACKS_FRAMES_MAX];
	const struct stack_place none = { .record = NULL };
	struct stack_place place = stacks_place(stream->stacks,
						(const void *)record,
						stream->cursor.size);
	const char *problem = NULL;
	unsigned int count;

	/* Its base is lost: so is it, as where a sample's stack is lost. */
	if (stacks_lacks_base(place))
		place = none;
	else
		problem = stacks_decode(place, addresses, &count);
	if (problem) {
		records_damage(&stream->cursor, problem);
		place = none;
	}
	if (!stacks_define(stream->stacks, record->tid, place))
		records_damage(&stream->cursor,
			       "a stack is not of this epoch, left out");
	/* A kernel stack comes first, then a user stack, then the sample. */
	if (record->flags & DITHER_STACK_KERNEL) {
		stream->beside_kernel = place;
		stream->beside_user = none;
	} else {
		if (stream->beside_user.record)
			stream->beside_kernel = none;
		stream->beside_user = place;
	}
}

static struct stack_place look_up(struct stream *stream, uint32_t number,
				  struct stack_place beside, bool kernel)
{
	struct stack_place place = { .record = NULL };

	if (number == DITHER_STACK_NONE)
		return place;
	place = number == DITHER_STACK_ADJACENT ?
			beside :
			stacks_find(stream->stacks, number);
	if (place.record &&
	    !(place.record->header.flags & DITHER_STACK_KERNEL) == kernel)
		place.record = NULL;
	if (!place.record)
		stream->item.missing = true;
	return place;
}

static void take(struct stream *stream, const struct dither_record *record)
{
	const struct dither_sample *sample = (const void *)record;
	struct timeline_item *item = &stream->item;

	*item = (struct timeline_item){
		.cpu = stream->cursor.cpu,
		.record = record,
		.size = stream->cursor.size,
	};
	/* All three have their time behind the header. */
	memcpy(&item->time, record + 1, sizeof(item->time));
	if (record->type != DITHER_RECORD_SAMPLE)
		return;
	item->kernel = look_up(stream, sample->kernel_stack,
			       stream->beside_kernel, true);
	item->user =
		look_up(stream, sample->user_stack, stream->beside_user, false);
}

/* On to the next record for delivery; false at the end. */
static bool advance(struct stream *stream)
{
	const struct stack_place none = { .record = NULL };
	const struct dither_record *record;

	while ((record = records_next(&stream->cursor))) {
		if (stream->cursor.gap)
			cross_gap(stream);
		if (stream->cursor.first) {
			stream->beside_kernel = none;
			stream->beside_user = none;
		}
		if (record->type == DITHER_RECORD_STACK) {
			learn_stack(stream, record);
			continue;
		}
		if (record->type == DITHER_RECORD_EPOCH)
			stacks_epoch(stream->stacks, record->tid);
		else if (record->type == DITHER_RECORD_SAMPLE ||
			 record->type == DITHER_RECORD_LOST ||
			 record->type == DITHER_RECORD_RATE)
			take(stream, record);
		stream->beside_kernel = none;
		stream->beside_user = none;
		if (stream->item.record == record)
			return true;
	}
	return false;
}

static bool earlier(const struct stream *a, const struct stream *b)
{
	if (a->item.time != b->item.time)
		return a->item.time < b->item.time;
	return a->item.cpu < b->item.cpu;
}

/* Restore the heap's order below @at. */
static void sift_down(struct timeline *timeline, size_t at)
{
	for (;;) {
		size_t child = 2 * at + 1;
		struct stream *moved = timeline->heap[at];

		if (child >= timeline->count)
			return;
		if (child + 1 < timeline->count &&
		    earlier(timeline->heap[child + 1], timeline->heap[child]))
			child++;
		if (!earlier(timeline->heap[child], moved))
			return;
		timeline->heap[at] = timeline->heap[child];
		timeline->heap[child] = moved;
		at = child;
	}
}

static void free_stream(struct stream *stream)
{
	stacks_free(stream->stacks);
	free(stream);
}

struct timeline *timeline_new(struct recording *recording)
{
	struct timeline *timeline = alloc_zeroed(1, sizeof(*timeline));
	unsigned int cpus = recording_cpus(recording);

	timeline->heap = alloc_zeroed(cpus, sizeof(struct stream *));
	for (unsigned int cpu = 0; cpu < cpus; cpu++) {
		struct stream *stream = alloc_zeroed(1, sizeof(*stream));

		records_start(&stream->cursor, recording, cpu, 0);
		stream->stacks = stacks_new();
		cross_gap(stream);
		if (advance(stream))
			timeline->heap[timeline->count++] = stream;
		else
			free_stream(stream);
	}
	for (size_t at = timeline->count / 2; at-- > 0;)
		sift_down(timeline, at);
	return timeline;
}

void timeline_free(struct timeline *timeline)
{
	for (size_t i = 0; i < timeline->count; i++)
		free_stream(timeline->heap[i]);
	free(timeline->heap);
	free(timeline);
}

bool timeline_next(struct timeline *timeline, struct timeline_item *item)
{
	if (timeline->root_is_used) {
		if (!advance(timeline->heap[0])) {
			free_stream(timeline->heap[0]);
			timeline->heap[0] = timeline->heap[--timeline->count];
		}
		sift_down(timeline, 0);
	}
	timeline->root_is_used = timeline->count > 0;
	if (!timeline->count)
		return false;
	*item = timeline->heap[0]->item;
	return true;
}
