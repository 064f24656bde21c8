// SPDX-License-Identifier: GPL-2.0
/*
 * Inflating text. Its size is what the chunk claims: it is
 * believed only within an absolute bound and what the format can compress.
 */
#include "inflate.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "../base/alloc.h"

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

char *inflate_text(const unsigned char *data, size_t compressed,
		   uint64_t text_bytes, struct error *problem)
{
	char *text;

	if (text_bytes > INFLATE_TEXT_MAX ||
	    text_bytes / RATIO_MAX > compressed) {
		error_set(
			problem, 0,
			"claims %llu bytes of text in %zu compressed ones, skipped",
			(unsigned long long)text_bytes, compressed);
		return NULL;
	}
	text = alloc_zeroed(1, text_bytes + 1);
	if (!inflate_exactly(data, compressed, text, text_bytes)) {
		error_set(
			problem, 0,
			"does not inflate to the %llu bytes that it claims, skipped",
			(unsigned long long)text_bytes);
		free(text);
		return NULL;
	}
	return text;
}
