/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the bytes of a .dither file to its whole chunks, in order. What is not
 * whole is noted as damage and left out.
 */
#ifndef FILE_CHUNKS_H
#define FILE_CHUNKS_H

#include <stdbool.h>
#include <stddef.h>

#include "damage.h"
#include "format.h"

struct chunk_walk {
	struct damage *damage;
	const char *path; /* for damage */
	const unsigned char *data; /* the whole file, on 8 bytes */
	size_t size;
	size_t offset;	   /* of the next chunk's header; begin at 16 */
	uint64_t expected; /* the next chunk's sequence */
	uint64_t whole;	   /* chunks returned so far */
	bool damaged;	   /* something was left out */
	bool cut;	   /* the file ends inside a chunk: */
	struct chunk_header cut_header;
};

struct chunk {
	struct chunk_header header;
	const unsigned char *payload;
	size_t offset; /* of the header in the file */
};

/* The next whole chunk; false at the file's end. */
bool chunks_next(struct chunk_walk *walk, struct chunk *chunk);

/* "chunk 17 (ring)"; @text holds CHUNK_TEXT bytes. */
#define CHUNK_TEXT 64
const char *chunks_text(const struct chunk_header *header, char *text);

#endif
