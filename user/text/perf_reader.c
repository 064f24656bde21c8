// SPDX-License-Identifier: GPL-2.0
/* See perf_reader.h. Frames that perf prints alike are made once. */
#include "perf_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

#define NO_EVENT PERF_SCRIPT_EVENTS

uint32_t perf_reader_event_root(struct perf_reader *reader, unsigned int event)
{
	const char *name = reader->summary->events[event].name;
	char text[sizeof(reader->summary->events[event].name) + 3];
	int length, begin = !reader->partial;

	if (reader->event_roots[event] == PROFILE_NONE) {
		/* Lines with a NUL are refused, so no frame begins with one. */
		length = snprintf(text, sizeof(text), "%c[%s]", '\0', name);
		reader->event_roots[event] =
			profile_name(reader->profile, text + begin,
				     (size_t)(length - begin));
	}
	return reader->event_roots[event];
}

void perf_reader_part_events(struct perf_reader *reader, unsigned int event)
{
	if (reader->first == NO_EVENT)
		reader->first = event;
	if (reader->first == event || reader->parted)
		return;
	reader->parted = true;
	profile_nest(reader->profile,
		     perf_reader_event_root(reader, reader->first));
	if (reader->options->times)
		sample_times_nested(reader->options->times);
}

static void weigh(struct perf_reader *reader, uint32_t node, double weight,
		  bool more)
{
	struct sample_times *times = reader->options->times;
	const struct partial_sample sample = {
		.weight = weight,
		.time = reader->time,
		.node = node,
		.more = more,
	};

	if (reader->partial) {
		partial_add(reader->partial, &sample);
		return;
	}
	partial_weigh(&sample, reader->profile, node);
	if (times)
		sample_times_add(times, reader->time, node, weight);
}

static void keep_sample(struct perf_reader *reader, uint32_t node)
{
	/* What a double of a large period cannot hold is added apart. */
	uint64_t rest = reader->weight >> 53 ? reader->weight & 0xffff : 0;

	reader->summary->samples++;
	reader->summary->events[reader->event].samples++;
	weigh(reader, node, (double)(reader->weight - rest), false);
	if (rest)
		weigh(reader, node, (double)rest, true);
	if (reader->partial)
		return;
	if (reader->table)
		perf_traces_sample(
			reader->table, &reader->labels,
			reader->summary->events[reader->event].column,
			(double)reader->weight, reader->time);
}

void perf_reader_end_sample(struct perf_reader *reader)
{
	uint32_t node = PROFILE_ROOT;

	if (reader->parted)
		node = profile_child(reader->profile, node,
				     perf_reader_event_root(reader,
							    reader->event));
	for (unsigned int i = 0; i < reader->root_count; i++)
		node = profile_child(reader->profile, node, reader->roots[i]);
	for (size_t i = reader->depth; i-- > 0;)
		node = profile_child(reader->profile, node, reader->chain[i]);
	keep_sample(reader, node);
}

unsigned int perf_reader_find_event(struct perf_reader *reader,
				    const char *name, size_t length,
				    uint64_t period)
{
	struct perf_script_summary *summary = reader->summary;
	size_t room = sizeof(summary->events[0].name);
	unsigned int i = 0;

	length = length < room ? length : room - 1;
	for (; i < summary->event_count; i++)
		if (!memcmp(summary->events[i].name, name, length) &&
		    !summary->events[i].name[length])
			return i;
	if (i == PERF_SCRIPT_EVENTS) {
		reader->too_many_events = true;
		return NO_EVENT;
	}
	reader->names_before[i] = profile_names(reader->profile);
	memcpy(summary->events[i].name, name, length);
	summary->events[i].period = period;
	summary->event_count++;
	return i;
}

static void push_root(struct perf_reader *reader, const char *what,
		      uint32_t number)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "[%s %u]", what, number);

	reader->roots[reader->root_count++] =
		profile_name(reader->profile, text, (size_t)length);
}

static void push_roots(struct perf_reader *reader,
		       const struct perf_header *header)
{
	const struct perf_script_options *options = reader->options;

	reader->root_count = 0;
	if (options->modules)
		return;
	if (header->has_comm)
		reader->roots[reader->root_count++] = profile_name(
			reader->profile, header->comm, header->comm_length);
	if (options->pid && header->has_pid)
		push_root(reader, "pid", header->pid);
	if (options->tid && header->has_tid)
		push_root(reader, "tid", header->tid);
	if (options->cpu && header->has_cpu)
		push_root(reader, "cpu", header->cpu);
}

void perf_reader_add_frame(struct perf_reader *reader,
			   const struct perf_symbol *symbol)
{
	size_t length;
	char *name = perf_symbol_frame(symbol, reader->options->modules,
				       reader->options->mangled, &length);

	reader->frames = alloc_grow(reader->frames, reader->frame_count,
				    &reader->frame_room,
				    sizeof(*reader->frames));
	reader->frames[reader->frame_count++] =
		profile_name(reader->profile, name, length);
	if (reader->table)
		perf_traces_frame(reader->table, symbol, name, length);
	free(name);
}

