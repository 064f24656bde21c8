// SPDX-License-Identifier: GPL-2.0
/* See blocks.h. */
#include "blocks.h"

#include <stdlib.h>

#include "../base/alloc.h"

/* A stack's weight, to each of its functions once. */
struct stamp {
	uint64_t *of; /* by name: the last stack that it was in */
	uint64_t now;
};

static void add(const struct profile *profile, struct blocks *blocks,
		struct stamp *stamp, uint32_t number, size_t block,
		double weight)
{
	struct profile_node node = profile_node(profile, number);

	blocks->weights[block] += weight;
	if (node.name == PROFILE_NONE)
		return;
	blocks->self[node.name * blocks->count + block] += weight;
	stamp->now++;
	for (; node.name != PROFILE_NONE;
	     node = profile_node(profile, node.parent)) {
		if (stamp->of[node.name] == stamp->now)
			continue;
		stamp->of[node.name] = stamp->now;
		blocks->total[node.name * blocks->count + block] += weight;
	}
}

static void add_moments(const struct profile *profile,
			const struct sample_times *times, struct blocks *blocks,
			struct stamp *stamp)
{
	uint64_t first = UINT64_MAX, last = 0;

	for (size_t i = 0; i < times->count; i++) {
		const struct moment *moment = &times->items[i];

		first = moment->time < first ? moment->time : first;
		last = moment->time > last ? moment->time : last;
	}
	blocks->span = last > first ? last - first : 0;
	for (size_t i = 0; i < times->count; i++) {
		const struct moment *moment = &times->items[i];
		double place = (double)(moment->time - first) /
			       ((double)(last - first) + 1);
		size_t block = (size_t)(place * (double)blocks->count);

		if (block >= blocks->count)
			block = blocks->count - 1;
		add(profile, blocks, stamp, moment->node, block,
		    moment->weight);
	}
}

void blocks_sum(const struct profile *profile, const struct sample_times *times,
		size_t count, struct blocks *blocks)
{
	size_t names = profile_names(profile) + 1;
	struct stamp stamp = { .of = alloc_zeroed(names, sizeof(uint64_t)) };

	*blocks = (struct blocks){ .count = times ? count : 1 };
	blocks->weights = alloc_zeroed(blocks->count, sizeof(double));
	blocks->self = alloc_zeroed(names * blocks->count, sizeof(double));
	blocks->total = alloc_zeroed(names * blocks->count, sizeof(double));
	if (times)
		add_moments(profile, times, blocks, &stamp);
	else
		for (uint32_t i = 0; i < profile_nodes(profile); i++)
			if (profile_node(profile, i).self > 0)
				add(profile, blocks, &stamp, i, 0,
				    profile_node(profile, i).self);
	free(stamp.of);
	for (size_t i = 0; i < blocks->count; i++)
		blocks->used += blocks->weights[i] > 0;
}

void blocks_free(struct blocks *blocks)
{
	free(blocks->weights);
	free(blocks->self);
	free(blocks->total);
}
