// SPDX-License-Identifier: GPL-2.0
/*
 * Samples begin with a line of their own and end where the next one begins, at
 * a blank line or with the text. A line of a call chain without its address
 * and offset repeats very often: what frame it stands for is looked up by its
 * bytes, so that each different one is taken apart once.
 */
#include "perf_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/intern.h"
#include "perf_header.h"
#include "perf_symbol.h"
#include "perf_traces.h"

#define NO_EVENT PERF_SCRIPT_EVENTS
#define ADDRESS_MAX 16 /* digits */

struct reader {
	struct lines *lines;
	const struct perf_script_options *options;
	struct profile *profile;
	struct perf_script_summary *summary;
	struct intern *keys; /* chain lines; their numbers index frames */
	uint32_t *frames;    /* names of the profile */
	size_t frame_count, frame_room;
	uint32_t *chain; /* of the sample, innermost first */
	size_t depth, chain_room;
	uint32_t event_roots[PERF_SCRIPT_EVENTS]; /* names, or PROFILE_NONE */
	unsigned int first; /* event; NO_EVENT: none yet */
	bool parted;
	bool open;   /* a sample has begun */
	bool wanted; /* and is to be kept */
	bool too_deep;
	bool single; /* its only frame stood on its first line */
	unsigned int event;
	double weight;
	uint64_t time;
	uint32_t roots[4]; /* innermost last */
	unsigned int root_count;
	struct perf_traces *traces; /* NULL: not wanted */
	struct trace_labels labels;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void trim(struct line *line)
{
	while (line->length && is_blank(line->text[line->length - 1]))
		line->length--;
}

static uint32_t event_root(struct reader *reader, unsigned int event)
{
	const char *name = reader->summary->events[event].name;
	char text[sizeof(reader->summary->events[event].name) + 2];
	int length;

	if (reader->event_roots[event] == PROFILE_NONE) {
		length = snprintf(text, sizeof(text), "[%s]", name);
		reader->event_roots[event] =
			profile_name(reader->profile, text, (size_t)length);
	}
	return reader->event_roots[event];
}

/* Samples of a second event: from now on, each has a root. */
static void part_events(struct reader *reader, unsigned int event)
{
	reader->event = event;
	if (reader->first == NO_EVENT)
		reader->first = event;
	if (reader->first == event || reader->parted)
		return;
	reader->parted = true;
	profile_nest(reader->profile, event_root(reader, reader->first));
	if (reader->options->times)
		moments_nested(reader->options->times);
}

static void end_sample(struct reader *reader)
{
	const struct perf_script_options *options = reader->options;
	uint32_t node = PROFILE_ROOT;

	if (!reader->open)
		return;
	reader->open = false;
	if (!reader->wanted)
		return;
	if (reader->parted)
		node = profile_child(reader->profile, node,
				     event_root(reader, reader->event));
	for (unsigned int i = 0; i < reader->root_count; i++)
		node = profile_child(reader->profile, node, reader->roots[i]);
	for (size_t i = reader->depth; i-- > 0;)
		node = profile_child(reader->profile, node, reader->chain[i]);
	profile_weigh(reader->profile, node, reader->weight);
	if (options->times)
		moments_add(options->times, reader->time, node, reader->weight);
	if (reader->traces)
		perf_traces_sample(
			reader->traces, &reader->labels,
			reader->summary->events[reader->event].column,
			reader->weight);
	reader->summary->samples++;
	reader->summary->events[reader->event].samples++;
}

/* NO_EVENT: there are too many. */
static unsigned int find_event(struct reader *reader,
			       const struct perf_header *header)
{
	struct perf_script_summary *summary = reader->summary;
	size_t room = sizeof(summary->events[0].name);
	size_t length = header->event_length < room ? header->event_length :
						      room - 1;
	unsigned int i = 0;

	for (; i < summary->event_count; i++)
		if (!memcmp(summary->events[i].name, header->event, length) &&
		    !summary->events[i].name[length])
			return i;
	if (i == PERF_SCRIPT_EVENTS)
		return NO_EVENT;
	memcpy(summary->events[i].name, header->event, length);
	summary->events[i].period = header->has_period ? header->period : 0;
	summary->event_count++;
	return i;
}

static void push_root(struct reader *reader, const char *what, uint32_t number)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "[%s %u]", what, number);

	reader->roots[reader->root_count++] =
		profile_name(reader->profile, text, (size_t)length);
}

