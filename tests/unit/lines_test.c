// SPDX-License-Identifier: GPL-2.0
/* Lines out of plain and packed text, whole or damaged. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#include "../../user/base/lines.h"

static struct error error;

/* The lines, joined by '|'; the caller's to free. */
static char *joined(const void *bytes, size_t length, int *failed)
{
	FILE *input = fmemopen((void *)bytes, length, "r");
	struct lines *lines = lines_new(input, "in");
	struct line line;
	char *text = NULL;
	size_t size;
	FILE *output = open_memstream(&text, &size);

	while (lines_next(lines, &line)) {
		fwrite(line.text, 1, line.length, output);
		fputs(line.too_long ? "(long)|" : "|", output);
	}
	*failed = lines_failed(lines, &error);
	fclose(output);
	lines_free(lines);
	fclose(input);
	return text;
}

static void expect(const void *bytes, size_t length, const char *text)
{
	int failed;
	char *got = joined(bytes, length, &failed);

	CU_ASSERT_EQUAL(failed, 0);
	CU_ASSERT_STRING_EQUAL(got, text);
	free(got);
}

static void plain(void)
{
	expect("a\n\nbc\n", 6, "a||bc|");
	expect("a\nb", 3, "a|b|");
	expect("\n", 1, "|");
}

/* The caller's to free. */
static unsigned char *gzip(const char *text, size_t *length)
{
	unsigned char *out = malloc(4096);
	z_stream stream = { 0 };

	deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
	stream.next_in = (unsigned char *)text;
	stream.avail_in = (unsigned int)strlen(text);
	stream.next_out = out;
	stream.avail_out = 4096;
	CU_ASSERT_EQUAL(deflate(&stream, Z_FINISH), Z_STREAM_END);
	*length = 4096 - stream.avail_out;
	deflateEnd(&stream);
	return out;
}

static void gzipped(void)
{
	unsigned char both[8192], *one, *other;
	size_t first, second;
	int failed;

	one = gzip("a\nb", &first);
	other = gzip("c\nd\n", &second);
	memcpy(both, one, first);
	memcpy(both + first, other, second);
	expect(both, first + second, "a|bc|d|");
	free(joined(both, first + second - 9, &failed));
	CU_ASSERT_EQUAL(failed, -EINVAL);
	CU_ASSERT_STRING_EQUAL(
		error.text, "in: the gzip data is damaged: it ends too early");
	both[first + second - 5] ^= 1;
	free(joined(both, first + second, &failed));
	CU_ASSERT_EQUAL(failed, -EINVAL);
	free(one);
	free(other);
}

static void zstd(void)
{
#ifdef HAVE_ZSTD
	char packed[4096];
	size_t length = ZSTD_compress(packed, sizeof(packed), "a\nbc\n", 5, 3);
	int failed;

	CU_ASSERT_FATAL(!ZSTD_isError(length));
	expect(packed, length, "a|bc|");
	memcpy(packed + length, packed, length);
	expect(packed, 2 * length, "a|bc|a|bc|");
	free(joined(packed, length - 1, &failed));
	CU_ASSERT_EQUAL(failed, -EINVAL);
#else
	int failed;

	free(joined("\x28\xb5\x2f\xfd....", 8, &failed));
	CU_ASSERT_EQUAL(failed, -ENOTSUP);
#endif
}

static void long_lines(void)
{
	size_t length = LINES_MAX + 4;
	char *text = malloc(length), *got;
	int failed;

	memset(text, 'x', length);
	text[LINES_MAX + 1] = '\n';
	got = joined(text, length, &failed);
	CU_ASSERT_STRING_EQUAL(got, "(long)|xx|");
	free(got);
	text[LINES_MAX] = '\n';
	got = joined(text, length, &failed);
	CU_ASSERT_EQUAL(strlen(got), LINES_MAX + 1 + 1 + 2 + 1);
	free(got);
	free(text);
}

static void peek(void)
{
	FILE *input = fmemopen((void *)"ab\nc", 4, "r");
	struct lines *lines = lines_new(input, "in");
	struct line line;
	size_t length;
	char bytes[2];

	CU_ASSERT_EQUAL(memcmp(lines_peek(lines, &length), "ab\nc", 4), 0);
	CU_ASSERT_EQUAL(length, 4);
	CU_ASSERT_EQUAL(lines_bytes(lines, bytes, 2), 2);
	CU_ASSERT_EQUAL(bytes[1], 'b');
	CU_ASSERT(lines_next(lines, &line));
	CU_ASSERT_EQUAL(line.length, 0);
	CU_ASSERT(lines_next(lines, &line));
	CU_ASSERT_EQUAL(line.text[0], 'c');
	CU_ASSERT_FALSE(lines_next(lines, &line));
	lines_free(lines);
	fclose(input);
}

static const struct unit_case cases[] = {
	{ "a line ends at a newline or with the text", plain },
	{ "gzip is unpacked, several members too, and damage is told",
	  gzipped },
	{ "zstd is unpacked, or said to be lacking", zstd },
	{ "a line that is too long is left out, the next one is not",
	  long_lines },
	{ "looking ahead takes nothing away", peek },
};

UNIT_MAIN("lines", cases)
