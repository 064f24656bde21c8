// SPDX-License-Identifier: GPL-2.0
/*
 * A snapshot tells late what was true before: the mappings of a process that
 * ran when the recording began are needed by its first sample. But it must not
 * be told before the exec that made them so. Hence: a snapshot record holds
 * from right behind the last fork or exec of its process that precedes it, or
 * from time 0. Behind a FORGET record it holds from its own time on: that
 * record says that something is not known, perhaps a fork or an exec.
 *
 * All other records are sorted by time first. Record i of those has the place
 * i + 1; a snapshot record has the place of the one that it goes behind, or 0.
 */
#include "processes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "records.h"

/* A process, or a thread, begins anew; or a class of processes is forgotten. */
struct anchor {
	uint32_t task;
	size_t place;
	uint64_t time;
};

struct anchors {
	struct anchor *anchor;
	size_t count, room;
};

/* The records that are none of a snapshot, by time, and what is in them. */
struct order {
	const struct process_record *all;
	size_t count;
	struct anchors begun, forgotten;
};

/* All of them have their time behind the header. */
static bool is_wanted(uint8_t type)
{
	return (type >= DITHER_RECORD_FORK && type <= DITHER_RECORD_MAP) ||
	       (type >= DITHER_RECORD_DROPPED && type <= DITHER_RECORD_CODE);
}

static int is_snapshot(const struct dither_record *record)
{
	return (record->type == DITHER_RECORD_COMM ||
		record->type == DITHER_RECORD_MAP) &&
	       record->flags & DITHER_RECORD_SNAPSHOT;
}

static struct process_record *gather(struct recording *recording, size_t *count)
{
	struct process_record *all = NULL;
	size_t room = 0;

	*count = 0;
	for (unsigned int cpu = 0; cpu < recording_cpus(recording); cpu++) {
		const struct dither_record *record;
		struct record_cursor cursor;

		records_start(&cursor, recording, cpu, 0);
		while ((record = records_next(&cursor))) {
			if (!is_wanted(record->type))
				continue;
			all = alloc_grow(all, *count, &room, sizeof(*all));
			all[*count] = (struct process_record){
				.record = record,
				.file_offset = cursor.file_offset,
				.size = cursor.size,
				.cpu = cpu,
				.number = *count,
				.snapshot = is_snapshot(record),
			};
			memcpy(&all[*count].own_time, record + 1,
			       sizeof(all->own_time));
			++*count;
		}
	}
	return all;
}

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_own_time(const struct process_record *a,
		       const struct process_record *b)
{
	int order = compare(a->own_time, b->own_time);

	return order ? order : compare(a->number, b->number);
}

static int snapshots_last(const void *left, const void *right)
{
	const struct process_record *a = left, *b = right;

	return a->snapshot != b->snapshot ? a->snapshot - b->snapshot :
					    by_own_time(a, b);
}

static int by_place(const void *left, const void *right)
{
	const struct process_record *a = left, *b = right;
	int order = compare(a->place, b->place);

	if (!order)
		order = a->snapshot - b->snapshot;
	return order ? order : by_own_time(a, b);
}

static int by_task(const void *left, const void *right)
{
	const struct anchor *a = left, *b = right;
	int order = compare(a->task, b->task);

	return order ? order : compare(a->place, b->place);
}

static void add_anchor(struct anchors *anchors, uint32_t task, size_t place,
		       uint64_t time)
{
	anchors->anchor = alloc_grow(anchors->anchor, anchors->count,
				     &anchors->room, sizeof(*anchors->anchor));
	anchors->anchor[anchors->count++] = (struct anchor){
		.task = task,
		.place = place,
		.time = time,
	};
}

static void sort_anchors(struct anchors *anchors)
{
	if (anchors->count)
		qsort(anchors->anchor, anchors->count, sizeof(*anchors->anchor),
		      by_task);
}

static uint32_t class_of(uint32_t tgid)
{
	return tgid % DITHER_FORGET_CLASSES;
}

