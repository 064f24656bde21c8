// SPDX-License-Identifier: GPL-2.0
#include "dwarf_reader.h"

#include <string.h>

static size_t left(const struct dwarf_reader *reader)
{
	return (size_t)(reader->end - reader->at);
}

static void fail(struct dwarf_reader *reader)
{
	reader->bad = true;
	reader->at = reader->end;
}

uint64_t dwarf_number(struct dwarf_reader *reader, unsigned int bytes)
{
	uint64_t value = 0;

	if (left(reader) < bytes) {
		fail(reader);
		return 0;
	}
	for (unsigned int i = 0; i < bytes; i++)
		value = value << 8 |
			reader->at[reader->big ? i : bytes - 1 - i];
	reader->at += bytes;
	return value;
}

/* *shift: bits that were read; *last: the last byte. */
static uint64_t leb128(struct dwarf_reader *reader, unsigned int *shift,
		       unsigned char *last)
{
	uint64_t value = 0;

	*shift = 0;
	*last = 0;
	do {
		if (!left(reader)) {
			fail(reader);
			return 0;
		}
		*last = *reader->at++;
		if (*shift < 64)
			value |= (uint64_t)(*last & 0x7f) << *shift;
		*shift += 7;
	} while (*last & 0x80 && *shift < 140);
	return value;
}

uint64_t dwarf_unsigned(struct dwarf_reader *reader)
{
	unsigned char last;
	unsigned int shift;

	return leb128(reader, &shift, &last);
}

int64_t dwarf_signed(struct dwarf_reader *reader)
{
	unsigned char last;
	unsigned int shift;
	uint64_t value = leb128(reader, &shift, &last);

	if (shift < 64 && last & 0x40)
		value |= ~0ULL << shift;
	return (int64_t)value;
}

const char *dwarf_string(struct dwarf_reader *reader)
{
	const char *text = (const char *)reader->at;
	const unsigned char *end = memchr(reader->at, 0, left(reader));

	if (!end) {
		fail(reader);
		return "";
	}
	reader->at = end + 1;
	return text;
}

void dwarf_skip(struct dwarf_reader *reader, uint64_t bytes)
{
	if (bytes > left(reader))
		fail(reader);
	else
		reader->at += bytes;
}
