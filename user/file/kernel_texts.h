/* SPDX-License-Identifier: GPL-2.0 */
/* The KERNEL_SYMBOLS and KERNEL_CODE chunks of a recording, inflated when asked for. */
#ifndef FILE_KERNEL_TEXTS_H
#define FILE_KERNEL_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"

struct chunk;

/* Kernel symbols, as format.h says, NUL-terminated. */
struct recorded_text {
	char *text;	       /* to be freed */
	size_t length;
	bool timed;	       /* all code but the kernel's own, which was there */
	uint64_t begun, ended; /* … between these times; else 0 */
};

struct kernel_texts {
	struct chunk *chunks;
	size_t count, room;
	size_t untimed;		/* of them */
};

/* NULL, or what is wrong: then it is not added. */
const char *kernel_texts_add(struct kernel_texts *texts,
			     const struct chunk *chunk);

/* The text number @number; NULL in .text, with the reason in @problem: damaged. */
void kernel_texts_read(const struct kernel_texts *texts, size_t number,
		       struct recorded_text *text, struct error *problem);

void kernel_texts_free(struct kernel_texts *texts);

#endif
