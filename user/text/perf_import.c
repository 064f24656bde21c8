// SPDX-License-Identifier: GPL-2.0
/*
 * Samples go into chunks of some megabytes, each with names of its own, so that
 * neither the text's length nor what it holds costs memory.
 */
#include "perf_import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../file/named_samples_writer.h"
#include "perf_keys.h"
#include "perf_lines.h"
#include "perf_symbol.h"

#define CHUNK_BYTES ((size_t)4 << 20)
#define SAMPLE_BYTES_MAX ((size_t)256 << 20)

/* A frame without its address. */
struct place {
	uint32_t name, object, kind;
};

struct import {
	struct perf_lines lines;
	struct perf_import_summary *summary;
	struct writer *writer;
	struct error *error; /* the writer's, */
	int result;	     /* … and its code */
	struct named_writer *named;
	struct string_table *events;
	struct perf_keys keys; /* their numbers index firsts */
	uint32_t *firsts;      /* by key: its first place, the innermost */
	size_t key_count, key_room;
	struct place *places;
	size_t place_count, place_room;
	uint32_t *frames; /* of the sample, the innermost first */
	size_t depth, room;
	struct named_sample sample;
	bool too_large;
	/* Of the chunk, as often as they are used. */
	uint64_t stack_frames, name_bytes;
};

/* False: there are too many. */
static bool find_event(struct import *import, const struct perf_header *header)
{
	size_t length = header->event_length;

	if (length >= PERF_SCRIPT_EVENT_NAME)
		length = PERF_SCRIPT_EVENT_NAME - 1;
	if (string_table_count(import->events) == PERF_SCRIPT_EVENTS &&
	    string_table_find(import->events, header->event, length) ==
		    INTERN_NONE)
		return false;
	string_table_add(import->events, header->event, length);
	import->sample.event =
		named_writer_text(import->named, header->event, length);
	return true;
}

static uint32_t find_thread(struct import *import,
			    const struct perf_header *header)
{
	const struct named_thread thread = {
		.comm = named_writer_text(import->named, header->comm,
					  header->comm_length),
		.pid = header->has_pid ? header->pid : 0,
		.tid = header->tid,
		.cpu = header->has_cpu ? header->cpu : 0,
		.known = (header->has_pid ? NAMED_PID : 0) |
			 (header->has_cpu ? NAMED_CPU : 0) |
			 (header->has_comm ? 0 : NAMED_NO_COMM) |
			 (header->has_tid ? 0 : NAMED_NO_TID),
	};

	return named_writer_thread(import->named, &thread);
}

/*
 * @length bytes of names that are in the chunk by now. False: no more of them.
 * The chunk may tell so many still, for the last ones are no longer than it is.
 */
static bool have_names(struct import *import, size_t length)
{
	import->name_bytes += length;
	return import->name_bytes / (NAMED_NAMES_MAX - 1) <
	       named_writer_bytes(import->named);
}

static bool take_header(void *context, const struct perf_header *header)
{
	struct import *import = context;

	if (perf_header_is_record(header)) {
		import->summary->other++;
		return false;
	}
	import->sample = (struct named_sample){
		.time = header->has_time ? header->time : 0,
		.period = header->has_period ? header->period : 0,
		.known = (header->has_time ? NAMED_TIME : 0) |
			 (header->has_period ? NAMED_PERIOD : 0),
	};
	if (!find_event(import, header)) {
		problems_add(&import->summary->problems, import->lines.line,
			     PERF_SCRIPT_EVENTS_PROBLEM, PERF_SCRIPT_EVENTS);
		return false;
	}
	import->sample.thread = find_thread(import, header);
	import->depth = 0;
	import->too_large =
		!have_names(import, header->comm_length + header->event_length);
	return true;
}

static void add_place(struct import *import, const struct perf_symbol *symbol)
{
	static const uint32_t kinds[PERF_KINDS] = {
		[PERF_PROGRAM] = NAMED_PROGRAM,
		[PERF_KERNEL] = NAMED_KERNEL,
		[PERF_GENERATED] = NAMED_GENERATED,
		[PERF_INLINED] = NAMED_INLINED,
	};
	struct place place = { .object = NAMED_NONE };

	place.name = named_writer_text(import->named, symbol->name,
				       symbol->name_length);
	if (symbol->object)
		place.object = named_writer_text(import->named, symbol->object,
						 symbol->object_length);
	place.kind = kinds[symbol->kind];
	import->places = alloc_grow(import->places, import->place_count,
				    &import->place_room,
				    sizeof(*import->places));
	import->places[import->place_count++] = place;
}

/* The places of a key that is met for the first time: bytes of their names. */
static size_t add_key(struct import *import, const char *text, size_t length)
{
	struct perf_symbol symbol, frame;
	size_t bytes = 0;
	bool more;

	import->firsts = alloc_grow(import->firsts, import->key_count,
				    &import->key_room, sizeof(*import->firsts));
	import->firsts[import->key_count++] = (uint32_t)import->place_count;
	perf_symbol_parse(text, length, &symbol);
	do {
		more = perf_symbol_take(&symbol, &frame);
		add_place(import, &frame);
		bytes += frame.name_length + frame.object_length;
	} while (more);
	return bytes;
}

