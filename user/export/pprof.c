// SPDX-License-Identifier: GPL-2.0
/*
 * Samples, locations and mappings are those of the traces, their numbers plus
 * one the ids. A function is a name, a symbol and the file of source, so that
 * one with code inlined from another file is two, of one name.
 */
#include "pprof.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/utf8.h"
#include "gzip.h"
#include "protobuf.h"

/* Fields of profile.proto. */
enum {
	PROFILE_SAMPLE_TYPE = 1,
	PROFILE_SAMPLE = 2,
	PROFILE_MAPPING = 3,
	PROFILE_LOCATION = 4,
	PROFILE_FUNCTION = 5,
	PROFILE_STRING_TABLE = 6,
	PROFILE_TIME_NANOS = 9,
	PROFILE_DURATION_NANOS = 10,
	PROFILE_PERIOD_TYPE = 11,
	PROFILE_PERIOD = 12,
	PROFILE_DEFAULT_SAMPLE_TYPE = 14,
	VALUE_TYPE_TYPE = 1,
	VALUE_TYPE_UNIT = 2,
	SAMPLE_LOCATION_ID = 1,
	SAMPLE_VALUE = 2,
	SAMPLE_LABEL = 3,
	LABEL_KEY = 1,
	LABEL_STR = 2,
	LABEL_NUM = 3,
	LABEL_NUM_UNIT = 4,
	MAPPING_ID = 1,
	MAPPING_MEMORY_START = 2,
	MAPPING_MEMORY_LIMIT = 3,
	MAPPING_FILE_OFFSET = 4,
	MAPPING_FILENAME = 5,
	MAPPING_BUILD_ID = 6,
	MAPPING_HAS_FUNCTIONS = 7,
	MAPPING_HAS_FILENAMES = 8,
	MAPPING_HAS_LINE_NUMBERS = 9,
	LOCATION_ID = 1,
	LOCATION_MAPPING_ID = 2,
	LOCATION_ADDRESS = 3,
	LOCATION_LINE = 4,
	LINE_FUNCTION_ID = 1,
	LINE_LINE = 2,
	FUNCTION_ID = 1,
	FUNCTION_NAME = 2,
	FUNCTION_SYSTEM_NAME = 3,
	FUNCTION_FILENAME = 4,
};

struct writer {
	const struct sample_table *table;
	struct string_table *strings;
	struct string_table
		*functions; /* by what tells them apart; numbers + 1 are ids */
	struct protobuf message, part, inner;
	bool *lines; /* by mapping: whether any are known */
};

/* Strings are UTF-8, or readers refuse the whole file. */
static uint32_t add_string(struct writer *writer, const char *text,
			   size_t length)
{
	char *clean = alloc_resize(NULL, length * 3 + 1, 1);
	size_t used = 0;
	uint32_t character, number;

	for (size_t i = 0; i < length;) {
		i += utf8_next(text + i, length - i, &character);
		used += utf8_encode(character, clean + used);
	}
	number = string_table_add(writer->strings, clean, used);
	free(clean);
	return number;
}

static uint32_t add_text(struct writer *writer, uint32_t text)
{
	const struct string_table *texts = writer->table->texts;

	if (text == TRACES_NONE)
		return 0;
	return add_string(writer, string_table_text(texts, text),
			  string_table_length(texts, text));
}

/* An empty name would be taken for one that is not known. */
static uint32_t add_name(struct writer *writer, uint32_t text)
{
	static const char empty[] = "[empty]";
	uint32_t number = add_text(writer, text);

	return number ? number : add_string(writer, empty, sizeof(empty) - 1);
}

static void put_type(struct writer *writer, unsigned int field, uint32_t number)
{
	const struct sample_column *column = &writer->table->columns[number];

	protobuf_clear(&writer->part);
	protobuf_number(&writer->part, VALUE_TYPE_TYPE,
			add_text(writer, column->type));
	protobuf_number(&writer->part, VALUE_TYPE_UNIT,
			add_text(writer, column->unit));
	protobuf_message(&writer->message, field, &writer->part);
}

static void put_label(struct writer *writer, const char *key, uint32_t text)
{
	if (text == TRACES_NONE)
		return;
	protobuf_clear(&writer->inner);
	protobuf_number(&writer->inner, LABEL_KEY,
			add_string(writer, key, strlen(key)));
	protobuf_number(&writer->inner, LABEL_STR, add_text(writer, text));
	protobuf_message(&writer->part, SAMPLE_LABEL, &writer->inner);
}

/* With the unit that pprof would assume; without one a 0 would be no label. */
static void put_number_label(struct writer *writer, const char *key, bool known,
			     uint32_t number)
{
	uint32_t name;

	if (!known)
		return;
	name = add_string(writer, key, strlen(key));
	protobuf_clear(&writer->inner);
	protobuf_number(&writer->inner, LABEL_KEY, name);
	protobuf_number(&writer->inner, LABEL_NUM, number);
	protobuf_number(&writer->inner, LABEL_NUM_UNIT, name);
	protobuf_message(&writer->part, SAMPLE_LABEL, &writer->inner);
}

