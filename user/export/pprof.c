// SPDX-License-Identifier: GPL-2.0
/*
 * Frames are names, so each has one function and one location, without an
 * address; modules are mappings. Only what samples refer to is written.
 */
#include "pprof.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/intern.h"
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
	PROFILE_DURATION_NANOS = 10,
	PROFILE_PERIOD_TYPE = 11,
	PROFILE_PERIOD = 12,
	VALUE_TYPE_TYPE = 1,
	VALUE_TYPE_UNIT = 2,
	SAMPLE_LOCATION_ID = 1,
	SAMPLE_VALUE = 2,
	MAPPING_ID = 1,
	MAPPING_FILENAME = 5,
	MAPPING_HAS_FUNCTIONS = 7,
	LOCATION_ID = 1,
	LOCATION_MAPPING_ID = 2,
	LOCATION_LINE = 4,
	LINE_FUNCTION_ID = 1,
	FUNCTION_ID = 1,
	FUNCTION_NAME = 2,
	FUNCTION_SYSTEM_NAME = 3,
};

struct writer {
	const struct profile *profile;
	struct intern *strings;
	struct intern *modules; /* numbers + 1 are mappings */
	uint32_t *locations;	/* by name: 0 or the location */
	uint32_t location_count;
	struct protobuf message, part, inner;
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
	number = intern_add(writer->strings, clean, used);
	free(clean);
	return number;
}

static void put_type(struct writer *writer, unsigned int field,
		     const char *type, const char *unit)
{
	protobuf_clear(&writer->part);
	protobuf_number(&writer->part, VALUE_TYPE_TYPE,
			add_string(writer, type, strlen(type)));
	protobuf_number(&writer->part, VALUE_TYPE_UNIT,
			add_string(writer, unit, strlen(unit)));
	protobuf_message(&writer->message, field, &writer->part);
}

static void put_function(struct writer *writer, uint32_t id, const char *text,
			 size_t length)
{
	uint32_t name;

	if (!length) {
		text = "[empty]";
		length = strlen(text);
	}
	name = add_string(writer, text, length);
	protobuf_clear(&writer->part);
	protobuf_number(&writer->part, FUNCTION_ID, id);
	protobuf_number(&writer->part, FUNCTION_NAME, name);
	protobuf_number(&writer->part, FUNCTION_SYSTEM_NAME, name);
	protobuf_message(&writer->message, PROFILE_FUNCTION, &writer->part);
}

static uint32_t location_of(struct writer *writer, uint32_t name)
{
	const char *text = profile_text(writer->profile, name), *tab;
	size_t length = profile_text_length(writer->profile, name);
	uint32_t id = writer->locations[name], mapping = 0;

	if (id)
		return id;
	id = writer->locations[name] = ++writer->location_count;
	tab = memrchr(text, '\t', length);
	if (tab && tab + 1 < text + length)
		mapping = intern_add(writer->modules, tab + 1,
				     (size_t)(text + length - tab) - 1) +
			  1;
	put_function(writer, id, text, tab ? (size_t)(tab - text) : length);
	protobuf_clear(&writer->inner);
	protobuf_number(&writer->inner, LINE_FUNCTION_ID, id);
	protobuf_clear(&writer->part);
	protobuf_number(&writer->part, LOCATION_ID, id);
	protobuf_number(&writer->part, LOCATION_MAPPING_ID, mapping);
	protobuf_message(&writer->part, LOCATION_LINE, &writer->inner);
	protobuf_message(&writer->message, PROFILE_LOCATION, &writer->part);
	return id;
}

static void put_sample(struct writer *writer, uint32_t number, double value)
{
	const struct profile_node *node;
	struct protobuf sample = { 0 }, packed = { 0 };

	for (node = profile_node(writer->profile, number);
	     node->name != PROFILE_NONE;
	     node = profile_node(writer->profile, node->parent))
		protobuf_varint(&packed, location_of(writer, node->name));
	protobuf_message(&sample, SAMPLE_LOCATION_ID, &packed);
	protobuf_clear(&packed);
	protobuf_varint(&packed, (uint64_t)value);
	protobuf_message(&sample, SAMPLE_VALUE, &packed);
	protobuf_message(&writer->message, PROFILE_SAMPLE, &sample);
	protobuf_free(&sample);
	protobuf_free(&packed);
}

static void put_mappings(struct writer *writer)
{
	for (uint32_t i = 0; i < intern_count(writer->modules); i++) {
		protobuf_clear(&writer->part);
		protobuf_number(&writer->part, MAPPING_ID, i + 1);
		protobuf_number(&writer->part, MAPPING_FILENAME,
				add_string(writer,
					   intern_text(writer->modules, i),
					   intern_length(writer->modules, i)));
		protobuf_number(&writer->part, MAPPING_HAS_FUNCTIONS, 1);
		protobuf_message(&writer->message, PROFILE_MAPPING,
				 &writer->part);
	}
}

void pprof_write(const struct profile *profile, const struct meaning *meaning,
		 FILE *output)
{
	struct writer writer = {
		.profile = profile,
		.strings = intern_new(),
		.modules = intern_new(),
		.locations = alloc_zeroed(profile_names(profile) + 1,
					  sizeof(uint32_t)),
	};

	intern_add(writer.strings, "", 0); /* number 0, as readers want it */
	put_type(&writer, PROFILE_SAMPLE_TYPE, meaning->name, meaning->type);
	for (uint32_t i = PROFILE_ROOT; i != PROFILE_NONE;
	     i = profile_next(profile, i)) {
		double value =
			round(profile_node(profile, i)->self * meaning->scale);

		if (value > 0)
			put_sample(&writer, i, fmin(value, 0x1p62));
	}
	put_mappings(&writer);
	if (meaning->period > 0) {
		put_type(&writer, PROFILE_PERIOD_TYPE, meaning->name,
			 meaning->type);
		protobuf_number(&writer.message, PROFILE_PERIOD,
				(uint64_t)meaning->period);
	}
	protobuf_number(&writer.message, PROFILE_DURATION_NANOS,
			(uint64_t)meaning->duration);
	for (uint32_t i = 0; i < intern_count(writer.strings); i++)
		protobuf_bytes(&writer.message, PROFILE_STRING_TABLE,
			       intern_text(writer.strings, i),
			       intern_length(writer.strings, i));
	gzip_write(output, writer.message.bytes, writer.message.length);
	intern_free(writer.strings);
	intern_free(writer.modules);
	free(writer.locations);
	protobuf_free(&writer.message);
	protobuf_free(&writer.part);
	protobuf_free(&writer.inner);
}
