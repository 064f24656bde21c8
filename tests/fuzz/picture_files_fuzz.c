// SPDX-License-Identifier: GPL-2.0
/*
 * The files beside a picture, from anybody: a palette map must come back as it
 * was written, and no attribute may lead to a script.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/render/attributes.h"
#include "../../user/render/palette_map.h"
#include "../../user/render/svg.h"

#define NAME "f"

static struct palette_map *read_map(const void *data, size_t size, int *result)
{
	struct palette_map *map = palette_map_new();
	FILE *input = fmemopen((void *)data, size, "r");
	struct lines *lines = lines_new(input, "fuzz");

	*result = palette_map_read(map, lines, NULL);
	lines_free(lines);
	fclose(input);
	return map;
}

static char *write_map(const struct palette_map *map, size_t *length)
{
	char *text = NULL;
	FILE *output = open_memstream(&text, length);

	palette_map_write(map, output);
	fclose(output);
	return text;
}

static void read_palette_map(const void *data, size_t size)
{
	size_t length, other_length;
	struct palette_map *map, *other;
	char *text, *other_text;
	int result;

	map = read_map(data, size, &result);
	text = write_map(map, &length);
	/* A first name that begins as gzip or zstd does is read as that. */
	if (length && text[0] != '\x1f' && text[0] != '\x28') {
		other = read_map(text, length, &result);
		if (result)
			abort();
		other_text = write_map(other, &other_length);
		if (other_length != length || memcmp(text, other_text, length))
			abort();
		free(other_text);
		palette_map_free(other);
	}
	free(text);
	palette_map_free(map);
}

static void draw(const struct attributes *attributes)
{
	static const char *const wanted[] = { "http", "mailto", "file" };
	struct profile *profile = profile_new();
	uint32_t name = profile_name(profile, NAME, strlen(NAME));
	struct svg_options options;
	char *text = NULL, *at;
	size_t length, colon;
	FILE *output;

	profile_add(profile, &name, 1, 1);
	profile_finish(profile);
	svg_defaults(&options);
	options.attributes = attributes;
	output = open_memstream(&text, &length);
	if (svg_write(profile, &options, output, NULL))
		abort();
	fclose(output);
	at = strstr(text, "<a href=\"");
	if (at) {
		at += strlen("<a href=\"");
		colon = strcspn(at, ":/?#\"&");
		if (at[colon] == ':' && strncasecmp(at, wanted[0], 4) &&
		    strncasecmp(at, wanted[1], 6) &&
		    strncasecmp(at, wanted[2], 4))
			abort();
	}
	free(text);
	profile_free(profile);
}

static void read_attributes(const void *data, size_t size)
{
	struct attributes *attributes = attributes_new();
	FILE *input = fmemopen((void *)data, size, "r");
	struct lines *lines = lines_new(input, "fuzz");

	/* Lines before the one that is refused were taken. */
	(void)attributes_read(attributes, lines, NULL);
	lines_free(lines);
	fclose(input);
	draw(attributes);
	attributes_free(attributes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	read_palette_map(data, size);
	read_attributes(data, size);
	return 0;
}
