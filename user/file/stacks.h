/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which STACK record a number means, for one CPU's ring, while its records are
 * read in order; and the addresses in a STACK record.
 *
 * A number is good for one epoch, of which it holds 12 bits. So numbers of the
 * current epoch and its two neighbours are known, all others forgotten: a
 * sample may miss its stack (a chunk was lost), but never gets another one.
 */
#ifndef FILE_STACKS_H
#define FILE_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../include/dither/abi.h"

/* max_depth addresses and a link register. */
#define STACKS_FRAMES_MAX (DITHER_DEPTH_MAX + 1)

struct stacks;

struct stacks *stacks_new(void);
void stacks_free(struct stacks *stacks);

/* An EPOCH record. */
void stacks_epoch(struct stacks *stacks, uint32_t number);

/*
 * Records are missing here (also to be called at the very beginning). The
 * epoch by now is @number, as the next EPOCH record reveals, or unknown when
 * there is none: then it is taken to be less than 4096 away, and the upper
 * bits of the numbers tell.
 */
void stacks_gap(struct stacks *stacks, bool known, uint32_t number);

/* A STACK record in the file, and the one that has the rest of its addresses. */
struct stack_place {
	const struct dither_stack *record; /* NULL: none */
	const struct dither_stack *base;   /* NULL: none, or not known */
	uint16_t size;
	uint16_t base_size;
};

/* The place of @record of @size bytes, whose base is what its number means now. */
struct stack_place stacks_place(const struct stacks *stacks,
				const struct dither_stack *record,
				uint16_t size);

/*
 * From now on @number means the stack at @place, whose pointers are kept; or
 * nothing, where it has none. False: not of an epoch it could be.
 */
bool stacks_define(struct stacks *stacks, uint32_t number,
		   struct stack_place place);

struct stack_place stacks_find(const struct stacks *stacks, uint32_t number);

/* Whether a part of its addresses is not there: its base is not known. */
bool stacks_lacks_base(struct stack_place place);

/*
 * Write the addresses to @addresses (STACKS_FRAMES_MAX of them fit), their
 * number to *count. Returns NULL, or what is wrong with the record.
 */
const char *stacks_decode(struct stack_place place, uint64_t *addresses,
			  unsigned int *count);

#endif
