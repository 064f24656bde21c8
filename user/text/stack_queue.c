// SPDX-License-Identifier: GPL-2.0
/* Grows as needed, and keeps its room; see stack_queue.h. */
#include "stack_queue.h"

#include <stdlib.h>

#include "../base/alloc.h"

static void add_name(struct stack_queue *queue, uint32_t name)
{
	queue->names = alloc_grow(queue->names, queue->name_count,
				  &queue->name_room, sizeof(*queue->names));
	queue->names[queue->name_count++] = name;
}

void stack_queue_add(struct stack_queue *queue, const uint32_t *names,
		     size_t count, size_t shared, const uint32_t *map,
		     const struct stack_weight *weight)
{
	for (size_t i = 0; i < count; i++)
		add_name(queue, map ? map[names[i]] : names[i]);
	queue->stacks = alloc_grow(queue->stacks, queue->count, &queue->room,
				   sizeof(*queue->stacks));
	queue->weights = alloc_grow(queue->weights, queue->count,
				    &queue->weight_room,
				    sizeof(*queue->weights));
	queue->stacks[queue->count] = (struct profile_stack){
		.end = queue->name_count,
		.shared = queue->count ? shared : 0,
	};
	queue->weights[queue->count++] = *weight;
}

static void weigh(const struct stack_weight *weight, struct profile *profile,
		  uint32_t node, struct sample_times *order)
{
	profile_weigh(profile, node, weight->count.value);
	if (weight->count.rest)
		profile_weigh_more(profile, node, weight->count.rest);
	if (!order)
		return;
	sample_times_add(order, weight->line, node, weight->count.value);
	if (weight->count.rest)
		sample_times_add(order, weight->line, node, weight->count.rest);
}

void stack_queue_flush(struct stack_queue *queue, struct profile *profile,
		       struct sample_times *order)
{
	if (queue->node_room < queue->name_room) {
		queue->node_room = queue->name_room;
		queue->nodes = alloc_resize(queue->nodes, queue->node_room,
					    sizeof(*queue->nodes));
	}
	profile_stacks(profile, queue->names, queue->stacks, queue->count,
		       queue->nodes);
	for (size_t i = 0; i < queue->count; i++)
		weigh(&queue->weights[i], profile,
		      queue->nodes[queue->stacks[i].end - 1], order);
	queue->count = 0;
	queue->name_count = 0;
}

void stack_queue_free(struct stack_queue *queue)
{
	free(queue->stacks);
	free(queue->weights);
	free(queue->names);
	free(queue->nodes);
}
