// SPDX-License-Identifier: GPL-2.0
/*
 * A snapshot tells late what was true before: the mappings of a process that
 * ran when the recording began are needed by its first sample. But it must not
 * be told before the exec that made them so. Hence: a snapshot record holds
 * from right behind the last fork or exec of its process that precedes it, or
 * from time 0.
 *
 * All other records are sorted by time first. Record i of those has the place
 * i + 1; a snapshot record has the place of the one that it goes behind, or 0.
 */
#include "processes.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "records.h"

/* A process, or a thread, begins anew. */
struct anchor {
	uint32_t task;
	size_t place;
	uint64_t time;
};

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
			if (record->type < DITHER_RECORD_FORK ||
			    record->type > DITHER_RECORD_MAP)
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
			/* All four have their time behind the header. */
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

static struct anchor *find_anchors(const struct process_record *all,
				   size_t count, size_t *anchor_count)
{
	struct anchor *anchors = NULL;
	size_t room = 0;

	*anchor_count = 0;
	for (size_t i = 0; i < count && !all[i].snapshot; i++) {
		const struct dither_record *record = all[i].record;
		uint32_t task;

		if (record->type == DITHER_RECORD_FORK)
			task = record->tid;
		else if (record->type == DITHER_RECORD_COMM &&
			 record->flags & DITHER_COMM_EXEC)
			task = ((const struct dither_comm *)record)->tgid;
		else
			continue;
		anchors = alloc_grow(anchors, *anchor_count, &room,
				     sizeof(*anchors));
		anchors[(*anchor_count)++] = (struct anchor){
			.task = task,
			.place = i + 1,
			.time = all[i].own_time,
		};
	}
	if (anchors)
		qsort(anchors, *anchor_count, sizeof(*anchors), by_task);
	return anchors;
}

/* The place of @task's last anchor at or before @time, or 0. */
static size_t last_anchor(const struct anchor *anchors, size_t count,
			  uint32_t task, uint64_t time)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct anchor *anchor = &anchors[middle];

		if (anchor->task < task ||
		    (anchor->task == task && anchor->time <= time))
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || anchors[low - 1].task != task)
		return 0;
	return anchors[low - 1].place;
}

static void place_snapshot(struct process_record *snapshot,
			   const struct process_record *all,
			   const struct anchor *anchors, size_t count)
{
	const struct dither_record *record = snapshot->record;
	uint64_t time = snapshot->own_time;
	size_t place;

	if (record->type == DITHER_RECORD_MAP) {
		place = last_anchor(anchors, count,
				    ((const struct dither_map *)record)->tgid,
				    time);
	} else {
		/* A name is a thread's; its number may have been another's. */
		size_t thread = last_anchor(anchors, count, record->tid, time);

		place = last_anchor(anchors, count,
				    ((const struct dither_comm *)record)->tgid,
				    time);
		if (thread > place)
			place = thread;
	}
	snapshot->place = place;
	snapshot->effective = place ? all[place - 1].own_time : 0;
}

struct process_record *processes_gather(struct recording *recording,
					size_t *count)
{
	struct process_record *all = gather(recording, count);
	struct anchor *anchors;
	size_t anchor_count;

	if (!all)
		return NULL;
	qsort(all, *count, sizeof(*all), snapshots_last);
	anchors = find_anchors(all, *count, &anchor_count);
	for (size_t i = 0; i < *count; i++) {
		if (all[i].snapshot) {
			place_snapshot(&all[i], all, anchors, anchor_count);
			continue;
		}
		all[i].place = i + 1;
		all[i].effective = all[i].own_time;
	}
	free(anchors);
	qsort(all, *count, sizeof(*all), by_place);
	return all;
}

const char *processes_problem(const struct dither_record *record)
{
	const struct dither_comm *comm = (const void *)record;
	const struct dither_map *map = (const void *)record;
	size_t room;

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
