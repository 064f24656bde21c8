/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A structure on its way into an ioctl, with a size that may be wrong, at a
 * place that may be bad, among bytes that must stay as they are; and what the
 * ABI says may come of it. One thread at a time.
 */
#ifndef HOSTILE_ARGUMENT_H
#define HOSTILE_ARGUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tally.h"

/* The errors that a call may fail with; none: it must succeed. */
struct verdict {
	int count;
	int errors[12];
};

void verdict_add(struct verdict *verdict, int error);
/* @result as of tally_note(). Returns whether it is what it may be. */
bool verdict_holds(const struct verdict *verdict, long result);

struct argument {
	uint8_t *pages;		/* four; after them one that is not there */
	uint8_t *before;	/* what they held */
	size_t page;
	uint8_t *at;		/* NULL: a bad pointer was made */
	uint32_t size;		/* as claimed */
	uint32_t known;
	bool read_only;
};

void argument_init(struct argument *argument);

/*
 * Put @structure, of @known bytes that begin with its size, somewhere, mostly
 * whole. Changes it to what the module must take it for; adds to @verdict what
 * is wrong with how it is handed over. Returns the pointer to hand over.
 */
void *argument_place(struct argument *argument, uint64_t *random,
		     void *structure, uint32_t known, struct verdict *verdict);

/*
 * After the call: nothing but the structure may have changed, and that not by
 * failure. Then it is copied back to @structure (missing fields stay).
 */
void argument_return(struct argument *argument, const char *what, long result,
		     void *structure);

#endif
