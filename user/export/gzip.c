// SPDX-License-Identifier: GPL-2.0
/* See gzip.h; RFC 1951 and 1952 tell the format. */
#include "gzip.h"

#include <stdint.h>
#include <zlib.h>

#define STORED_MAX 65535U

static void put_number(FILE *output, uint32_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++)
		fputc((int)(value >> 8 * i & 0xff), output);
}

void gzip_write(FILE *output, const unsigned char *bytes, size_t length)
{
	/* Deflate, no name, no time, an unknown system. */
	static const unsigned char header[] = { 0x1f, 0x8b, 8, 0, 0,
						0,    0,    0, 0, 255 };
	uLong check = crc32(0, NULL, 0);
	size_t done = 0;

	fwrite(header, 1, sizeof(header), output);
	do {
		size_t left = length - done;
		uint32_t size = left < STORED_MAX ? (uint32_t)left : STORED_MAX;

		fputc(size == left ? 1 : 0, output);
		put_number(output, size, 2);
		put_number(output, ~size, 2);
		fwrite(bytes + done, 1, size, output);
		check = crc32(check, bytes + done, size);
		done += size;
	} while (done < length);
	put_number(output, (uint32_t)check, 4);
	put_number(output, (uint32_t)length, 4);
}
