// SPDX-License-Identifier: GPL-2.0
/*
 * Inflating kernel symbols. The text's size is what the chunk claims: it is
 * believed only within an absolute bound and what the format can compress.
 */
#include "inflate.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "../base/alloc.h"
#include "format.h"

/* Deflate spends at least two bits on 258 bytes; and its few bytes of frame. */
#define RATIO_MAX 1032

static int inflate_exactly(const unsigned char *data, size_t length, char *text,
			   size_t text_length)
{
	z_stream stream = { .next_in = (unsigned char *)data };
	char beyond;
	int result;

	/* A chunk is at most 1 GiB: these counts fit. */
	stream.avail_in = length;
	stream.next_out = (unsigned char *)text;
	stream.avail_out = text_length;
	if (inflateInit(&stream) != Z_OK)
		return 0;
	result = inflate(&stream, Z_FINISH);
	if (result == Z_BUF_ERROR && !stream.avail_out) {
		/* The end mark may be all that is left; text may not. */
		stream.next_out = (unsigned char *)&beyond;
		stream.avail_out = 1;
		result = inflate(&stream, Z_FINISH);
	}
	inflateEnd(&stream);
	return result == Z_STREAM_END && stream.total_out == text_length &&
	       !stream.avail_in;
}

char *inflate_symbols(const unsigned char *payload, size_t length,
		      size_t *text_length, struct error *problem)
{
	struct chunk_symbols header;
	size_t compressed;
	char *text;

	if (length < sizeof(header)) {
		error_set(problem, 0, "too short, skipped");
		return NULL;
	}
	memcpy(&header, payload, sizeof(header));
	compressed = length - sizeof(header);
	if (header.text_bytes > INFLATE_TEXT_MAX ||
	    header.text_bytes / RATIO_MAX > compressed) {
		error_set(
			problem, 0,
			"claims %llu bytes of text in %zu compressed ones, skipped",
			(unsigned long long)header.text_bytes, compressed);
		return NULL;
	}
	*text_length = header.text_bytes;
	text = alloc_zeroed(1, *text_length + 1);
	if (!inflate_exactly(payload + sizeof(header), compressed, text,
			     *text_length)) {
		error_set(
			problem, 0,
			"does not inflate to the %zu bytes that it claims, skipped",
			*text_length);
		free(text);
		return NULL;
	}
	return text;
}
