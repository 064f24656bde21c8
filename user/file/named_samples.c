// SPDX-License-Identifier: GPL-2.0
/*
 * Whatever a chunk's tables refer to is checked once, so that nobody who walks
 * them needs to ask.
 */
#include "named_samples.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/string_table.h"

/* False: the tables are not as long as they say. */
static bool find_tables(struct named *named, size_t length)
{
	const struct chunk_named *count = named->copy;
	uint64_t bytes = sizeof(*count) + count->text_bytes +
			 count->samples * (uint64_t)sizeof(*named->samples) +
			 count->frames * (uint64_t)sizeof(*named->frames) +
			 count->threads * (uint64_t)sizeof(*named->threads) +
			 count->calls * (uint64_t)sizeof(*named->calls) +
			 count->texts * (uint64_t)sizeof(*named->text_ends);

	if (bytes != length)
		return false;
	named->count = *count;
	named->samples = (const void *)(count + 1);
	named->frames = (const void *)(named->samples + count->samples);
	named->threads = (const void *)(named->frames + count->frames);
	named->calls = (const void *)(named->threads + count->threads);
	named->text_ends = (const void *)(named->calls + count->calls);
	named->text = (const char *)(named->text_ends + count->texts);
	return true;
}

static const char *check_texts(const struct named *named)
{
	uint32_t last = 0;

	for (uint32_t i = 0; i < named->count.texts; i++) {
		if (named->text_ends[i] < last)
			return "a text ends before it begins, skipped";
		last = named->text_ends[i];
	}
	if (last != named->count.text_bytes)
		return "texts are not as long as they say, skipped";
	return memchr(named->text, '\0', last) ? "a text holds a NUL, skipped" :
						 NULL;
}

static const char *check_frames(const struct named *named)
{
	const struct chunk_named *count = &named->count;

	for (uint32_t i = 0; i < count->frames; i++) {
		const struct named_frame *frame = &named->frames[i];

		if (frame->name >= count->texts ||
		    (frame->object >= count->texts &&
		     frame->object != NAMED_NONE))
			return "a frame's text is not there, skipped";
		if (frame->kind > NAMED_INLINED)
			return "a frame is of a kind not known, skipped";
	}
	for (uint32_t i = 0; i < count->threads; i++)
		if (named->threads[i].comm >= count->texts)
			return "a thread's name is not there, skipped";
	return NULL;
}

static const char *check_samples(const struct named *named)
{
	const struct chunk_named *count = &named->count;

	for (uint32_t i = 0; i < count->calls; i++)
		if (named->calls[i].caller > i ||
		    named->calls[i].frame >= count->frames)
			return "a call's caller or frame is not before it, skipped";
	for (uint32_t i = 0; i < count->samples; i++) {
		const struct named_sample *sample = &named->samples[i];

		if (sample->call > count->calls ||
		    sample->thread >= count->threads ||
		    sample->event >= count->texts)
			return "a sample's call, thread or event is not there, skipped";
	}
	return NULL;
}

static const char *check_stacks(const struct named *named, size_t length)
{
	const struct chunk_named *count = &named->count;
	uint32_t *depths =
		alloc_zeroed((size_t)count->calls + 1, sizeof(*depths));
	uint64_t frames = 0;

	for (uint32_t i = 0; i < count->calls; i++)
		depths[i + 1] = depths[named->calls[i].caller] + 1;
	for (uint32_t i = 0; i < count->samples; i++)
		frames += depths[named->samples[i].call];
	free(depths);
	return frames / NAMED_FRAMES_MAX > length ?
		       "its stacks are larger than it may tell, skipped" :
		       NULL;
}

static uint64_t text_bytes(const struct named *named, uint32_t number)
{
	size_t length;

	named_text(named, number, &length);
	return length;
}

/* Returns the bytes of their names. */
static uint64_t find_places(struct named *named)
{
	struct string_table *places = string_table_new();
	uint64_t bytes = 0;

	named->places = alloc_zeroed((size_t)named->count.frames + 1,
				     sizeof(*named->places));
	for (uint32_t i = 0; i < named->count.frames; i++) {
		const struct named_frame *frame = &named->frames[i];
		const uint32_t place[] = { frame->name, frame->object,
					   frame->kind };

		named->places[i] = string_table_add(places, (const char *)place,
						    sizeof(place));
		if (named->places[i] < named->place_count)
			continue;
		named->place_count++;
		bytes += text_bytes(named, frame->name);
		if (frame->object != NAMED_NONE)
			bytes += text_bytes(named, frame->object);
	}
	string_table_free(places);
	return bytes;
}

static const char *check_names(struct named *named, size_t length)
{
	uint64_t bytes = find_places(named);

	for (uint32_t i = 0; i < named->count.samples; i++) {
		const struct named_sample *sample = &named->samples[i];
		uint32_t comm = named->threads[sample->thread].comm;

		bytes += text_bytes(named, comm);
		bytes += text_bytes(named, sample->event);
	}
	return bytes / NAMED_NAMES_MAX > length ?
		       "its names are longer than it may tell, skipped" :
		       NULL;
}

const char *named_read(struct named *named, const void *payload, size_t length)
{
	const char *problem;

	memset(named, 0, sizeof(*named));
	if (length < sizeof(named->count))
		return "too short, skipped";
	named->copy = alloc_resize(NULL, length, 1);
	memcpy(named->copy, payload, length);
	if (!find_tables(named, length))
		return "tables are not as long as they say, skipped";
	problem = check_texts(named);
	if (!problem)
		problem = check_frames(named);
	if (!problem)
		problem = check_samples(named);
	if (!problem)
		problem = check_stacks(named, length);
	if (!problem)
		problem = check_names(named, length);
	return problem;
}

void named_free(struct named *named)
{
	free(named->copy);
	free(named->places);
}

const char *named_text(const struct named *named, uint32_t number,
		       size_t *length)
{
	uint32_t begin = number ? named->text_ends[number - 1] : 0;

	*length = named->text_ends[number] - begin;
	return named->text + begin;
}
