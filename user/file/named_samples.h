/* SPDX-License-Identifier: GPL-2.0 */
/* The samples of a NAMED_SAMPLES chunk, checked: see format.h. */
#ifndef FILE_NAMED_SAMPLES_H
#define FILE_NAMED_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

#include "format.h"

struct named {
	void *copy; /* of the payload: whatever becomes of the file */
	struct chunk_named count;
	const struct named_sample *samples;
	const struct named_frame *frames;
	const struct named_thread *threads;
	const struct named_call *calls;
	const uint32_t *text_ends;
	const char *text;
	uint32_t *places; /* by frame: alike but for the address, from 0 */
	uint32_t place_count;
};

/*
 * NULL, or what is wrong with the payload. After NULL every number in the
 * tables is that of an entry, calls lead to the outermost, texts hold no NUL,
 * and stacks and names are within the limits of format.h; to be freed in either
 * case.
 */
const char *named_read(struct named *named, const void *payload, size_t length);
void named_free(struct named *named);

/* Not terminated. */
const char *named_text(const struct named *named, uint32_t number,
		       size_t *length);

#endif
