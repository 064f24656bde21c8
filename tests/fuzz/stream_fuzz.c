// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as a packed or plain text: read in small bits as in large ones, it
 * ends, and in the same way. The first two bytes make it gzip or zstd.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/base/stream.h"

#define UNPACKED_MAX (1U << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What came out, and the result of the last read. */
static ssize_t read_all(const uint8_t *bytes, size_t size, size_t room,
			char *text, size_t *length, struct error *error)
{
	FILE *input = fmemopen((void *)bytes, size, "r");
	struct stream *stream = stream_new(input, "fuzz");
	ssize_t got;

	*length = 0;
	do {
		if (room > UNPACKED_MAX - *length)
			room = UNPACKED_MAX - *length;
		got = stream_read(stream, text + *length, room, error);
		*length += got > 0 ? (size_t)got : 0;
	} while (got > 0 && *length < UNPACKED_MAX);
	stream_free(stream);
	fclose(input);
	return got > 0 ? 0 : got;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const magic[] = { "\x1f\x8b\x08", "\x28\xb5\x2f\xfd",
					     "" };
	static char small[UNPACKED_MAX], large[UNPACKED_MAX];
	struct error small_error = { "" }, large_error = { "" };
	size_t small_length, large_length, head;
	ssize_t small_result, large_result;
	uint8_t *bytes;

	if (size < 2)
		return 0;
	head = strlen(magic[data[0] % 3]);
	bytes = malloc(size + 4);
	memcpy(bytes, magic[data[0] % 3], head);
	memcpy(bytes + head, data + 1, size - 1);
	small_result = read_all(bytes, head + size - 1, data[1] % 64 + 1, small,
				&small_length, &small_error);
	large_result = read_all(bytes, head + size - 1, UNPACKED_MAX, large,
				&large_length, &large_error);
	free(bytes);
	if ((small_result && !small_error.text[0]) ||
	    (large_result && !large_error.text[0]))
		abort();
	/*
	 * zstd gives what came before the damage only when asked in bits, and
	 * holds a frame that ends with an empty block against the size that it
	 * tells only when asked for all of it.
	 */
	if (data[0] % 3 == 1 && (small_result < 0 || large_result < 0))
		return 0;
	if (small_result != large_result || small_length != large_length ||
	    memcmp(small, large, small_length))
		abort();
	return 0;
}