static void put_labels(struct writer *writer, const struct table_labels *labels)
{
	put_label(writer, "process", labels->process);
	put_label(writer, "thread", labels->thread);
	put_number_label(writer, "pid", labels->known & TRACE_PID, labels->pid);
	put_number_label(writer, "tid", labels->known & TRACE_TID, labels->tid);
	put_number_label(writer, "cpu", labels->known & TRACE_CPU, labels->cpu);
}

/* False: all of them are 0. */
static bool take_values(const struct sample_table *table,
			const struct table_sample *sample, uint64_t *values)
{
	bool any = false;

	memset(values, 0, table->column_count * sizeof(*values));
	for (uint32_t i = sample->values; i != TRACES_NONE;
	     i = table->values[i].next) {
		double value = round(table->values[i].value);

		if (value > 0)
			values[table->values[i].column] =
				(uint64_t)fmin(value, 0x1p62);
		any |= value > 0;
	}
	return any;
}

static void put_samples(struct writer *writer)
{
	const struct sample_table *table = writer->table;
	uint64_t *values = alloc_zeroed(table->column_count, sizeof(*values));

	for (size_t i = 0; i < table->sample_count; i++) {
		const struct table_sample *sample = &table->samples[i];
		struct profile_node node;

		if (!take_values(table, sample, values))
			continue;
		protobuf_clear(&writer->part);
		protobuf_clear(&writer->inner);
		for (node = profile_node(table->stacks, sample->stack);
		     node.name != PROFILE_NONE;
		     node = profile_node(table->stacks, node.parent))
			protobuf_varint(&writer->inner,
					(uint64_t)node.name + 1);
		protobuf_message(&writer->part, SAMPLE_LOCATION_ID,
				 &writer->inner);
		protobuf_clear(&writer->inner);
		for (size_t j = 0; j < table->column_count; j++)
			protobuf_varint(&writer->inner, values[j]);
		protobuf_message(&writer->part, SAMPLE_VALUE, &writer->inner);
		put_labels(writer, &sample->labels);
		protobuf_message(&writer->message, PROFILE_SAMPLE,
				 &writer->part);
	}
	free(values);
}

static bool is_program(const struct sample_table *table, uint32_t mapping)
{
	uint32_t file = table->mappings[mapping].file;
	const char *path = string_table_text(table->texts, file), *dot;

	if (*path != '/')
		return false;
	dot = strstr(path, ".so");
	while (dot && dot[3] && dot[3] != '.')
		dot = strstr(dot + 3, ".so");
	return !dot;
}

/* The program that is innermost on a stack, or TRACES_NONE. */
static uint32_t program_of(const struct sample_table *table, uint32_t stack)
{
	struct profile_node node = profile_node(table->stacks, stack);

	for (; node.name != PROFILE_NONE;
	     node = profile_node(table->stacks, node.parent)) {
		uint32_t mapping = table->locations[node.name].mapping;

		if (mapping != TRACES_NONE && is_program(table, mapping))
			return mapping;
	}
	return TRACES_NONE;
}

/* The program that most is in, in the column shown; TRACES_NONE: none is. */
static uint32_t main_mapping(const struct sample_table *table, uint32_t shown)
{
	double *weights =
		alloc_zeroed(table->mapping_count + 1, sizeof(*weights));
	uint32_t best = TRACES_NONE;

	for (size_t i = 0; i < table->sample_count; i++) {
		const struct table_sample *sample = &table->samples[i];
		uint32_t mapping = program_of(table, sample->stack);

		if (mapping == TRACES_NONE)
			continue;
		weights[mapping] += sample_table_value(table, sample, shown);
		if (best == TRACES_NONE || weights[mapping] > weights[best])
			best = mapping;
	}
	free(weights);
	return best;
}

static void put_mapping(struct writer *writer, size_t number)
{
	const struct table_mapping *mapping = &writer->table->mappings[number];

	protobuf_clear(&writer->part);
	protobuf_number(&writer->part, MAPPING_ID, number + 1);
	protobuf_number(&writer->part, MAPPING_MEMORY_START, mapping->start);
	protobuf_number(&writer->part, MAPPING_MEMORY_LIMIT, mapping->limit);
	protobuf_number(&writer->part, MAPPING_FILE_OFFSET, mapping->offset);
	protobuf_number(&writer->part, MAPPING_FILENAME,
			add_text(writer, mapping->file));
	protobuf_number(&writer->part, MAPPING_BUILD_ID,
			add_text(writer, mapping->build_id));
	protobuf_number(&writer->part, MAPPING_HAS_FUNCTIONS, 1);
	protobuf_number(&writer->part, MAPPING_HAS_FILENAMES,
			writer->lines[number]);
	protobuf_number(&writer->part, MAPPING_HAS_LINE_NUMBERS,
			writer->lines[number]);
	protobuf_message(&writer->message, PROFILE_MAPPING, &writer->part);
}