static void push_roots(struct reader *reader, const struct perf_header *header)
{
	const struct perf_script_options *options = reader->options;

	reader->root_count = 0;
	if (options->modules)
		return;
	reader->roots[reader->root_count++] = profile_name(
		reader->profile, header->comm, header->comm_length);
	if (options->pid && header->has_pid)
		push_root(reader, "pid", header->pid);
	if (options->tid)
		push_root(reader, "tid", header->tid);
	if (options->cpu && header->has_cpu)
		push_root(reader, "cpu", header->cpu);
}

static uint32_t make_frame(struct reader *reader, const char *text,
			   size_t length)
{
	struct perf_symbol symbol;
	uint32_t frame;
	char *name;

	perf_symbol_parse(text, length, &symbol);
	name = perf_symbol_frame(&symbol, reader->options->modules, &length);
	frame = profile_name(reader->profile, name, length);
	if (reader->traces)
		perf_traces_frame(reader->traces, &symbol, name, length);
	free(name);
	return frame;
}

/* Cut the offset out of "symbol+0x1a (object)", where it is in the way. */
static size_t drop_offset(char *text, size_t length)
{
	char *bracket = memrchr(text, '(', length), *end, *begin;

	if (!bracket || bracket < text + 4)
		return length;
	end = begin = bracket - 1;
	while (begin > text && ((begin[-1] >= '0' && begin[-1] <= '9') ||
				(begin[-1] >= 'a' && begin[-1] <= 'f')))
		begin--;
	if (*end != ' ' || begin == end || begin - text < 4 ||
	    memcmp(begin - 3, "+0x", 3))
		return length;
	memmove(begin - 3, end, length - (size_t)(end - text));
	return length - (size_t)(end - begin) - 3;
}

static size_t address_digits(const char *text, size_t length)
{
	size_t i = 0;

	while (i < length && i <= ADDRESS_MAX &&
	       ((text[i] >= '0' && text[i] <= '9') ||
		(text[i] >= 'a' && text[i] <= 'f')))
		i++;
	return i <= ADDRESS_MAX && (i == length || text[i] == ' ') ? i : 0;
}

static uint64_t address_of(const char *digits, size_t count)
{
	uint64_t address = 0;

	for (size_t i = 0; i < count; i++)
		address = address << 4 |
			  (uint64_t)(digits[i] <= '9' ? digits[i] - '0' :
							digits[i] - 'a' + 10);
	return address;
}

/* A frame that @digits are the address of; @text: behind it. */
static void push_frame(struct reader *reader, const char *digits, size_t count,
		       char *text, size_t length)
{
	uint32_t key;

	if (reader->depth == PERF_SCRIPT_DEPTH_MAX) {
		if (!reader->too_deep)
			problems_add(&reader->summary->problems, reader->lines,
				     "more than %u frames, the others left out",
				     PERF_SCRIPT_DEPTH_MAX);
		reader->too_deep = true;
		return;
	}
	length = drop_offset(text, length);
	key = intern_add(reader->keys, text, length);
	if (key == reader->frame_count) {
		reader->frames = alloc_grow(reader->frames, reader->frame_count,
					    &reader->frame_room,
					    sizeof(*reader->frames));
		reader->frames[reader->frame_count++] =
			make_frame(reader, text, length);
	}
	reader->chain = alloc_grow(reader->chain, reader->depth,
				   &reader->chain_room, sizeof(*reader->chain));
	reader->chain[reader->depth++] = reader->frames[key];
	if (reader->traces)
		perf_traces_push(reader->traces, key,
				 address_of(digits, count));
}

/* Samples without a call chain have their frame on the same line. */
static void push_single(struct reader *reader, struct perf_header *header)
{
	char *text = (char *)header->rest; /* in the line's own buffer */
	size_t length = header->rest_length;
	size_t digits = address_digits(text, length), skip = digits;

	if (!skip || skip == length || text[length - 1] != ')')
		return;
	while (skip < length && text[skip] == ' ')
		skip++;
	push_frame(reader, text, digits, text + skip, length - skip);
	reader->single = true;
}

/* What the summary and the traces have of a sample's first line. */
static void tell_sample(struct reader *reader, const struct perf_header *header)
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
	if (!reader->traces)
		return;
	perf_traces_clear(reader->traces);
	perf_traces_labels(reader->traces, header, &reader->labels);
	if (event->column == TRACES_NONE)
		event->column = perf_traces_event(reader->traces, event->name,
						  header->has_period);
}

