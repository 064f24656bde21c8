// SPDX-License-Identifier: GPL-2.0
/*
 * What the chunks hold goes the way that the lines of the text went: through
 * perf_reader.h, so that the same comes of it.
 */
#include "perf_imported.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "perf_reader.h"

struct imported {
	struct perf_reader reader;
	struct recording *recording;
	struct string_table *keys; /* frames without their addresses */
	char *key;
	size_t key_room;
	uint32_t *frames; /* the reader's, by the chunk's places */
	size_t frame_room;
	bool too_deep;
};

static struct perf_symbol symbol_of(const struct named *named,
				    const struct named_frame *frame)
{
	static const enum perf_kind kinds[] = {
		[NAMED_PROGRAM] = PERF_PROGRAM,
		[NAMED_KERNEL] = PERF_KERNEL,
		[NAMED_GENERATED] = PERF_GENERATED,
		[NAMED_INLINED] = PERF_INLINED,
	};
	struct perf_symbol symbol = { .kind = kinds[frame->kind] };

	symbol.name = named_text(named, frame->name, &symbol.name_length);
	if (frame->object != NAMED_NONE)
		symbol.object =
			named_text(named, frame->object, &symbol.object_length);
	return symbol;
}

/* The same in each chunk: kind, name, and behind a NUL the object. */
static uint32_t find_key(struct imported *imported,
			 const struct perf_symbol *symbol)
{
	size_t length = 2 + symbol->name_length + symbol->object_length;

	if (imported->key_room < length) {
		imported->key_room = length * 2;
		imported->key =
			alloc_resize(imported->key, imported->key_room, 1);
	}
	imported->key[0] = (char)symbol->kind;
	memcpy(imported->key + 1, symbol->name, symbol->name_length);
	imported->key[1 + symbol->name_length] = '\0';
	if (symbol->object_length)
		memcpy(imported->key + 2 + symbol->name_length, symbol->object,
		       symbol->object_length);
	return string_table_add(imported->keys, imported->key, length);
}

/* None of the chunk's is known. */
static void forget_frames(struct imported *imported, const struct named *named)
{
	size_t count = named->place_count;

	if (imported->frame_room < count) {
		imported->frame_room = count;
		imported->frames = alloc_resize(imported->frames, count,
						sizeof(*imported->frames));
	}
	if (count)
		memset(imported->frames, 0xff,
		       count * sizeof(*imported->frames));
}

/* Made when a sample has it, which is the order of the text. */
static uint32_t find_frame(struct imported *imported, const struct named *named,
			   uint32_t number)
{
	uint32_t *frame = &imported->frames[named->places[number]];
	uint32_t known = string_table_count(imported->keys);
	struct perf_symbol symbol;

	if (*frame != UINT32_MAX)
		return *frame;
	symbol = symbol_of(named, &named->frames[number]);
	*frame = find_key(imported, &symbol);
	if (*frame == known)
		perf_reader_add_frame(&imported->reader, &symbol);
	return *frame;
}

static struct perf_header header_of(const struct named *named,
				    const struct named_sample *sample)
{
	const struct named_thread *thread = &named->threads[sample->thread];
	struct perf_header header = {
		.rest = "",
		.pid = thread->pid,
		.tid = thread->tid,
		.cpu = thread->cpu,
		.has_comm = !(thread->known & NAMED_NO_COMM),
		.has_tid = !(thread->known & NAMED_NO_TID),
		.has_pid = thread->known & NAMED_PID,
		.has_cpu = thread->known & NAMED_CPU,
		.has_time = sample->known & NAMED_TIME,
		.has_period = sample->known & NAMED_PERIOD,
		.time = sample->time,
		.period = sample->period,
	};

	header.comm = named_text(named, thread->comm, &header.comm_length);
	header.event = named_text(named, sample->event, &header.event_length);
	return header;
}

static void add_sample(struct imported *imported, const struct named *named,
		       const struct named_sample *sample)
{
	struct perf_header header = header_of(named, sample);
	uint32_t number = sample->call;
	unsigned int depth = 0;

	if (!perf_reader_begin_sample(&imported->reader, &header))
		return;
	for (; number && depth < PERF_SCRIPT_DEPTH_MAX; depth++) {
		const struct named_call *call = &named->calls[number - 1];

		perf_reader_push(&imported->reader,
				 find_frame(imported, named, call->frame),
				 named->frames[call->frame].address);
		number = call->caller;
	}
	imported->too_deep |= !!number;
	perf_reader_end_sample(&imported->reader);
}

static int tell_change(const struct recording *recording, struct error *error)
{
	return error_set(error, -EIO,
			 "%s: changed or became unreadable while it was read",
			 recording_path(recording));
}

static int add_chunk(struct imported *imported, size_t number,
		     struct error *error)
{
	struct recording *recording = imported->recording;
	struct named named;

	if (!recording_named(recording, number, &named))
		return 0;
	/* What was copied before a "no" is sound. */
	if (recording_broken(recording)) {
		named_free(&named);
		return tell_change(recording, error);
	}
	forget_frames(imported, &named);
	for (uint32_t i = 0; i < named.count.samples; i++)
		add_sample(imported, &named, &named.samples[i]);
	named_free(&named);
	return 0;
}

int perf_imported_read(struct recording *recording,
		       const struct perf_script_options *options,
		       struct profile *profile,
		       struct perf_script_summary *summary, struct error *error)
{
	struct imported imported = { .recording = recording,
				     .keys = string_table_new() };
	size_t count = recording_named_count(recording);
	int result = 0;

	perf_reader_init(&imported.reader, options, NULL);
	perf_reader_profile(&imported.reader, profile);
	perf_reader_summary(&imported.reader, summary);
	for (size_t i = 0; i < count && !result; i++)
		result = add_chunk(&imported, i, error);
	if (!result && recording_shrunk(recording))
		result = tell_change(recording, error);
	if (imported.too_deep)
		recording_add_damage(
			recording,
			"%s: stacks of more than %u frames, the others left out",
			recording_path(recording), PERF_SCRIPT_DEPTH_MAX);
	perf_reader_free(&imported.reader);
	string_table_free(imported.keys);
	free(imported.key);
	free(imported.frames);
	return result;
}
