// SPDX-License-Identifier: GPL-2.0
/*
 * Pieces of perf-script text become parts: in a thread's own profile every
 * sample stands below a frame of its event, for only the whole text tells
 * whether there is one event or more; that frame goes when the part is added.
 */
#include "perf_script.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "perf_reader.h"

struct script_part {
	struct partial_profile partial;
	struct perf_script_summary summary; /* events: all that it has met */
	/* By event: its name in the worker's profile, or PROFILE_NONE. */
	uint32_t event_roots[PERF_SCRIPT_EVENTS];
	/* Names in the worker's profile when it first met the event. */
	uint32_t names_before[PERF_SCRIPT_EVENTS];
	unsigned int known; /* events, before this piece */
	bool too_many_events;
	uint64_t lines;
};

struct worker {
	struct perf_reader reader;
	struct perf_script_options options;
	struct perf_script_summary summary;
	struct partial_source source;
};

/* The caller's reader comes first, so that it is one for read_line(). */
struct whole {
	struct perf_reader reader;
	struct partial_map maps[PARALLEL_THREADS_MAX];
	bool nested; /* the maps know that events are parted */
};

/* While a part is added. */
struct adding {
	struct whole *whole;
	const struct script_part *from;
	unsigned int events[PERF_SCRIPT_EVENTS]; /* the whole's, by the part's */
	unsigned int begun; /* events of the part whose samples have come */
};

/* Behind the last blank line, or before the last line that begins a sample. */
static size_t cut(const void *reader, const char *text, size_t length)
{
	const struct perf_lines *lines =
		&((const struct perf_reader *)reader)->lines;
	const char *end = memrchr(text, '\n', length), *begin;
	struct line line;

	for (; end; end = begin - 1) {
		begin = memrchr(text, '\n', (size_t)(end - text));
		begin = begin ? begin + 1 : text;
		line = (struct line){ .text = (char *)begin,
				      .length = (size_t)(end - begin) };
		perf_lines_trim(&line);
		if (!line.length)
			return (size_t)(end + 1 - text);
		if (perf_lines_begins(lines, &line))
			return (size_t)(begin - text);
		if (begin == text)
			break;
	}
	return 0;
}

static bool read_line(void *reader, struct line *line)
{
	return perf_reader_line(reader, line);
}

static void *worker_new(const void *context)
{
	const struct perf_reader *reader = context;
	struct worker *worker = alloc_zeroed(1, sizeof(*worker));

	worker->options = *reader->options;
	worker->options.times = NULL;
	worker->options.table = NULL;
	perf_reader_init(&worker->reader, &worker->options,
			 reader->lines.layout);
	worker->reader.parted = true;
	perf_reader_summary(&worker->reader, &worker->summary);
	return worker;
}

static void worker_free(void *context)
{
	struct worker *worker = context;

	perf_reader_free(&worker->reader);
	partial_source_free(&worker->source);
	free(worker);
}

/* Events stay, with their numbers and periods; what was counted does not. */
static void begin_summary(struct perf_script_summary *summary)
{
	summary->samples = 0;
	summary->other = 0;
	summary->all_periods = true;
	summary->all_times = true;
	summary->first_time = UINT64_MAX;
	summary->last_time = 0;
	summary->problems.count = 0;
	summary->problems.ignored = 0;
	summary->problems.used = 0;
	for (unsigned int i = 0; i < summary->event_count; i++)
		summary->events[i].samples = 0;
}

static void *read_part(void *context, struct lines *piece)
{
	struct script_part *made = alloc_zeroed(1, sizeof(*made));
	struct worker *worker = context;
	struct perf_reader *reader = &worker->reader;
	struct line line;

	made->partial.anew = partial_source_begin(&worker->source);
	if (made->partial.anew)
		perf_reader_profile(reader, worker->source.profile);
	begin_summary(&worker->summary);
	made->known = worker->summary.event_count;
	reader->partial = &made->partial;
	reader->lines.line = 0;
	while (lines_next(piece, &line))
		perf_reader_line(reader, &line);
	perf_reader_end(reader);
	partial_source_end(&worker->source, &made->partial);
	made->summary = worker->summary;
	made->lines = reader->lines.line;
	made->too_many_events = reader->too_many_events;
	memcpy(made->event_roots, reader->event_roots,
	       sizeof(made->event_roots));
	memcpy(made->names_before, reader->names_before,
	       sizeof(made->names_before));
	return made;
}

static void free_part(void *context)
{
	struct script_part *made = context;

	partial_free(&made->partial);
	free(made);
}

static bool find_events(struct adding *adding)
{
	const struct perf_script_summary *summary = &adding->from->summary;

	if (adding->from->too_many_events)
		return false;
	for (unsigned int i = 0; i < summary->event_count; i++) {
		const char *name = summary->events[i].name;

		adding->events[i] = perf_reader_find_event(
			&adding->whole->reader, name, strlen(name),
			summary->events[i].period);
		if (adding->events[i] == PERF_SCRIPT_EVENTS)
			return false;
	}
	return true;
}

/* Events part while a part is added, or between two, by a line. */
static void follow_nest(struct whole *whole)
{
	if (!whole->reader.parted || whole->nested)
		return;
	whole->nested = true;
	for (size_t i = 0; i < PARALLEL_THREADS_MAX; i++)
		partial_map_nested(&whole->maps[i]);
}

