// SPDX-License-Identifier: GPL-2.0
/* See sample_table.h. Things are told apart by their bytes. */
#include "sample_table.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

enum { KEY_MAPPING, KEY_LOCATION, KEY_COLUMN, KEY_SAMPLE, KEYS };

#define ROOM_VALUES KEYS
#define ROOM_MOMENTS (KEYS + 1)

struct traces *traces_new(void)
{
	struct traces *traces = alloc_zeroed(1, sizeof(*traces));

	traces->texts = intern_new();
	for (int i = 0; i < KEYS; i++)
		traces->keys[i] = intern_new();
	traces->stacks = profile_new();
	return traces;
}

void traces_free(struct traces *traces)
{
	if (!traces)
		return;
	intern_free(traces->texts);
	for (int i = 0; i < KEYS; i++)
		intern_free(traces->keys[i]);
	profile_free(traces->stacks);
	free(traces->mappings);
	free(traces->locations);
	free(traces->columns);
	free(traces->samples);
	free(traces->values);
	free(traces->moments);
	free(traces);
}

uint32_t traces_text(struct traces *traces, const char *text, size_t length)
{
	return intern_add(traces->texts, text, length);
}

uint32_t traces_mapping(struct traces *traces,
			const struct trace_mapping *mapping)
{
	uint32_t number = intern_add(traces->keys[KEY_MAPPING],
				     (const char *)mapping, sizeof(*mapping));

	if (number < traces->mapping_count)
		return number;
	traces->mappings = alloc_grow(traces->mappings, traces->mapping_count,
				      &traces->room[KEY_MAPPING],
				      sizeof(*mapping));
	traces->mappings[traces->mapping_count++] = *mapping;
	return number;
}

uint32_t traces_location(struct traces *traces,
			 const struct trace_location *location)
{
	uint32_t number = intern_add(traces->keys[KEY_LOCATION],
				     (const char *)location, sizeof(*location));

	if (number < traces->location_count)
		return number;
	traces->locations =
		alloc_grow(traces->locations, traces->location_count,
			   &traces->room[KEY_LOCATION], sizeof(*location));
	traces->locations[traces->location_count++] = *location;
	return number;
}

uint32_t traces_column(struct traces *traces, const char *type,
		       const char *unit)
{
	const struct trace_column column = {
		.type = traces_text(traces, type, strlen(type)),
		.unit = traces_text(traces, unit, strlen(unit)),
	};
	uint32_t number = intern_add(traces->keys[KEY_COLUMN],
				     (const char *)&column, sizeof(column));

	if (number < traces->column_count)
		return number;
	traces->columns = alloc_grow(traces->columns, traces->column_count,
				     &traces->room[KEY_COLUMN], sizeof(column));
	traces->columns[traces->column_count++] = column;
	return number;
}

uint32_t traces_sample(struct traces *traces, const uint32_t *locations,
		       size_t count, const struct trace_labels *labels)
{
	struct trace_sample sample = {
		.stack = PROFILE_ROOT,
		.values = TRACES_NONE,
		.labels = *labels,
	};
	uint32_t number;

	while (count--)
		sample.stack = profile_child(traces->stacks, sample.stack,
					     locations[count]);
	number = intern_add(traces->keys[KEY_SAMPLE], (const char *)&sample,
			    sizeof(sample));
	if (number < traces->sample_count)
		return number;
	traces->samples = alloc_grow(traces->samples, traces->sample_count,
				     &traces->room[KEY_SAMPLE], sizeof(sample));
	traces->samples[traces->sample_count++] = sample;
	return number;
}

void traces_add(struct traces *traces, uint32_t sample, uint32_t column,
		double value)
{
	uint32_t first = traces->samples[sample].values;

	for (uint32_t i = first; i != TRACES_NONE; i = traces->values[i].next) {
		if (traces->values[i].column == column) {
			traces->values[i].value += value;
			return;
		}
	}
	traces->values = alloc_grow(traces->values, traces->value_count,
				    &traces->room[ROOM_VALUES],
				    sizeof(*traces->values));
	traces->values[traces->value_count] = (struct trace_value){
		.column = column,
		.next = first,
		.value = value,
	};
	traces->samples[sample].values = (uint32_t)traces->value_count++;
}

void traces_moment(struct traces *traces, const struct trace_moment *moment)
{
	traces->moments = alloc_grow(traces->moments, traces->moment_count,
				     &traces->room[ROOM_MOMENTS],
				     sizeof(*moment));
	traces->moments[traces->moment_count++] = *moment;
}

struct placed {
	struct trace_moment moment;
	size_t place;
};

static int by_time(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;

	if (a->moment.time != b->moment.time)
		return a->moment.time < b->moment.time ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

void traces_sort(struct traces *traces)
{
	size_t count = traces->moment_count;
	struct placed *placed = alloc_zeroed(count + 1, sizeof(*placed));

	for (size_t i = 0; i < count; i++)
		placed[i] = (struct placed){ traces->moments[i], i };
	if (count)
		qsort(placed, count, sizeof(*placed), by_time);
	for (size_t i = 0; i < count; i++)
		traces->moments[i] = placed[i].moment;
	free(placed);
}

double traces_value(const struct traces *traces,
		    const struct trace_sample *sample, uint32_t column)
{
	for (uint32_t i = sample->values; i != TRACES_NONE;
	     i = traces->values[i].next)
		if (traces->values[i].column == column)
			return traces->values[i].value;
	return 0;
}

static const char *const suffixes[] = {
	[TRACE_PROGRAM] = "",
	[TRACE_KERNEL] = "_[k]",
	[TRACE_GENERATED] = "_[j]",
	[TRACE_INLINED] = "_[i]",
};

#define KINDS (sizeof(suffixes) / sizeof(*suffixes))

size_t traces_suffix(const char *name, size_t length, uint32_t kind)
{
	size_t suffix = kind < KINDS ? strlen(suffixes[kind]) : 0;

	return length > suffix && !memcmp(name + length - suffix,
					  suffixes[kind], suffix) ?
		       suffix :
		       0;
}

static uint32_t kind_of(const char *name, size_t length)
{
	for (uint32_t kind = TRACE_KERNEL; kind < KINDS; kind++)
		if (traces_suffix(name, length, kind))
			return kind;
	return TRACE_PROGRAM;
}

void traces_add_profile(struct traces *traces, const struct profile *profile,
			uint32_t column)
{
	const struct trace_labels unknown = {
		.process = TRACES_NONE,
		.thread = TRACES_NONE,
	};
	uint32_t *chain = NULL;
	size_t room = 0;

	for (uint32_t i = PROFILE_ROOT; i != PROFILE_NONE;
	     i = profile_next(profile, i)) {
		struct profile_node node = profile_node(profile, i);
		double self = node.self;
		size_t depth = 0;

		if (!(self > 0))
			continue;
		for (; node.name != PROFILE_NONE;
		     node = profile_node(profile, node.parent)) {
			const char *text = profile_text(profile, node.name);
			size_t length = profile_text_length(profile, node.name);
			struct trace_location location = {
				.mapping = TRACES_NONE,
				.source = TRACES_NONE,
				.kind = kind_of(text, length),
			};

			location.name = traces_text(traces, text, length);
			location.symbol = location.name;
			chain = alloc_grow(chain, depth, &room, sizeof(*chain));
			chain[depth++] = traces_location(traces, &location);
		}
		traces_add(traces,
			   traces_sample(traces, chain, depth, &unknown),
			   column, self);
	}
	free(chain);
}
