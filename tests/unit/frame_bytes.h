/* SPDX-License-Identifier: GPL-2.0 */
/* Call frame information written byte by byte, for tests of user/unwind. */
#ifndef FRAME_BYTES_H
#define FRAME_BYTES_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct frame_bytes {
	unsigned char bytes[8192];
	size_t count;
	size_t entry;		/* where the open entry's length is */
};

static inline void put_bytes(struct frame_bytes *out, const void *bytes,
			     size_t count)
{
	if (count > sizeof(out->bytes) - out->count)
		abort();
	memcpy(out->bytes + out->count, bytes, count);
	out->count += count;
}

/* The lowest @size bytes of @value. */
static inline void put(struct frame_bytes *out, uint64_t value, size_t size)
{
	put_bytes(out, &value, size);
}

static inline void put_uleb(struct frame_bytes *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		put(out, value | 0x80, 1);
	put(out, value, 1);
}

static inline void put_sleb(struct frame_bytes *out, int64_t value)
{
	for (; value < -64 || value > 63; value >>= 7)
		put(out, (uint64_t)value | 0x80, 1);
	put(out, (uint64_t)value & 0x7f, 1);
}

/* Of 4 bytes; end_entry() fills in the length. */
static inline void begin_entry(struct frame_bytes *out)
{
	out->entry = out->count;
	put(out, 0, 4);
}

static inline void end_entry(struct frame_bytes *out)
{
	uint32_t length = (uint32_t)(out->count - out->entry - 4);

	memcpy(out->bytes + out->entry, &length, sizeof(length));
}

/*
 * A CIE with FDE addresses by @encoding and augmentation @letters (from 'z' on,
 * 'R' last, none with data of its own), data factor -8, CFA sp + 8 and the
 * return address below it, as x86-64 has it. Returns where it begins.
 */
static inline size_t put_cie(struct frame_bytes *out, const char *letters,
			     uint8_t encoding)
{
	static const uint8_t program[] = { 0x0c, 7, 8, 0x80 | 16, 1 };
	size_t start = out->count;

	begin_entry(out);
	put(out, 0, 4);
	put(out, 1, 1);
	put_bytes(out, letters, strlen(letters) + 1);
	put_uleb(out, 1);
	put_sleb(out, -8);
	put(out, 16, 1);
	put_uleb(out, 1);
	put(out, encoding, 1);
	put_bytes(out, program, sizeof(program));
	end_entry(out);
	return start;
}

/* With absolute addresses of 8 bytes, for a CIE of encoding 0. */
static inline void put_fde(struct frame_bytes *out, size_t cie, uint64_t start,
			   uint64_t length, const void *program, size_t size)
{
	begin_entry(out);
	put(out, out->count - cie, 4);
	put(out, start, 8);
	put(out, length, 8);
	put_uleb(out, 0);
	put_bytes(out, program, size);
	end_entry(out);
}

#endif
