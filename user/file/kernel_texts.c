// SPDX-License-Identifier: GPL-2.0
/* See kernel_texts.h. */
#include "kernel_texts.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "chunks.h"
#include "inflate.h"

/* Of those that tell no time: a recorder wrote two at most. */
#define UNTIMED_MAX 16U

const char *kernel_texts_add(struct kernel_texts *texts,
			     const struct chunk *chunk)
{
	if (chunk->header.type == CHUNK_KERNEL_SYMBOLS &&
	    texts->untimed++ >= UNTIMED_MAX)
		return "more than there can be, skipped";
	texts->chunks = alloc_grow(texts->chunks, texts->count, &texts->room,
				   sizeof(*texts->chunks));
	texts->chunks[texts->count++] = *chunk;
	return NULL;
}

/* What precedes the text in its chunk, and how long that is; 0: cut. */
static size_t read_header(const struct chunk *chunk, struct recorded_text *text,
			  uint64_t *text_bytes)
{
	struct chunk_symbols symbols;
	struct chunk_code code;

	if (!text->timed) {
		if (chunk->header.length < sizeof(symbols))
			return 0;
		memcpy(&symbols, chunk->payload, sizeof(symbols));
		*text_bytes = symbols.text_bytes;
		return sizeof(symbols);
	}
	if (chunk->header.length < sizeof(code))
		return 0;
	memcpy(&code, chunk->payload, sizeof(code));
	text->begun = code.begun;
	text->ended = code.ended;
	*text_bytes = code.text_bytes;
	return sizeof(code);
}

void kernel_texts_read(const struct kernel_texts *texts, size_t number,
		       struct recorded_text *text, struct error *problem)
{
	const struct chunk *chunk = &texts->chunks[number];
	uint64_t bytes = 0;
	size_t header;

	*text = (struct recorded_text){ .timed = chunk->header.type ==
						 CHUNK_KERNEL_CODE };
	header = read_header(chunk, text, &bytes);
	if (!header) {
		error_set(problem, 0, "too short, skipped");
		return;
	}
	text->text = inflate_text(chunk->payload + header,
				  chunk->header.length - header, bytes,
				  problem);
	text->length = text->text ? bytes : 0;
}

void kernel_texts_free(struct kernel_texts *texts)
{
	free(texts->chunks);
}