static void push_frame(struct import *import, const struct perf_frame *frame,
		       const struct place *place)
{
	const struct named_frame named = {
		.address = perf_lines_address(frame),
		.name = place->name,
		.object = place->object,
		.kind = place->kind,
	};

	import->frames = alloc_grow(import->frames, import->depth,
				    &import->room, sizeof(*import->frames));
	import->frames[import->depth++] =
		named_writer_frame(import->named, &named);
}

static void take_frame(void *context, const struct perf_frame *frame)
{
	struct import *import = context;
	const char *text = frame->text;
	size_t length = frame->length;
	uint32_t key, end;

	if (import->too_large ||
	    named_writer_bytes(import->named) > SAMPLE_BYTES_MAX) {
		import->too_large = true;
		return;
	}
	key = perf_keys_find(&import->keys, &text, &length);
	if (key == import->key_count) {
		import->too_large =
			!have_names(import, add_key(import, text, length));
	}
	end = key + 1 < import->key_count ? import->firsts[key + 1] :
					    (uint32_t)import->place_count;
	for (uint32_t i = import->firsts[key]; i < end; i++)
		push_frame(import, frame, &import->places[i]);
}

static void tell_time(struct perf_import_summary *summary,
		      const struct named_sample *sample)
{
	summary->all_times &= !!(sample->known & NAMED_TIME);
	if (!summary->samples || sample->time < summary->first_time)
		summary->first_time = sample->time;
	if (sample->time > summary->last_time)
		summary->last_time = sample->time;
	summary->samples++;
}

/* What it holds is known no more. */
static void write_chunk(struct import *import)
{
	if (!import->result)
		import->result = named_writer_flush(
			import->named, import->writer, import->error);
	perf_keys_reset(&import->keys);
	import->place_count = 0;
	import->key_count = 0;
	import->stack_frames = 0;
	import->name_bytes = 0;
}

/* Half of what it may tell is told: another sample has room. */
static bool is_dense(const struct import *import)
{
	size_t bytes = named_writer_bytes(import->named);

	return import->stack_frames / (NAMED_FRAMES_MAX / 2) > bytes ||
	       import->name_bytes / (NAMED_NAMES_MAX / 2) > bytes;
}

static void add_sample(struct import *import)
{
	struct named_call call = { .caller = 0 };

	for (size_t i = import->depth; i-- > 0;) {
		call.frame = import->frames[i];
		call.caller = named_writer_call(import->named, &call);
	}
	import->sample.call = call.caller;
	import->stack_frames += import->depth;
	named_writer_sample(import->named, &import->sample);
	tell_time(import->summary, &import->sample);
}

static void take_end(void *context)
{
	struct import *import = context;

	if (import->too_large)
		problems_add(&import->summary->problems, import->lines.line,
			     "the sample before it is too large, left out");
	else
		add_sample(import);
	if (import->too_large || is_dense(import) ||
	    named_writer_bytes(import->named) >= CHUNK_BYTES)
		write_chunk(import);
}

static int read_lines(struct import *import, struct lines *lines)
{
	struct line line;
	int result;

	while (!import->result && lines_next(lines, &line))
		perf_lines_take(&import->lines, &line);
	result = import->result ? 0 : lines_failed(lines, import->error);
	if (result)
		return result;
	perf_lines_end(&import->lines);
	write_chunk(import);
	import->summary->unwritten = import->result;
	return import->result;
}

int perf_import(struct lines *lines, struct writer *writer,
		struct perf_import_summary *summary, struct error *error)
{
	static const struct perf_taker taker = {
		.begin = take_header,
		.frame = take_frame,
		.end = take_end,
	};
	size_t length;
	const char *begin = lines_peek(lines, &length);
	struct perf_layout layout;
	struct import import = {
		.lines = { .taker = &taker,
			   .layout = &layout,
			   .problems = &summary->problems },
		.summary = summary,
		.writer = writer,
		.error = error,
		.named = named_writer_new(),
		.events = string_table_new(),
	};
	int result;

	memset(summary, 0, sizeof(*summary));
	summary->all_times = true;
	perf_layout_find(begin, length, &layout);
	if (layout.doubt) {
		named_writer_free(import.named);
		string_table_free(import.events);
		return error_set(error, -EINVAL, "%s: perf script, %s",
				 lines_name(lines), layout.doubt);
	}
	import.lines.context = &import;
	perf_keys_reset(&import.keys);
	result = read_lines(&import, lines);
	named_writer_free(import.named);
	string_table_free(import.events);
	perf_keys_free(&import.keys);
	perf_lines_free(&import.lines);
	free(import.places);
	free(import.firsts);
	free(import.frames);
	return result;
}
