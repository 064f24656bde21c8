// SPDX-License-Identifier: GPL-2.0
/*
 * See encoding.h. Without a mark the first bytes wait in the buffer once, and
 * all others go straight to the reader.
 */
#include "encoding.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "utf8.h"

#define BUFFER_BYTES ((size_t)64 << 10)
#define MARK_BYTES 3
#define CHARACTER_BYTES 4 /* of UTF-8, and of a pair of surrogates */

struct encoding {
	struct stream *stream;
	bool begun, ended;
	bool wide;	   /* UTF-16, */
	bool big;	   /* … the higher byte first */
	size_t begin, end; /* of what is left in the buffer */
	unsigned char buffer[BUFFER_BYTES];
	char character[CHARACTER_BYTES]; /* that did not fit, */
	size_t given, length;		 /* … how much of it did, and of what */
};

struct encoding *encoding_new(struct stream *stream)
{
	struct encoding *encoding = alloc_zeroed(1, sizeof(*encoding));

	encoding->stream = stream;
	return encoding;
}

void encoding_free(struct encoding *encoding)
{
	if (!encoding)
		return;
	stream_free(encoding->stream);
	free(encoding);
}

static size_t left(const struct encoding *encoding)
{
	return encoding->end - encoding->begin;
}

/* Until @count bytes wait, or the end. */
static int fill(struct encoding *encoding, size_t count, struct error *error)
{
	ssize_t length;

	memmove(encoding->buffer, encoding->buffer + encoding->begin,
		left(encoding));
	encoding->end -= encoding->begin;
	encoding->begin = 0;
	while (encoding->end < count && !encoding->ended) {
		length = stream_read(encoding->stream,
				     (char *)encoding->buffer + encoding->end,
				     BUFFER_BYTES - encoding->end, error);
		if (length < 0)
			return (int)length;
		encoding->ended = !length;
		encoding->end += (size_t)length;
	}
	return 0;
}

/* Of UTF-16. */
static bool is_wide(const char *text, size_t length)
{
	return length >= 2 &&
	       (!memcmp(text, "\xff\xfe", 2) || !memcmp(text, "\xfe\xff", 2));
}

static bool is_marked(const char *text, size_t length)
{
	return length >= MARK_BYTES && !memcmp(text, ENCODING_MARK, MARK_BYTES);
}

bool encoding_passes(const char *text, size_t length)
{
	return !is_wide(text, length) && !is_marked(text, length) &&
	       !stream_is_packed(text, length);
}

static int begin(struct encoding *encoding, struct error *error)
{
	const unsigned char *bytes = encoding->buffer;
	int result = fill(encoding, MARK_BYTES, error);

	if (result)
		return result;
	encoding->begun = true;
	if (is_marked((const char *)bytes, encoding->end)) {
		encoding->begin = MARK_BYTES;
	} else if (is_wide((const char *)bytes, encoding->end)) {
		encoding->wide = true;
		encoding->big = bytes[0] == 0xfe;
		encoding->begin = 2;
	}
	return 0;
}

static uint32_t unit_at(const struct encoding *encoding, size_t at)
{
	const unsigned char *bytes = encoding->buffer + at;

	return encoding->big ? (uint32_t)bytes[0] << 8 | bytes[1] :
			       (uint32_t)bytes[1] << 8 | bytes[0];
}

/* The next character of at least one whole unit. */
static uint32_t next_character(struct encoding *encoding)
{
	uint32_t first = unit_at(encoding, encoding->begin), second;

	encoding->begin += 2;
	if (first < 0xd800 || first > 0xdfff)
		return first;
	if (first > 0xdbff || left(encoding) < 2)
		return UTF8_REPLACEMENT;
	second = unit_at(encoding, encoding->begin);
	if (second < 0xdc00 || second > 0xdfff)
		return UTF8_REPLACEMENT;
	encoding->begin += 2;
	return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

/* What is left of the character, as far as there is room. */
static size_t give(struct encoding *encoding, char *buffer, size_t room)
{
	size_t length = encoding->length - encoding->given;

	length = length < room ? length : room;
	memcpy(buffer, encoding->character + encoding->given, length);
	encoding->given += length;
	return length;
}

static ssize_t translate(struct encoding *encoding, char *buffer, size_t room,
			 struct error *error)
{
	size_t made = give(encoding, buffer, room);
	int result;

	while (made < room) {
		if (left(encoding) < CHARACTER_BYTES) {
			result = fill(encoding, CHARACTER_BYTES, error);
			if (result)
				return made ? (ssize_t)made : result;
		}
		if (left(encoding) < 2) {
			/* Half a unit ends it. */
			encoding->begin = encoding->end;
			break;
		}
		encoding->length = utf8_encode(next_character(encoding),
					       encoding->character);
		encoding->given = 0;
		made += give(encoding, buffer + made, room - made);
	}
	return (ssize_t)made;
}

ssize_t encoding_read(struct encoding *encoding, char *buffer, size_t room,
		      struct error *error)
{
	size_t length;
	int result;

	if (!encoding->begun) {
		result = begin(encoding, error);
		if (result)
			return result;
	}
	if (encoding->wide)
		return translate(encoding, buffer, room, error);
	length = left(encoding);
	if (!length)
		return encoding->ended ? 0 :
					 stream_read(encoding->stream, buffer,
						     room, error);
	length = length < room ? length : room;
	memcpy(buffer, encoding->buffer + encoding->begin, length);
	encoding->begin += length;
	return (ssize_t)length;
}
