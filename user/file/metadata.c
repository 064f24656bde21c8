// SPDX-License-Identifier: GPL-2.0
/*
 * META text, cut into lines. There may be several META chunks (what is known
 * only at the end comes in the last one): the last line of a key counts.
 */
#include "metadata.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

#define META_MAX ((size_t)1 << 20)

struct metadata_line {
	char *key;
	char *value;
};

const char *metadata_add(struct metadata *metadata, const void *text,
			 size_t length)
{
	const char *problem = NULL;
	char *copy, *line, *rest;

	if (length > META_MAX - metadata->bytes)
		return "too long, skipped";
	if (memchr(text, '\0', length))
		return "not a text, skipped";
	metadata->bytes += length;
	copy = alloc_zeroed(1, length + 1);
	memcpy(copy, text, length);
	for (rest = copy; (line = strsep(&rest, "\n"));) {
		char *value = strchr(line, '=');

		if (!*line)
			continue;
		if (!value) {
			problem = "a line without \"=\" is left out";
			continue;
		}
		*value++ = '\0';
		metadata->lines = alloc_grow(metadata->lines, metadata->count,
					     &metadata->room,
					     sizeof(*metadata->lines));
		metadata->lines[metadata->count].key = alloc_string(line);
		metadata->lines[metadata->count++].value = alloc_string(value);
	}
	free(copy);
	return problem;
}

const char *metadata_find(const struct metadata *metadata, const char *key)
{
	for (size_t i = metadata->count; i-- > 0;)
		if (!strcmp(metadata->lines[i].key, key))
			return metadata->lines[i].value;
	return NULL;
}

void metadata_free(struct metadata *metadata)
{
	for (size_t i = 0; i < metadata->count; i++) {
		free(metadata->lines[i].key);
		free(metadata->lines[i].value);
	}
	free(metadata->lines);
}
