// SPDX-License-Identifier: GPL-2.0
/* See stream.h. Files of several gzip members or zstd frames are one text. */
#include "stream.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#include "alloc.h"

#define PACKED_BYTES (128U << 10)
#define GZIP_MAGIC "\x1f\x8b"
#define ZSTD_MAGIC "\x28\xb5\x2f\xfd"
#define GZIP_WINDOW (15 + 16) /* the largest, with gzip's header */
#define ZSTD_WINDOW_LOG 27    /* what the zstd tool accepts unasked */

enum packing {
	PACKING_UNKNOWN,
	PACKING_NONE,
	PACKING_GZIP,
	PACKING_ZSTD,
};

struct stream {
	FILE *input;
	const char *name;
	enum packing packing;
	unsigned char packed[PACKED_BYTES];
	size_t begin, end; /* of what is left in there */
	bool inside;	   /* a member or frame */
	z_stream gzip;
#ifdef HAVE_ZSTD
	ZSTD_DStream *zstd;
#endif
};

struct stream *stream_new(FILE *input, const char *name)
{
	struct stream *stream = alloc_zeroed(1, sizeof(*stream));

	stream->input = input;
	stream->name = name;
	return stream;
}

void stream_free(struct stream *stream)
{
	if (!stream)
		return;
	if (stream->packing == PACKING_GZIP)
		inflateEnd(&stream->gzip);
#ifdef HAVE_ZSTD
	ZSTD_freeDStream(stream->zstd);
#endif
	free(stream);
}

static int fill(struct stream *stream, struct error *error)
{
	if (stream->begin < stream->end)
		return 0;
	stream->begin = 0;
	stream->end = fread(stream->packed, 1, PACKED_BYTES, stream->input);
	if (!stream->end && ferror(stream->input))
		return error_set(error, -EIO, "%s: cannot be read: %s",
				 stream->name, strerror(errno));
	return 0;
}

static bool begins_with(const char *bytes, size_t length, const char *magic)
{
	return length >= strlen(magic) && !memcmp(bytes, magic, strlen(magic));
}

bool stream_is_packed(const char *bytes, size_t length)
{
	return begins_with(bytes, length, GZIP_MAGIC) ||
	       begins_with(bytes, length, ZSTD_MAGIC);
}

static int detect(struct stream *stream, struct error *error)
{
	int result = fill(stream, error);
	const char *bytes = (const char *)stream->packed + stream->begin;
	size_t length = stream->end - stream->begin;

	if (result)
		return result;
	stream->packing = PACKING_NONE;
	if (begins_with(bytes, length, ZSTD_MAGIC)) {
#ifdef HAVE_ZSTD
		stream->packing = PACKING_ZSTD;
		stream->zstd = ZSTD_createDStream();
		if (!stream->zstd)
			return error_set(error, -ENOMEM, "out of memory");
		ZSTD_DCtx_setParameter(stream->zstd, ZSTD_d_windowLogMax,
				       ZSTD_WINDOW_LOG);
#else
		return error_set(error, -ENOTSUP,
				 "%s: packed by zstd, which this build lacks; "
				 "unpack it first: zstd -d",
				 stream->name);
#endif
	} else if (begins_with(bytes, length, GZIP_MAGIC)) {
		if (inflateInit2(&stream->gzip, GZIP_WINDOW) != Z_OK)
			return error_set(error, -ENOMEM, "out of memory");
		stream->packing = PACKING_GZIP;
	}
	return 0;
}

static int damaged(const struct stream *stream, const char *why,
		   struct error *error)
{
	return error_set(error, -EINVAL, "%s: the %s data is damaged: %s",
			 stream->name,
			 stream->packing == PACKING_GZIP ? "gzip" : "zstd",
			 why);
}

static int inflate_some(struct stream *stream, char *buffer, size_t room,
			size_t *made, struct error *error)
{
	z_stream *gzip = &stream->gzip;
	int result;

	if (!stream->inside)
		inflateReset(gzip);
	gzip->next_in = stream->packed + stream->begin;
	gzip->avail_in = (uInt)(stream->end - stream->begin);
	gzip->next_out = (unsigned char *)buffer;
	gzip->avail_out = (uInt)room;
	result = inflate(gzip, Z_NO_FLUSH);
	*made = room - gzip->avail_out;
	stream->begin = stream->end - gzip->avail_in;
	/* What came before the damage comes first; the error comes again. */
	if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR &&
	    !*made)
		return damaged(stream, gzip->msg ? gzip->msg : "it is not gzip",
			       error);
	stream->inside = result != Z_STREAM_END;
	return 0;
}

#ifdef HAVE_ZSTD
static int zstd_some(struct stream *stream, char *buffer, size_t room,
		     size_t *made, struct error *error)
{
	ZSTD_inBuffer in = { stream->packed, stream->end, stream->begin };
	ZSTD_outBuffer out = { buffer, room, 0 };
	size_t result = ZSTD_decompressStream(stream->zstd, &out, &in);

	*made = out.pos;
	stream->begin = in.pos;
	if (ZSTD_isError(result))
		return damaged(stream, ZSTD_getErrorName(result), error);
	stream->inside = result != 0;
	return 0;
}
#else
static int zstd_some(struct stream *stream, char *buffer, size_t room,
		     size_t *made, struct error *error)
{
	(void)buffer;
	(void)room;
	*made = 0;
	return damaged(stream, "this build lacks zstd", error);
}
#endif

static ssize_t read_packed(struct stream *stream, char *buffer, size_t room,
			   struct error *error)
{
	size_t made = 0;
	int result;

	while (!made) {
		result = fill(stream, error);
		if (result)
			return result;
		/* What was unpacked may still wait inside, without input. */
		if (stream->begin == stream->end && !stream->inside)
			return 0;
		if (stream->packing == PACKING_GZIP)
			result = inflate_some(stream, buffer, room, &made,
					      error);
		else
			result = zstd_some(stream, buffer, room, &made, error);
		if (result)
			return result;
		if (!made && stream->begin == stream->end && stream->inside &&
		    feof(stream->input))
			return damaged(stream, "it ends too early", error);
	}
	return (ssize_t)made;
}

ssize_t stream_read(struct stream *stream, char *buffer, size_t room,
		    struct error *error)
{
	size_t length = 0;
	int result;

	if (stream->packing == PACKING_UNKNOWN) {
		result = detect(stream, error);
		if (result)
			return result;
	}
	if (stream->packing != PACKING_NONE)
		return read_packed(stream, buffer, room, error);
	if (stream->begin < stream->end) {
		length = stream->end - stream->begin;
		length = length < room ? length : room;
		memcpy(buffer, stream->packed + stream->begin, length);
		stream->begin += length;
		return (ssize_t)length;
	}
	length = fread(buffer, 1, room, stream->input);
	if (!length && ferror(stream->input))
		return error_set(error, -EIO, "%s: cannot be read: %s",
				 stream->name, strerror(errno));
	return (ssize_t)length;
}