/* The events whose first sample came before the worker's name @name. */
static void begin_events(struct adding *adding, uint32_t name)
{
	const struct script_part *from = adding->from;
	struct perf_reader *reader = &adding->whole->reader;

	for (; adding->begun < from->summary.event_count &&
	       from->names_before[adding->begun] <= name;
	     adding->begun++) {
		const char *text = from->summary.events[adding->begun].name;

		if (reader->options->event &&
		    strcmp(text, reader->options->event))
			continue;
		perf_reader_part_events(reader, adding->events[adding->begun]);
		follow_nest(adding->whole);
	}
}

/* The event whose root has this name; PERF_SCRIPT_EVENTS: none. */
static unsigned int event_of_root(const struct script_part *from, uint32_t name)
{
	unsigned int i = 0;

	while (i < from->summary.event_count && from->event_roots[i] != name)
		i++;
	return i < from->summary.event_count ? i : PERF_SCRIPT_EVENTS;
}

static bool skip_name(void *context, uint32_t name)
{
	struct adding *adding = context;
	struct perf_reader *reader = &adding->whole->reader;
	unsigned int event = event_of_root(adding->from, name);

	begin_events(adding, name);
	if (event == PERF_SCRIPT_EVENTS)
		return false;
	if (reader->parted)
		perf_reader_event_root(reader, adding->events[event]);
	return true;
}

static uint32_t top(void *context, uint32_t name)
{
	struct adding *adding = context;
	struct perf_reader *reader = &adding->whole->reader;
	unsigned int event = event_of_root(adding->from, name);

	begin_events(adding, UINT32_MAX);
	if (!reader->parted)
		return PROFILE_ROOT;
	return profile_child(reader->profile, PROFILE_ROOT,
			     perf_reader_event_root(reader,
						    adding->events[event]));
}

static void add_samples(struct perf_reader *reader,
			const struct partial_map *map,
			const struct partial_profile *partial)
{
	struct sample_times *times = reader->options->times;

	for (size_t i = 0; i < partial->sample_count; i++) {
		const struct partial_sample *sample = &partial->samples[i];
		uint32_t node = map->nodes[sample->node];

		partial_weigh(sample, reader->profile, node);
		if (times)
			sample_times_add(times, sample->time, node,
					 sample->weight);
	}
}

static void add_summary(const struct adding *adding)
{
	const struct perf_script_summary *from = &adding->from->summary;
	const struct perf_reader *reader = &adding->whole->reader;
	const char *wanted = reader->options->event;
	struct perf_script_summary *summary = reader->summary;

	summary->samples += from->samples;
	summary->other += from->other;
	summary->all_periods &= from->all_periods;
	summary->all_times &= from->all_times;
	if (from->first_time < summary->first_time)
		summary->first_time = from->first_time;
	if (from->last_time > summary->last_time)
		summary->last_time = from->last_time;
	for (unsigned int i = 0; i < from->event_count; i++) {
		struct perf_script_event *event =
			&summary->events[adding->events[i]];

		event->samples += from->events[i].samples;
		if ((!wanted || !strcmp(event->name, wanted)) &&
		    event->period != from->events[i].period)
			event->period = 0;
	}
	problems_append(&summary->problems, &from->problems,
			reader->lines.line);
}

static bool add_part(void *context, unsigned int worker, const void *made)
{
	const struct script_part *from = made;
	struct adding adding = {
		.whole = context,
		.from = from,
		.begun = from->known,
	};
	const struct partial_special special = { &adding, skip_name, top };
	struct perf_reader *reader = &adding.whole->reader;

	if (!find_events(&adding))
		return false;
	follow_nest(adding.whole);
	partial_map_add(&adding.whole->maps[worker], &from->partial,
			reader->profile, &special);
	add_samples(reader, &adding.whole->maps[worker], &from->partial);
	add_summary(&adding);
	reader->lines.line += from->lines;
	return true;
}

static const struct parallel_format format = {
	.cut = cut,
	.line = read_line,
	.worker_new = worker_new,
	.worker_free = worker_free,
	.read = read_part,
	.partial_free = free_part,
	.add = add_part,
};

int perf_script_read(struct lines *lines,
		     const struct perf_script_options *options,
		     struct profile *profile,
		     struct perf_script_summary *summary, struct error *error)
{
	static const struct parallel alone = { .threads = 1 };
	struct whole *whole;
	struct perf_layout layout;
	size_t length;
	const char *begin = lines_peek(lines, &length);

	memset(summary, 0, sizeof(*summary));
	perf_layout_find(begin, length, &layout);
	if (layout.doubt)
		return error_set(error, -EINVAL, "%s: perf script, %s",
				 lines_name(lines), layout.doubt);
	whole = alloc_zeroed(1, sizeof(*whole));
	perf_reader_init(&whole->reader, options, &layout);
	perf_reader_profile(&whole->reader, profile);
	perf_reader_summary(&whole->reader, summary);
	summary->no_comm = layout.fields.no_comm;
	summary->no_objects = layout.no_objects;
	parallel_read(lines, options->table ? &alone : &options->parallel,
		      &format, whole);
	perf_reader_end(&whole->reader);
	for (size_t i = 0; i < PARALLEL_THREADS_MAX; i++)
		partial_map_free(&whole->maps[i]);
	perf_reader_free(&whole->reader);
	free(whole);
	return lines_failed(lines, error);
}