void perf_reader_push(struct perf_reader *reader, uint32_t frame,
		      uint64_t address)
{
	reader->chain = alloc_grow(reader->chain, reader->depth,
				   &reader->chain_room, sizeof(*reader->chain));
	reader->chain[reader->depth++] = reader->frames[frame];
	if (reader->table)
		perf_traces_push(reader->table, frame, address);
}

/* The frames of a key that is met for the first time. */
static void add_key(struct perf_reader *reader, const char *text, size_t length)
{
	struct perf_symbol symbol, frame;
	bool more;

	reader->firsts = alloc_grow(reader->firsts, reader->key_count,
				    &reader->key_room, sizeof(*reader->firsts));
	reader->firsts[reader->key_count++] = (uint32_t)reader->frame_count;
	perf_symbol_parse(text, length, &symbol);
	do {
		more = perf_symbol_take(&symbol, &frame);
		perf_reader_add_frame(reader, &frame);
	} while (more);
}

static void take_frame(void *context, const struct perf_frame *frame)
{
	struct perf_reader *reader = context;
	const char *text = frame->text;
	size_t length = frame->length;
	uint32_t key = perf_keys_find(&reader->keys, &text, &length);
	uint32_t end;

	if (key == reader->key_count)
		add_key(reader, text, length);
	end = key + 1 < reader->key_count ? reader->firsts[key + 1] :
					    (uint32_t)reader->frame_count;
	for (uint32_t i = reader->firsts[key]; i < end; i++)
		perf_reader_push(reader, i,
				 reader->table ? perf_lines_address(frame) : 0);
}

/* What the summary and the traces have of a sample's first line. */
static void tell_sample(struct perf_reader *reader,
			const struct perf_header *header)
{
	struct perf_script_summary *summary = reader->summary;
	struct perf_script_event *event = &summary->events[reader->event];

	summary->all_periods &= header->has_period;
	summary->all_times &= header->has_time;
	if (header->time < summary->first_time)
		summary->first_time = header->time;
	if (header->time > summary->last_time)
		summary->last_time = header->time;
	if (!header->has_period || header->period != event->period)
		event->period = 0;
	if (!reader->table)
		return;
	perf_traces_clear(reader->table);
	perf_traces_labels(reader->table, header, &reader->labels);
	if (event->column == TRACES_NONE)
		event->column = perf_traces_event(
			reader->table, event->name,
			header->has_period && !reader->options->samples);
}

bool perf_reader_begin_sample(struct perf_reader *reader,
			      const struct perf_header *header)
{
	const struct perf_script_options *options = reader->options;
	unsigned int event;

	reader->depth = 0;
	if (perf_header_is_record(header)) {
		reader->summary->other++;
		return false;
	}
	event = perf_reader_find_event(reader, header->event,
				       header->event_length,
				       header->has_period ? header->period : 0);
	if (event == NO_EVENT) {
		problems_add(&reader->summary->problems, reader->lines.line,
			     PERF_SCRIPT_EVENTS_PROBLEM, PERF_SCRIPT_EVENTS);
		return false;
	}
	if (options->event &&
	    strcmp(reader->summary->events[event].name, options->event)) {
		reader->summary->events[event].samples++;
		return false;
	}
	reader->event = event;
	perf_reader_part_events(reader, event);
	reader->weight =
		options->samples || !header->has_period ? 1 : header->period;
	reader->time = header->time;
	tell_sample(reader, header);
	push_roots(reader, header);
	return true;
}

static bool take_header(void *context, const struct perf_header *header)
{
	return perf_reader_begin_sample(context, header);
}

static void take_end(void *context)
{
	perf_reader_end_sample(context);
}

bool perf_reader_line(struct perf_reader *reader, struct line *line)
{
	return perf_lines_take(&reader->lines, line);
}

void perf_reader_end(struct perf_reader *reader)
{
	perf_lines_end(&reader->lines);
}

void perf_reader_init(struct perf_reader *reader,
		      const struct perf_script_options *options,
		      const struct perf_layout *layout)
{
	static const struct perf_taker taker = {
		.begin = take_header,
		.frame = take_frame,
		.end = take_end,
	};

	*reader = (struct perf_reader){
		.lines = { .taker = &taker,
			   .context = reader,
			   .layout = layout },
		.options = options,
		.first = NO_EVENT,
		.table = options->table ? perf_traces_new(options->table) :
					  NULL,
	};
}

void perf_reader_summary(struct perf_reader *reader,
			 struct perf_script_summary *summary)
{
	memset(summary, 0, sizeof(*summary));
	summary->all_periods = true;
	summary->all_times = true;
	summary->first_time = UINT64_MAX;
	for (unsigned int i = 0; i < PERF_SCRIPT_EVENTS; i++)
		summary->events[i].column = TRACES_NONE;
	reader->summary = summary;
	reader->lines.problems = &summary->problems;
}

void perf_reader_profile(struct perf_reader *reader, struct profile *profile)
{
	reader->profile = profile;
	perf_keys_reset(&reader->keys);
	reader->frame_count = 0;
	reader->key_count = 0;
	memset(reader->event_roots, 0xff, sizeof(reader->event_roots));
}

void perf_reader_free(struct perf_reader *reader)
{
	perf_traces_free(reader->table);
	perf_keys_free(&reader->keys);
	perf_lines_free(&reader->lines);
	free(reader->frames);
	free(reader->firsts);
	free(reader->chain);
}
