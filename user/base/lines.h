/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of a text, packed or not, in one buffer: at the speed of memchr(), in
 * memory that a line's greatest length bounds.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "error.h"

#define LINES_MAX (16U << 20) /* bytes of one line */
#define LINES_PEEK (64U << 10)

struct lines;

struct line {
	char *text; /* without newline; the reader may change it */
	size_t length;
	bool too_long; /* its text is left out */
};

/* @input stays the caller's; @name, for messages, outlives the lines. */
struct lines *lines_new(FILE *input, const char *name);
void lines_free(struct lines *lines);

/*
 * The beginning, up to LINES_PEEK bytes, before the first lines_next(): to
 * tell what it is. All of it if it is shorter.
 */
const char *lines_peek(struct lines *lines, size_t *length);

/* The next line, valid until the call after; false: at the end, or failed. */
bool lines_next(struct lines *lines, struct line *line);

/*
 * Whatever comes next, as bytes, up to @room; 0 at the end or when reading
 * failed. For what turns out to be no text.
 */
size_t lines_bytes(struct lines *lines, char *buffer, size_t room);

const char *lines_name(const struct lines *lines);
uint64_t lines_number(const struct lines *lines); /* of the last line, from 1 */

/* After the last line: 0, or why there are no more (stream.h). */
int lines_failed(const struct lines *lines, struct error *error);

#endif
