/* SPDX-License-Identifier: GPL-2.0 */
/* The key=value lines of META chunks. */
#ifndef FILE_METADATA_H
#define FILE_METADATA_H

#include <stddef.h>

struct metadata_line;

struct metadata {
	struct metadata_line *lines;
	size_t count, room;
	size_t bytes; /* of text so far, bounded */
};

/*
 * Returns NULL, or what is wrong with the text (a line, or all of it, is then
 * left out).
 */
const char *metadata_add(struct metadata *metadata, const void *text,
			 size_t length);

/* The value of the last line with that key, or NULL. */
const char *metadata_find(const struct metadata *metadata, const char *key);
void metadata_free(struct metadata *metadata);

#endif