/* Readers take the first one for the program that was profiled. */
static void put_mappings(struct writer *writer, uint32_t shown)
{
	uint32_t first = main_mapping(writer->table, shown);

	for (size_t i = 0; i < writer->table->location_count; i++) {
		const struct table_location *location =
			&writer->table->locations[i];

		if (location->line && location->mapping != TRACES_NONE)
			writer->lines[location->mapping] = true;
	}
	if (first != TRACES_NONE)
		put_mapping(writer, first);
	for (size_t i = 0; i < writer->table->mapping_count; i++)
		if (i != first)
			put_mapping(writer, i);
}

static uint64_t function_of(struct writer *writer,
			    const struct table_location *location)
{
	const uint32_t key[] = { location->name, location->symbol,
				 location->source };
	uint32_t known = string_table_count(writer->functions);
	uint32_t number = string_table_add(writer->functions, (const char *)key,
					   sizeof(key));
	uint64_t id = (uint64_t)number + 1;

	if (number < known)
		return id;
	protobuf_clear(&writer->part);
	protobuf_number(&writer->part, FUNCTION_ID, id);
	protobuf_number(&writer->part, FUNCTION_NAME,
			add_name(writer, location->name));
	protobuf_number(&writer->part, FUNCTION_SYSTEM_NAME,
			add_name(writer, location->symbol));
	protobuf_number(&writer->part, FUNCTION_FILENAME,
			add_text(writer, location->source));
	protobuf_message(&writer->message, PROFILE_FUNCTION, &writer->part);
	return id;
}

static void put_locations(struct writer *writer)
{
	for (size_t i = 0; i < writer->table->location_count; i++) {
		const struct table_location *location =
			&writer->table->locations[i];

		protobuf_clear(&writer->inner);
		protobuf_number(&writer->inner, LINE_FUNCTION_ID,
				function_of(writer, location));
		protobuf_number(&writer->inner, LINE_LINE, location->line);
		protobuf_clear(&writer->part);
		protobuf_number(&writer->part, LOCATION_ID, i + 1);
		if (location->mapping != TRACES_NONE)
			protobuf_number(&writer->part, LOCATION_MAPPING_ID,
					(uint64_t)location->mapping + 1);
		protobuf_number(&writer->part, LOCATION_ADDRESS,
				location->address);
		protobuf_message(&writer->part, LOCATION_LINE, &writer->inner);
		protobuf_message(&writer->message, PROFILE_LOCATION,
				 &writer->part);
	}
}

static void put_facts(struct writer *writer, const struct pprof_facts *facts)
{
	protobuf_number(&writer->message, PROFILE_TIME_NANOS, facts->time_ns);
	protobuf_number(&writer->message, PROFILE_DURATION_NANOS,
			facts->duration_ns);
	if (facts->period) {
		put_type(writer, PROFILE_PERIOD_TYPE, facts->period_of);
		protobuf_number(&writer->message, PROFILE_PERIOD,
				facts->period);
	}
	if (facts->shown < writer->table->column_count)
		protobuf_number(
			&writer->message, PROFILE_DEFAULT_SAMPLE_TYPE,
			add_text(writer,
				 writer->table->columns[facts->shown].type));
}

void pprof_write(const struct sample_table *table,
		 const struct pprof_facts *facts, FILE *output)
{
	struct writer writer = {
		.table = table,
		.strings = string_table_new(),
		.functions = string_table_new(),
		.lines = alloc_zeroed(table->mapping_count + 1, sizeof(bool)),
	};

	string_table_add(writer.strings, "",
			 0); /* number 0, as readers want it */
	for (size_t i = 0; i < table->column_count; i++)
		put_type(&writer, PROFILE_SAMPLE_TYPE, (uint32_t)i);
	put_samples(&writer);
	put_mappings(&writer, facts->shown);
	put_locations(&writer);
	put_facts(&writer, facts);
	for (uint32_t i = 0; i < string_table_count(writer.strings); i++)
		protobuf_bytes(&writer.message, PROFILE_STRING_TABLE,
			       string_table_text(writer.strings, i),
			       string_table_length(writer.strings, i));
	gzip_write(output, writer.message.bytes, writer.message.length);
	string_table_free(writer.strings);
	string_table_free(writer.functions);
	free(writer.lines);
	protobuf_free(&writer.message);
	protobuf_free(&writer.part);
	protobuf_free(&writer.inner);
}