static void begin_sample(struct reader *reader, struct perf_header *header)
{
	static const char record[] = "PERF_RECORD_";
	const struct perf_script_options *options = reader->options;
	unsigned int event;

	end_sample(reader);
	reader->open = true;
	reader->wanted = false;
	reader->depth = 0;
	reader->too_deep = false;
	reader->single = false;
	if ((header->event_length >= sizeof(record) - 1 &&
	     !memcmp(header->event, record, sizeof(record) - 1)) ||
	    (header->rest_length >= sizeof(record) - 1 &&
	     !memcmp(header->rest, record, sizeof(record) - 1))) {
		reader->summary->other++;
		return;
	}
	event = find_event(reader, header);
	if (event == NO_EVENT) {
		problems_add(&reader->summary->problems, reader->lines,
			     "more than %u different events",
			     PERF_SCRIPT_EVENTS);
		return;
	}
	if (options->event &&
	    strcmp(reader->summary->events[event].name, options->event)) {
		reader->summary->events[event].samples++;
		return;
	}
	reader->wanted = true;
	part_events(reader, event);
	reader->weight = options->samples || !header->has_period ?
				 1 :
				 (double)header->period;
	reader->time = header->time;
	tell_sample(reader, header);
	push_roots(reader, header);
	push_single(reader, header);
}

static void chain_line(struct reader *reader, struct line *line)
{
	size_t begin = 0, length = line->length, address, digits;
	char *text = line->text;

	if (!reader->open) {
		problems_add(&reader->summary->problems, reader->lines,
			     "a frame, but no sample that it belongs to");
		return;
	}
	if (!reader->wanted)
		return;
	while (is_blank(text[begin]))
		begin++;
	address = address_digits(text + begin, length - begin);
	/* Two blanks and no address: a place in the source, not a frame. */
	if (!address && text[0] != '\t' && text[length - 1] != ')')
		return;
	digits = begin;
	begin += address;
	while (begin < length && text[begin] == ' ')
		begin++;
	/* perf repeats in the chain what it has shown on the first line. */
	if (reader->single) {
		reader->single = false;
		reader->depth = 0;
		if (reader->traces)
			perf_traces_clear(reader->traces);
	}
	push_frame(reader, text + digits, address, text + begin,
		   length - begin);
}

static void read_line(struct reader *reader, struct line *line)
{
	struct problems *problems = &reader->summary->problems;
	struct perf_header header;

	if (line->too_long) {
		problems_add(problems, reader->lines, "longer than %u bytes",
			     LINES_MAX);
		return;
	}
	trim(line);
	if (!line->length) {
		end_sample(reader);
		return;
	}
	if (memchr(line->text, '\0', line->length)) {
		problems_add(problems, reader->lines,
			     "a NUL byte: this is not text");
		return;
	}
	if (line->text[0] == '\t') {
		chain_line(reader, line);
		return;
	}
	if (perf_header_parse(line->text, line->length, &header) &&
	    (header.has_time || line->text[0] != '#')) {
		begin_sample(reader, &header);
		return;
	}
	if (line->text[0] == ' ') {
		chain_line(reader, line);
		return;
	}
	if (line->text[0] == '#')
		return;
	end_sample(reader);
	/* Its frames are no further problems. */
	reader->open = true;
	reader->wanted = false;
	problems_add(problems, reader->lines,
		     "neither a frame nor the beginning of a sample");
}

int perf_script_read(struct lines *lines,
		     const struct perf_script_options *options,
		     struct profile *profile,
		     struct perf_script_summary *summary, struct error *error)
{
	struct reader reader = {
		.lines = lines,
		.options = options,
		.profile = profile,
		.summary = summary,
		.keys = intern_new(),
		.first = NO_EVENT,
		.traces = options->traces ? perf_traces_new(options->traces) :
					    NULL,
	};
	struct line line;

	memset(reader.event_roots, 0xff, sizeof(reader.event_roots));
	memset(summary, 0, sizeof(*summary));
	summary->all_periods = true;
	summary->all_times = true;
	summary->first_time = UINT64_MAX;
	for (unsigned int i = 0; i < PERF_SCRIPT_EVENTS; i++)
		summary->events[i].column = TRACES_NONE;
	while (lines_next(lines, &line))
		read_line(&reader, &line);
	end_sample(&reader);
	perf_traces_free(reader.traces);
	intern_free(reader.keys);
	free(reader.frames);
	free(reader.chain);
	return lines_failed(lines, error);
}

bool perf_script_is(const char *text, size_t length)
{
	const char *end = text + length, *newline;
	struct perf_header header;
	struct line line;

	for (; text < end; text = newline + 1) {
		newline = memchr(text, '\n', (size_t)(end - text));
		if (!newline)
			newline = end;
		line.text = (char *)text;
		line.length = (size_t)(newline - text);
		trim(&line);
		if (!line.length || *text == '#')
			continue;
		if (!perf_header_parse(text, line.length, &header))
			return false;
		/* Without a time it could be anything: a chain must follow. */
		return header.has_time ||
		       (newline + 1 < end && newline[1] == '\t');
	}
	return false;
}
