// SPDX-License-Identifier: GPL-2.0
/* See sample_table.h. Equal entries are those of equal bytes. */
#include "sample_table.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

enum { KEY_MAPPING, KEY_LOCATION, KEY_COLUMN, KEY_SAMPLE, KEYS };

#define ROOM_VALUES KEYS
#define ROOM_MOMENTS (KEYS + 1)

struct sample_table *sample_table_new(void)
{
	struct sample_table *table = alloc_zeroed(1, sizeof(*table));

	table->texts = string_table_new();
	for (int i = 0; i < KEYS; i++)
		table->keys[i] = string_table_new();
	table->stacks = profile_new();
	return table;
}

void sample_table_free(struct sample_table *table)
{
	if (!table)
		return;
	string_table_free(table->texts);
	for (int i = 0; i < KEYS; i++)
		string_table_free(table->keys[i]);
	profile_free(table->stacks);
	free(table->mappings);
	free(table->locations);
	free(table->columns);
	free(table->samples);
	free(table->values);
	free(table->times);
	free(table);
}

uint32_t sample_table_text(struct sample_table *table, const char *text,
			   size_t length)
{
	return string_table_add(table->texts, text, length);
}

uint32_t sample_table_mapping(struct sample_table *table,
			      const struct table_mapping *mapping)
{
	uint32_t number = string_table_add(table->keys[KEY_MAPPING],
					   (const char *)mapping,
					   sizeof(*mapping));

	if (number < table->mapping_count)
		return number;
	table->mappings = alloc_grow(table->mappings, table->mapping_count,
				     &table->room[KEY_MAPPING],
				     sizeof(*mapping));
	table->mappings[table->mapping_count++] = *mapping;
	return number;
}

uint32_t sample_table_location(struct sample_table *table,
			       const struct table_location *location)
{
	uint32_t number = string_table_add(table->keys[KEY_LOCATION],
					   (const char *)location,
					   sizeof(*location));

	if (number < table->location_count)
		return number;
	table->locations = alloc_grow(table->locations, table->location_count,
				      &table->room[KEY_LOCATION],
				      sizeof(*location));
	table->locations[table->location_count++] = *location;
	return number;
}

uint32_t sample_table_column(struct sample_table *table, const char *type,
			     const char *unit)
{
	const struct sample_column column = {
		.type = sample_table_text(table, type, strlen(type)),
		.unit = sample_table_text(table, unit, strlen(unit)),
	};
	uint32_t number = string_table_add(
		table->keys[KEY_COLUMN], (const char *)&column, sizeof(column));

	if (number < table->column_count)
		return number;
	table->columns = alloc_grow(table->columns, table->column_count,
				    &table->room[KEY_COLUMN], sizeof(column));
	table->columns[table->column_count++] = column;
	return number;
}

uint32_t sample_table_sample(struct sample_table *table,
			     const uint32_t *locations, size_t count,
			     const struct table_labels *labels)
{
	struct table_sample sample = {
		.stack = PROFILE_ROOT,
		.values = TRACES_NONE,
		.labels = *labels,
	};
	uint32_t number;

	while (count--)
		sample.stack = profile_child(table->stacks, sample.stack,
					     locations[count]);
	number = string_table_add(table->keys[KEY_SAMPLE],
				  (const char *)&sample, sizeof(sample));
	if (number < table->sample_count)
		return number;
	table->samples = alloc_grow(table->samples, table->sample_count,
				    &table->room[KEY_SAMPLE], sizeof(sample));
	table->samples[table->sample_count++] = sample;
	return number;
}

void sample_table_add(struct sample_table *table, uint32_t sample,
		      uint32_t column, double value)
{
	uint32_t first = table->samples[sample].values;

	for (uint32_t i = first; i != TRACES_NONE; i = table->values[i].next) {
		if (table->values[i].column == column) {
			table->values[i].value += value;
			return;
		}
	}
	table->values = alloc_grow(table->values, table->value_count,
				   &table->room[ROOM_VALUES],
				   sizeof(*table->values));
	table->values[table->value_count] = (struct table_value){
		.column = column,
		.next = first,
		.value = value,
	};
	table->samples[sample].values = (uint32_t)table->value_count++;
}

void sample_table_moment(struct sample_table *table,
			 const struct table_moment *moment)
{
	table->times = alloc_grow(table->times, table->moment_count,
				  &table->room[ROOM_MOMENTS], sizeof(*moment));
	table->times[table->moment_count++] = *moment;
}

struct placed {
	struct table_moment moment;
	size_t place;
};

static int by_time(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;

	if (a->moment.time != b->moment.time)
		return a->moment.time < b->moment.time ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

void sample_table_sort(struct sample_table *table)
{
	size_t count = table->moment_count;
	struct placed *placed = alloc_zeroed(count + 1, sizeof(*placed));

	for (size_t i = 0; i < count; i++)
		placed[i] = (struct placed){ table->times[i], i };
	if (count)
		qsort(placed, count, sizeof(*placed), by_time);
	for (size_t i = 0; i < count; i++)
		table->times[i] = placed[i].moment;
	free(placed);
}

double sample_table_value(const struct sample_table *table,
			  const struct table_sample *sample, uint32_t column)
{
	for (uint32_t i = sample->values; i != TRACES_NONE;
	     i = table->values[i].next)
		if (table->values[i].column == column)
			return table->values[i].value;
	return 0;
}

static const char *const suffixes[] = {
	[TRACE_PROGRAM] = "",
	[TRACE_KERNEL] = "_[k]",
	[TRACE_GENERATED] = "_[j]",
	[TRACE_INLINED] = "_[i]",
};

#define KINDS (sizeof(suffixes) / sizeof(*suffixes))

size_t sample_table_suffix(const char *name, size_t length, uint32_t kind)
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
		if (sample_table_suffix(name, length, kind))
			return kind;
	return TRACE_PROGRAM;
}

void sample_table_add_profile(struct sample_table *table,
			      const struct profile *profile, uint32_t column)
{
	const struct table_labels unknown = {
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
			struct table_location location = {
				.mapping = TRACES_NONE,
				.source = TRACES_NONE,
				.kind = kind_of(text, length),
			};

			location.name = sample_table_text(table, text, length);
			location.symbol = location.name;
			chain = alloc_grow(chain, depth, &room, sizeof(*chain));
			chain[depth++] =
				sample_table_location(table, &location);
		}
		sample_table_add(table,
				 sample_table_sample(table, chain, depth,
						     &unknown),
				 column, self);
	}
	free(chain);
}
