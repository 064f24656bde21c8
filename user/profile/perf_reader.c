// SPDX-License-Identifier: GPL-2.0
/*
 * Samples begin with a line of their own and end where the next one begins, at
 * a blank line or with the text. A line of a call chain without its address
 * and offset repeats very often: what frame it stands for is looked up by its
 * bytes, so that each different one is taken apart once.
 */
#include "perf_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "perf_symbol.h"

#define NO_EVENT PERF_SCRIPT_EVENTS
#define ADDRESS_MAX 16 /* digits */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

void perf_reader_trim(struct line *line)
{
	while (line->length && is_blank(line->text[line->length - 1]))
		line->length--;
}

uint32_t perf_reader_event_root(struct perf_reader *reader, unsigned int event)
{
	const char *name = reader->summary->events[event].name;
	char text[sizeof(reader->summary->events[event].name) + 3];
	int length, begin = !reader->part;

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
		moments_nested(reader->options->times);
}

static void keep_sample(struct perf_reader *reader, uint32_t node)
{
	struct moments *times = reader->options->times;

	reader->summary->samples++;
	reader->summary->events[reader->event].samples++;
	if (reader->part) {
		part_add(reader->part, &(struct part_sample){
					       .weight = reader->weight,
					       .time = reader->time,
					       .node = node,
				       });
		return;
	}
	profile_weigh(reader->profile, node, reader->weight);
	if (times)
		moments_add(times, reader->time, node, reader->weight);
	if (reader->traces)
		perf_traces_sample(
			reader->traces, &reader->labels,
			reader->summary->events[reader->event].column,
			reader->weight);
}

static void end_sample(struct perf_reader *reader)
{
	uint32_t node = PROFILE_ROOT;

	if (!reader->open)
		return;
	reader->open = false;
	if (!reader->wanted)
		return;
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
	reader->roots[reader->root_count++] = profile_name(
		reader->profile, header->comm, header->comm_length);
	if (options->pid && header->has_pid)
		push_root(reader, "pid", header->pid);
	if (options->tid)
		push_root(reader, "tid", header->tid);
	if (options->cpu && header->has_cpu)
		push_root(reader, "cpu", header->cpu);
}

