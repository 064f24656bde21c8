/* SPDX-License-Identifier: GPL-2.0 */
/*
 * User stacks of a recording by weight: what unwound them, why they ended, and
 * in which files they ended for want of an unwind table.
 */
#ifndef LOAD_USER_STACKS_H
#define LOAD_USER_STACKS_H

#include <stddef.h>

#include "../base/string_table.h"
#include "../file/replay.h"
#include "../resolve/resolve.h"

/* enum dither_unwinder, and what that cannot say. */
enum {
	USER_STACK_OTHER = DITHER_UNWIND_MIXED + 1,
	USER_STACK_LOST, /* not in the file */
	USER_STACK_ROWS
};

/* enum dither_unwind_end, and what that cannot say. */
enum {
	USER_STACK_OTHER_END = DITHER_END_UNSUPPORTED + 1,
	USER_STACK_ENDS
};

struct user_stacks {
	double weights[USER_STACK_ROWS][USER_STACK_ENDS];
	struct string_table *places; /* NULL: none */
	double *place_weights;	/* by number in .places */
	size_t place_room;
};

/*
 * Count the user stack of @sample, if one was taken; @stack is NULL when the
 * file does not hold it. Mappings are asked for as they are by now.
 */
void user_stacks_sample(struct user_stacks *stacks, struct resolver *resolver,
			const struct dither_sample *sample,
			const struct replay_stack *stack, double weight);

struct user_stack_place {
	const char *name;
	double weight;
};

/* The places, heaviest first; to be freed. */
struct user_stack_place *user_stacks_places(const struct user_stacks *stacks,
					    size_t *count);

void user_stacks_free(struct user_stacks *stacks);

#endif
