/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bytes of a file or pipe; gzip and zstd are told by their first bytes
 * and unpacked on the way, in bounded memory.
 */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "error.h"

struct stream;

/* @input stays the caller's; @name is for messages and outlives the stream. */
struct stream *stream_new(FILE *input, const char *name);
void stream_free(struct stream *stream);

/*
 * Up to @room bytes; 0 at the end. -EIO: reading failed; -EINVAL: what is
 * packed is damaged or cut off; -ENOTSUP: zstd, which this build lacks.
 */
ssize_t stream_read(struct stream *stream, char *buffer, size_t room,
		    struct error *error);

/* Whether bytes that begin so are taken for packed ones. */
bool stream_is_packed(const char *bytes, size_t length);

#endif