static uint32_t make_frame(struct perf_reader *reader, const char *text,
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

/* Most of a chain's bytes may be hexadecimal digits. */
static const bool hexadecimal[256] = {
	['0' ... '9'] = true,
	['a' ... 'f'] = true,
};

static bool is_hexadecimal(char c)
{
	return hexadecimal[(unsigned char)c];
}

/* Where the offset begins in "symbol+0x1a (object)", and behind it; or none. */
static bool find_offset(const char *text, size_t length, const char **begin,
			const char **end)
{
	const char *bracket = memrchr(text, '(', length), *at;

	if (!bracket || bracket < text + 4)
		return false;
	*end = at = bracket - 1;
	while (at > text && is_hexadecimal(at[-1]))
		at--;
	*begin = at - 3;
	return **end == ' ' && at != *end && at - text >= 4 &&
	       !memcmp(*begin, "+0x", 3);
}

/* The number of the line without its offset, which would tell it apart. */
static uint32_t find_key(struct perf_reader *reader, const char **text,
			 size_t *length)
{
	const char *begin, *end;
	size_t head, tail;

	if (find_offset(*text, *length, &begin, &end)) {
		head = (size_t)(begin - *text);
		tail = *length - (size_t)(end - *text);
		if (reader->key_room < *length) {
			reader->key_room = *length * 2;
			reader->key =
				alloc_resize(reader->key, reader->key_room, 1);
		}
		memcpy(reader->key, *text, head);
		memcpy(reader->key + head, end, tail);
		*text = reader->key;
		*length = head + tail;
	}
	return intern_add(reader->keys, *text, *length);
}

static size_t address_digits(const char *text, size_t length)
{
	size_t i = 0;

	while (i < length && i <= ADDRESS_MAX && is_hexadecimal(text[i]))
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
static void push_frame(struct perf_reader *reader, const char *digits,
		       size_t count, const char *text, size_t length)
{
	uint32_t key;

	if (reader->depth == PERF_SCRIPT_DEPTH_MAX) {
		if (!reader->too_deep)
			problems_add(&reader->summary->problems, reader->line,
				     "more than %u frames, the others left out",
				     PERF_SCRIPT_DEPTH_MAX);
		reader->too_deep = true;
		return;
	}
	key = find_key(reader, &text, &length);
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
static void push_single(struct perf_reader *reader,
			const struct perf_header *header)
{
	const char *text = header->rest;
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
	if (!reader->traces)
		return;
	perf_traces_clear(reader->traces);
	perf_traces_labels(reader->traces, header, &reader->labels);
	if (event->column == TRACES_NONE)
		event->column = perf_traces_event(reader->traces, event->name,
						  header->has_period);
}

static void begin_sample(struct perf_reader *reader,
			 const struct perf_header *header)
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
	event = perf_reader_find_event(reader, header->event,
				       header->event_length,
				       header->has_period ? header->period : 0);
	if (event == NO_EVENT) {
		problems_add(&reader->summary->problems, reader->line,
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
	reader->event = event;
	perf_reader_part_events(reader, event);
	reader->weight = options->samples || !header->has_period ?
				 1 :
				 (double)header->period;
	reader->time = header->time;
	tell_sample(reader, header);
	push_roots(reader, header);
	push_single(reader, header);
}

static void chain_line(struct perf_reader *reader, const struct line *line)
{
	size_t begin = 0, length = line->length, address, digits;
	const char *text = line->text;

	if (!reader->open) {
		problems_add(&reader->summary->problems, reader->line,
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

/* The line is trimmed, not empty, and holds no NUL. */
static bool is_header(const struct line *line, struct perf_header *header)
{
	return line->text[0] != '\t' &&
	       perf_header_parse(line->text, line->length, header) &&
	       (header->has_time || line->text[0] != '#');
}

bool perf_reader_begins(const struct line *line, struct perf_header *header)
{
	return line->length && !memchr(line->text, '\0', line->length) &&
	       is_header(line, header);
}

static void read_line(struct perf_reader *reader, struct line *line)
{
	struct problems *problems = &reader->summary->problems;
	struct perf_header header;

	if (line->too_long) {
		problems_add(problems, reader->line, "longer than %u bytes",
			     LINES_MAX);
		return;
	}
	perf_reader_trim(line);
	if (!line->length) {
		end_sample(reader);
		return;
	}
	if (memchr(line->text, '\0', line->length)) {
		problems_add(problems, reader->line,
			     "a NUL byte: this is not text");
		return;
	}
	if (line->text[0] == '\t') {
		chain_line(reader, line);
		return;
	}
	if (is_header(line, &header)) {
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
	problems_add(problems, reader->line,
		     "neither a frame nor the beginning of a sample");
}

bool perf_reader_line(struct perf_reader *reader, struct line *line)
{
	reader->line++;
	read_line(reader, line);
	return !reader->open;
}

void perf_reader_end(struct perf_reader *reader)
{
	end_sample(reader);
}

void perf_reader_init(struct perf_reader *reader,
		      const struct perf_script_options *options)
{
	*reader = (struct perf_reader){
		.options = options,
		.first = NO_EVENT,
		.traces = options->traces ? perf_traces_new(options->traces) :
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
}

void perf_reader_profile(struct perf_reader *reader, struct profile *profile)
{
	reader->profile = profile;
	intern_free(reader->keys);
	reader->keys = intern_new();
	reader->frame_count = 0;
	memset(reader->event_roots, 0xff, sizeof(reader->event_roots));
}

void perf_reader_free(struct perf_reader *reader)
{
	perf_traces_free(reader->traces);
	intern_free(reader->keys);
	free(reader->frames);
	free(reader->key);
	free(reader->chain);
}
