/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of a text, packed or not, as UTF-8 (encoding.h), in one buffer: at the speed of memchr(), in
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
#define LINES_PEEK (256U << 10)

struct lines;

struct line {
	char *text; /* without newline; the reader may change it */
	size_t length;
	bool too_long; /* its text is left out */
};

/* @input stays the caller's; @name, for messages, outlives the lines. */
struct lines *lines_new(FILE *input, const char *name);

/* The lines of text in memory, which stays the caller's; they may change it. */
struct lines *lines_of(char *text, size_t length);
void lines_free(struct lines *lines);

/*
 * The beginning, up to LINES_PEEK bytes, before the first lines_next(): to
 * find out what it is. All of it if it is shorter; else whole lines, unless one
 * of them is very long.
 */
const char *lines_peek(struct lines *lines, size_t *length);

/* The next line, valid until the call after; false: at the end, or failed. */
bool lines_next(struct lines *lines, struct line *line);

/*
 * Whatever comes next, as bytes, up to @room; 0 at the end or when reading
 * failed. For what turns out to be no text.
 */
size_t lines_bytes(struct lines *lines, char *buffer, size_t room);

/*
 * The next whole records, at most @room bytes, moved to @text: all up to the
 * end, or up to where @cut says that records end (0: nowhere). Returns their
 * length; 0: at the end, or @cut found none, and all is left to lines_next().
 */
size_t lines_take(struct lines *lines, char *text, size_t room,
		  size_t (*cut)(const void *context, const char *text,
				size_t length),
		  const void *context);

const char *lines_name(const struct lines *lines);
/* Of the last line of lines_next(), from 1, where nothing else took any. */
uint64_t lines_number(const struct lines *lines);

/* After the last line: 0, or why there are no more (stream.h). */
int lines_failed(const struct lines *lines, struct error *error);

#endif
