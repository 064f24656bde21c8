/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stacks of folded text on their way into a profile, in the order of the text:
 * several enter it together (profile_stacks()), and a thread that reads a piece
 * of a text hands over all of that piece.
 */
#ifndef TEXT_STACK_QUEUE_H
#define TEXT_STACK_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "folded_number.h"
#include "../profile/sample_times.h"
#include "../profile/profile.h"

struct stack_queue {
	struct profile_stack *stacks;
	size_t count, room;
	struct stack_weight {
		struct folded_number count;
		uint64_t line; /* its number in the text */
	} * weights;	       /* of each stack */
	size_t weight_room;
	uint32_t *names; /* the frames of all stacks */
	size_t name_count, name_room;
	uint32_t *nodes;
	size_t node_room;
};

/*
 * A stack of @count frames, of which the first @shared are also the first of
 * the stack that was added before. Name n is @map[n]; @map may be NULL.
 */
void stack_queue_add(struct stack_queue *queue, const uint32_t *names,
		     size_t count, size_t shared, const uint32_t *map,
		     const struct stack_weight *weight);

/*
 * All enter @profile, one sample each, and the queue is empty. @order, unless
 * NULL: gets their lines and counts.
 */
void stack_queue_flush(struct stack_queue *queue, struct profile *profile,
		       struct sample_times *order);
void stack_queue_free(struct stack_queue *queue);

#endif
