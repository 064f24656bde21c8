// SPDX-License-Identifier: GPL-2.0
/* See lines.h. What a line needs is moved to the buffer's front at most once. */
#include "lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "encoding.h"

#define ROOM_FIRST (512U << 10)

struct lines {
	struct encoding *input; /* NULL: all is in the buffer, and borrowed */
	const char *name;
	char *buffer;
	size_t room, begin, end; /* of what is not handed out yet */
	uint64_t number;
	bool ended;
	int failed;
	struct error error;
};

struct lines *lines_new(FILE *input, const char *name)
{
	struct lines *lines = alloc_zeroed(1, sizeof(*lines));

	lines->input = encoding_new(stream_new(input, name));
	lines->name = name;
	lines->room = ROOM_FIRST;
	lines->buffer = alloc_resize(NULL, lines->room, 1);
	return lines;
}

struct lines *lines_of(char *text, size_t length)
{
	struct lines *lines = alloc_zeroed(1, sizeof(*lines));

	lines->name = "";
	lines->buffer = text;
	lines->end = length;
	lines->ended = true;
	return lines;
}

void lines_free(struct lines *lines)
{
	if (!lines)
		return;
	if (lines->input)
		free(lines->buffer);
	encoding_free(lines->input);
	free(lines);
}

/* How many bytes came; at the end, and when reading failed, none. */
static size_t read_some(struct lines *lines, char *text, size_t room)
{
	ssize_t length = encoding_read(lines->input, text, room, &lines->error);

	if (length > 0)
		return (size_t)length;
	lines->ended = true;
	lines->failed = (int)length;
	return 0;
}

/* More bytes behind those in the buffer, which is made to have room. */
static void fill(struct lines *lines)
{
	if (lines->begin) {
		memmove(lines->buffer, lines->buffer + lines->begin,
			lines->end - lines->begin);
		lines->end -= lines->begin;
		lines->begin = 0;
	}
	if (lines->end == lines->room) {
		lines->room *= 2;
		lines->buffer = alloc_resize(lines->buffer, lines->room, 1);
	}
	lines->end += read_some(lines, lines->buffer + lines->end,
				lines->room - lines->end);
}

const char *lines_peek(struct lines *lines, size_t *length)
{
	const char *newline = NULL;

	while (!lines->ended && lines->end - lines->begin < LINES_PEEK)
		fill(lines);
	*length = lines->end - lines->begin;
	if (*length > LINES_PEEK || !lines->ended) {
		*length = *length < LINES_PEEK ? *length : LINES_PEEK;
		newline = memrchr(lines->buffer + lines->begin, '\n', *length);
	}
	if (newline && newline - lines->buffer > LINES_PEEK / 2)
		*length = (size_t)(newline + 1 - lines->buffer) - lines->begin;
	return lines->buffer + lines->begin;
}

/* Up to the newline, keeping nothing. */
static void skip_line(struct lines *lines)
{
	char *newline;

	for (;;) {
		newline = memchr(lines->buffer + lines->begin, '\n',
				 lines->end - lines->begin);
		if (newline) {
			lines->begin = (size_t)(newline + 1 - lines->buffer);
			return;
		}
		lines->begin = lines->end = 0;
		if (lines->ended)
			return;
		fill(lines);
	}
}

bool lines_next(struct lines *lines, struct line *line)
{
	size_t searched = 0, length;
	char *newline;

	*line = (struct line){ 0 };
	for (;;) {
		length = lines->end - lines->begin;
		newline = memchr(lines->buffer + lines->begin + searched, '\n',
				 length - searched);
		if (newline || lines->ended)
			break;
		if (length > LINES_MAX)
			break;
		searched = length;
		fill(lines);
	}
	if (newline)
		length = (size_t)(newline - lines->buffer) - lines->begin;
	else if (!length)
		return false;
	lines->number++;
	line->text = lines->buffer + lines->begin;
	if (length > LINES_MAX) {
		line->too_long = true;
		skip_line(lines);
		return true;
	}
	line->length = length;
	lines->begin += length + (newline != NULL);
	return true;
}

size_t lines_bytes(struct lines *lines, char *buffer, size_t room)
{
	size_t length;

	if (lines->begin == lines->end && !lines->ended)
		fill(lines);
	length = lines->end - lines->begin;
	length = length < room ? length : room;
	memcpy(buffer, lines->buffer + lines->begin, length);
	lines->begin += length;
	return length;
}

/* What was taken and is not wanted yet becomes all that the buffer holds. */
static void put_back(struct lines *lines, const char *text, size_t length)
{
	if (lines->room < length) {
		lines->room = length;
		lines->buffer = alloc_resize(lines->buffer, lines->room, 1);
	}
	memcpy(lines->buffer, text, length);
	lines->begin = 0;
	lines->end = length;
}

size_t lines_take(struct lines *lines, char *text, size_t room,
		  size_t (*cut)(const void *context, const char *text,
				size_t length),
		  const void *context)
{
	size_t held = lines->end - lines->begin, length, whole;
	bool all = held <= room;

	length = all ? held : room;
	memcpy(text, lines->buffer + lines->begin, length);
	while (length < room && !lines->ended)
		length += read_some(lines, text + length, room - length);
	whole = all && lines->ended ? length : cut(context, text, length);
	if (all)
		put_back(lines, text + whole, length - whole);
	else
		lines->begin += whole;
	return whole;
}

const char *lines_name(const struct lines *lines)
{
	return lines->name;
}

uint64_t lines_number(const struct lines *lines)
{
	return lines->number;
}

int lines_failed(const struct lines *lines, struct error *error)
{
	return lines->failed ? error_set(error, lines->failed, "%s",
					 lines->error.text) :
			       0;
}
