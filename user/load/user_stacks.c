// SPDX-License-Identifier: GPL-2.0
/* See user_stacks.h; filled by load.c, shown by report_stacks.c. */
#include "user_stacks.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

static void add_end(struct user_stacks *stacks,
		    const struct replay_stack *stack, double weight)
{
	unsigned int row = USER_STACK_LOST, end = USER_STACK_OTHER_END;

	if (stack) {
		row = stack->unwinder;
		end = stack->end;
		/* No kernel unwinder makes user stacks. */
		if (row > USER_STACK_OTHER || row == DITHER_UNWIND_KERNEL)
			row = USER_STACK_OTHER;
		if (end > USER_STACK_OTHER_END)
			end = USER_STACK_OTHER_END;
	}
	stacks->weights[row][end] += weight;
}

static void add_place(struct user_stacks *stacks, const char *place,
		      double weight)
{
	size_t count;
	uint32_t number;

	if (!stacks->places)
		stacks->places = string_table_new();
	count = string_table_count(stacks->places);
	number = string_table_add(stacks->places, place, strlen(place));
	if (number == count) {
		stacks->place_weights = alloc_grow(
			stacks->place_weights, count, &stacks->place_room,
			sizeof(*stacks->place_weights));
		stacks->place_weights[number] = 0;
	}
	stacks->place_weights[number] += weight;
}

/* Where the walk stood when it ended. */
static const struct name *last_place(struct resolver *resolver,
				     const struct dither_sample *sample,
				     const struct replay_stack *stack)
{
	bool in_user = sample->header.flags & DITHER_SAMPLE_USER;
	uint64_t ip = in_user ? sample->ip : 0;
	unsigned int before = 0;

	if (!in_user && stack->count)
		ip = stack->addresses[before++];
	/* A link register was at hand, and is not where it came to. */
	before += !!(stack->flags & DITHER_STACK_LR);
	if (stack->count <= before)
		return resolver_user(resolver, sample->tgid, ip, false);
	return resolver_user(resolver, sample->tgid,
			     stack->addresses[stack->count - 1], true);
}

void user_stacks_sample(struct user_stacks *stacks, struct resolver *resolver,
			const struct dither_sample *sample,
			const struct replay_stack *stack, double weight)
{
	const struct name *place;

	if (sample->user_stack == DITHER_STACK_NONE)
		return;
	add_end(stacks, stack, weight);
	if (!stack || stack->end != DITHER_END_NO_TABLE)
		return;
	place = last_place(resolver, sample, stack);
	if (*place->path)
		add_place(stacks, place->path, weight);
	else
		add_place(stacks, *place->module ? place->module : place->text,
			  weight);
}

static int heaviest_first(const void *left, const void *right)
{
	const struct user_stack_place *a = left, *b = right;

	if (a->weight != b->weight)
		return a->weight < b->weight ? 1 : -1;
	return strcmp(a->name, b->name);
}

struct user_stack_place *user_stacks_places(const struct user_stacks *stacks,
					    size_t *count)
{
	struct user_stack_place *places;

	*count = stacks->places ? string_table_count(stacks->places) : 0;
	places = alloc_zeroed(*count + 1, sizeof(*places));
	for (size_t i = 0; i < *count; i++) {
		places[i].name = string_table_text(stacks->places, (uint32_t)i);
		places[i].weight = stacks->place_weights[i];
	}
	qsort(places, *count, sizeof(*places), heaviest_first);
	return places;
}

void user_stacks_free(struct user_stacks *stacks)
{
	string_table_free(stacks->places);
	free(stacks->place_weights);
}