static void find_anchors(struct order *order)
{
	const struct process_record *all = order->all;

	for (size_t i = 0; i < order->count; i++) {
		const struct dither_record *record = all[i].record;

		if (record->type == DITHER_RECORD_FORK)
			add_anchor(&order->begun, record->tid, i + 1,
				   all[i].own_time);
		else if (record->type == DITHER_RECORD_COMM &&
			 record->flags & DITHER_COMM_EXEC)
			add_anchor(&order->begun,
				   ((const struct dither_comm *)record)->tgid,
				   i + 1, all[i].own_time);
		else if (record->type == DITHER_RECORD_FORGET)
			add_anchor(&order->forgotten, class_of(record->tid),
				   i + 1, all[i].own_time);
	}
	sort_anchors(&order->begun);
	sort_anchors(&order->forgotten);
}

/* The place of @task's last anchor at or before @time, or 0. */
static size_t last_anchor(const struct anchors *anchors, uint32_t task,
			  uint64_t time)
{
	size_t low = 0, high = anchors->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct anchor *anchor = &anchors->anchor[middle];

		if (anchor->task < task ||
		    (anchor->task == task && anchor->time <= time))
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || anchors->anchor[low - 1].task != task)
		return 0;
	return anchors->anchor[low - 1].place;
}

/* How many records there are up to @time. */
static size_t place_in_time(const struct order *order, uint64_t time)
{
	size_t low = 0, high = order->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (order->all[middle].own_time <= time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void place_snapshot(struct process_record *snapshot,
			   const struct order *order)
{
	const struct dither_record *record = snapshot->record;
	uint64_t time = snapshot->own_time;
	size_t place, thread = 0;
	uint32_t tgid;

	if (record->type == DITHER_RECORD_MAP) {
		tgid = ((const struct dither_map *)record)->tgid;
	} else {
		tgid = ((const struct dither_comm *)record)->tgid;
		/* A name is a thread's; its number may have been another's. */
		thread = last_anchor(&order->begun, record->tid, time);
	}
	place = last_anchor(&order->begun, tgid, time);
	if (thread > place)
		place = thread;
	if (last_anchor(&order->forgotten, class_of(tgid), time) > place) {
		snapshot->place = place_in_time(order, time);
		snapshot->effective = time;
		return;
	}
	snapshot->place = place;
	snapshot->effective = place ? order->all[place - 1].own_time : 0;
}

struct process_record *processes_gather(struct recording *recording,
					size_t *count)
{
	struct process_record *all = gather(recording, count);
	struct order order = { .all = all };

	if (!all)
		return NULL;
	qsort(all, *count, sizeof(*all), snapshots_last);
	for (; order.count < *count && !all[order.count].snapshot;
	     order.count++) {
		all[order.count].place = order.count + 1;
		all[order.count].effective = all[order.count].own_time;
	}
	find_anchors(&order);
	for (size_t i = order.count; i < *count; i++)
		place_snapshot(&all[i], &order);
	free(order.begun.anchor);
	free(order.forgotten.anchor);
	qsort(all, *count, sizeof(*all), by_place);
	return all;
}

static const char *code_problem(const struct dither_code *code)
{
	size_t room = code->header.size - offsetof(struct dither_code, name);

	if (!code->name_len || code->name_len >= room ||
	    code->name[code->name_len] ||
	    memchr(code->name, '\0', code->name_len))
		return "a name is not as long as it says, code left out";
	if (!code->length || code->start + code->length < code->start)
		return "code ends before it begins, left out";
	return NULL;
}

const char *processes_problem(const struct dither_record *record)
{
	const struct dither_comm *comm = (const void *)record;
	const struct dither_map *map = (const void *)record;
	size_t room;

	if (record->type == DITHER_RECORD_CODE)
		return code_problem((const void *)record);
	if (record->type == DITHER_RECORD_COMM)
		return memchr(comm->comm, '\0', sizeof(comm->comm)) ?
			       NULL :
			       "a name is not terminated, left out";
	if (record->type != DITHER_RECORD_MAP)
		return NULL;
	room = record->size - offsetof(struct dither_map, path);
	if (map->path_len >= room || map->path[map->path_len] ||
	    memchr(map->path, '\0', map->path_len))
		return "a path is not as long as it says, mapping left out";
	if (map->build_id_size > sizeof(map->build_id))
		return "a build-id is too long, mapping left out";
	return NULL;
}
