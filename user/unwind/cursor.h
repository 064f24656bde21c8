/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading numbers out of bytes that may say anything: little-endian, by the
 * encodings of DWARF. A read beyond the end yields 0 and is remembered, so
 * that a parser asks once, after a group of reads.
 */
#ifndef UNWIND_CURSOR_H
#define UNWIND_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct cursor {
	const unsigned char *at, *end;
	bool failed;		/* something lay beyond the end */
};

static inline size_t cursor_left(const struct cursor *cursor)
{
	return (size_t)(cursor->end - cursor->at);
}

static inline void cursor_fail(struct cursor *cursor)
{
	cursor->failed = true;
	cursor->at = cursor->end;
}

/* The next @size bytes, or NULL. */
static inline const unsigned char *cursor_take(struct cursor *cursor,
					       uint64_t size)
{
	const unsigned char *bytes = cursor->at;

	if (size > cursor_left(cursor)) {
		cursor_fail(cursor);
		return NULL;
	}
	cursor->at += size;
	return bytes;
}

/* An unsigned number of @size bytes, at most 8. */
static inline uint64_t cursor_fixed(struct cursor *cursor, unsigned int size)
{
	const unsigned char *bytes = cursor_take(cursor, size);
	uint64_t value = 0;

	while (bytes && size--)
		value = value << 8 | bytes[size];
	return value;
}

static inline uint8_t cursor_u8(struct cursor *cursor)
{
	if (cursor->at == cursor->end) {
		cursor_fail(cursor);
		return 0;
	}
	return *cursor->at++;
}

static inline uint32_t cursor_u32(struct cursor *cursor)
{
	return (uint32_t)cursor_fixed(cursor, 4);
}

/* Bits beyond 64 are lost, as everybody has it. */
static inline uint64_t cursor_uleb(struct cursor *cursor)
{
	unsigned int shift = 0;
	uint64_t value = 0;
	uint8_t byte;

	do {
		byte = cursor_u8(cursor);
		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	return value;
}

static inline int64_t cursor_sleb(struct cursor *cursor)
{
	unsigned int shift = 0;
	uint64_t value = 0;
	uint8_t byte;

	do {
		byte = cursor_u8(cursor);
		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	if (shift < 64 && byte & 0x40)
		value |= ~0ULL << shift;
	return (int64_t)value;
}

#endif
