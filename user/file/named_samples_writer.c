// SPDX-License-Identifier: GPL-2.0
/*
 * See named_samples_writer.h. Equal entries are those of equal bytes.
 */
#include "named_samples_writer.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/string_table.h"
#include "writer.h"

enum { FRAMES, THREADS, CALLS, TEXTS, TABLES };

static const size_t entry_bytes[TEXTS] = {
	[FRAMES] = sizeof(struct named_frame),
	[THREADS] = sizeof(struct named_thread),
	[CALLS] = sizeof(struct named_call),
};

struct named_writer {
	struct string_table *tables[TABLES];
	struct named_sample *samples;
	size_t sample_count, sample_room;
	size_t text_bytes;
};

/* No entries, no samples. */
static void begin_chunk(struct named_writer *named)
{
	for (int i = 0; i < TABLES; i++) {
		string_table_free(named->tables[i]);
		named->tables[i] = string_table_new();
	}
	named->sample_count = 0;
	named->text_bytes = 0;
}

struct named_writer *named_writer_new(void)
{
	struct named_writer *named = alloc_zeroed(1, sizeof(*named));

	begin_chunk(named);
	return named;
}

void named_writer_free(struct named_writer *named)
{
	if (!named)
		return;
	for (int i = 0; i < TABLES; i++)
		string_table_free(named->tables[i]);
	free(named->samples);
	free(named);
}

uint32_t named_writer_text(struct named_writer *named, const char *text,
			   size_t length)
{
	uint32_t before = string_table_count(named->tables[TEXTS]);
	uint32_t number = string_table_add(named->tables[TEXTS], text, length);

	if (number == before)
		named->text_bytes += length;
	return number;
}

static uint32_t add(struct named_writer *named, int table, const void *entry)
{
	return string_table_add(named->tables[table], entry,
				entry_bytes[table]);
}

uint32_t named_writer_frame(struct named_writer *named,
			    const struct named_frame *frame)
{
	return add(named, FRAMES, frame);
}

uint32_t named_writer_thread(struct named_writer *named,
			     const struct named_thread *thread)
{
	return add(named, THREADS, thread);
}

uint32_t named_writer_call(struct named_writer *named,
			   const struct named_call *call)
{
	return add(named, CALLS, call) + 1;
}

void named_writer_sample(struct named_writer *named,
			 const struct named_sample *sample)
{
	named->samples = alloc_grow(named->samples, named->sample_count,
				    &named->sample_room, sizeof(*sample));
	named->samples[named->sample_count++] = *sample;
}

static size_t table_bytes(const struct named_writer *named, int table)
{
	return string_table_count(named->tables[table]) * entry_bytes[table];
}

static size_t text_ends_bytes(const struct named_writer *named)
{
	return string_table_count(named->tables[TEXTS]) * sizeof(uint32_t);
}

size_t named_writer_bytes(const struct named_writer *named)
{
	size_t bytes = sizeof(struct chunk_named) +
		       named->sample_count * sizeof(*named->samples) +
		       text_ends_bytes(named) + named->text_bytes;

	for (int i = 0; i < TEXTS; i++)
		bytes += table_bytes(named, i);
	return bytes;
}

static void put(unsigned char **at, const void *data, size_t length)
{
	if (length)
		memcpy(*at, data, length);
	*at += length;
}

static void put_table(const struct named_writer *named, int table,
		      unsigned char **at)
{
	for (uint32_t i = 0; i < string_table_count(named->tables[table]); i++)
		put(at, string_table_text(named->tables[table], i),
		    entry_bytes[table]);
}

static void put_texts(const struct named_writer *named, unsigned char **at)
{
	const struct string_table *texts = named->tables[TEXTS];
	uint32_t end = 0;

	for (uint32_t i = 0; i < string_table_count(texts); i++) {
		end += (uint32_t)string_table_length(texts, i);
		put(at, &end, sizeof(end));
	}
	for (uint32_t i = 0; i < string_table_count(texts); i++)
		put(at, string_table_text(texts, i),
		    string_table_length(texts, i));
}

int named_writer_flush(struct named_writer *named, struct writer *writer,
		       struct error *error)
{
	const struct chunk_named head = {
		.samples = (uint32_t)named->sample_count,
		.frames = string_table_count(named->tables[FRAMES]),
		.threads = string_table_count(named->tables[THREADS]),
		.calls = string_table_count(named->tables[CALLS]),
		.texts = string_table_count(named->tables[TEXTS]),
		.text_bytes = (uint32_t)named->text_bytes,
	};
	struct iovec part = { .iov_len = named_writer_bytes(named) };
	unsigned char *payload, *at;
	int result;

	if (!named->sample_count) {
		begin_chunk(named);
		return 0;
	}
	part.iov_base = at = payload = alloc_resize(NULL, part.iov_len, 1);
	put(&at, &head, sizeof(head));
	put(&at, named->samples, named->sample_count * sizeof(*named->samples));
	for (int i = 0; i < TEXTS; i++)
		put_table(named, i, &at);
	put_texts(named, &at);
	result = writer_chunk(writer, CHUNK_NAMED, &part, 1, error);
	free(payload);
	begin_chunk(named);
	return result;
}
