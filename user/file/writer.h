/* SPDX-License-Identifier: GPL-2.0 */
/* Appends chunks to a .dither file. Called by capture and import. */
#ifndef FILE_WRITER_H
#define FILE_WRITER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "../base/error.h"
#include "format.h"

struct writer;

/* Create or replace @path ("-" is not a file: -EINVAL). */
int writer_open(const char *path, struct writer **out, struct error *error);

/*
 * Append one chunk whose payload is the @count @parts in order. When the disk
 * is full or the write fails, the file is cut back to its last whole chunk,
 * and this and every later call returns that error (-ENOSPC, -EIO, …).
 */
int writer_chunk(struct writer *writer, enum chunk_type type,
		 const struct iovec *parts, int count, struct error *error);

/* Bytes in the file so far. */
uint64_t writer_bytes(const struct writer *writer);

/* Close and free without END, which would say that all is there. */
void writer_abandon(struct writer *writer);

/* Write END if nothing failed before, close, free. */
int writer_close(struct writer *writer, struct error *error);

#endif
