// SPDX-License-Identifier: GPL-2.0
/* See partial_profile.h. */
#include "partial_profile.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

/* A thread's profile repeats what the whole one holds: it is kept small. */
#define NAMES_KEPT (32U << 10)
#define NODES_KEPT (64U << 10)

void partial_add(struct partial_profile *partial,
		 const struct partial_sample *sample)
{
	partial->samples = alloc_grow(partial->samples, partial->sample_count,
				      &partial->sample_room,
				      sizeof(*partial->samples));
	partial->samples[partial->sample_count++] = *sample;
}

void partial_free(struct partial_profile *partial)
{
	free(partial->text);
	free(partial->name_ends);
	free(partial->nodes);
	free(partial->samples);
}

bool partial_source_begin(struct partial_source *source)
{
	if (source->profile && source->names < NAMES_KEPT &&
	    source->nodes < NODES_KEPT)
		return false;
	profile_free(source->profile);
	source->profile = profile_new();
	source->names = 0;
	source->nodes = 0;
	return true;
}

static void tell_name(const struct profile *profile, uint32_t name,
		      struct partial_profile *partial)
{
	size_t length = profile_text_length(profile, name);

	while (partial->text_room < partial->text_length + length)
		partial->text = alloc_grow(partial->text, partial->text_room,
					   &partial->text_room, 1);
	memcpy(partial->text + partial->text_length,
	       profile_text(profile, name), length);
	partial->text_length += length;
	partial->name_ends = alloc_grow(partial->name_ends, partial->name_count,
					&partial->name_room,
					sizeof(*partial->name_ends));
	partial->name_ends[partial->name_count++] = partial->text_length;
}

void partial_source_end(struct partial_source *source,
			struct partial_profile *partial)
{
	uint32_t names = profile_names(source->profile);
	uint32_t nodes = profile_nodes(source->profile);

	/* All new names may be empty. */
	partial->text = alloc_grow(NULL, 0, &partial->text_room, 1);
	for (uint32_t i = source->names; i < names; i++)
		tell_name(source->profile, i, partial);
	partial->node_room = nodes - source->nodes;
	partial->nodes =
		alloc_resize(NULL, partial->node_room, sizeof(*partial->nodes));
	for (uint32_t i = source->nodes; i < nodes; i++) {
		struct profile_node node = profile_node(source->profile, i);

		partial->nodes[partial->node_count++] =
			(struct partial_node){ node.parent, node.name };
	}
	source->names = names;
	source->nodes = nodes;
}

void partial_source_free(struct partial_source *source)
{
	profile_free(source->profile);
}

static void map_names(struct partial_map *map,
		      const struct partial_profile *partial,
		      struct profile *profile,
		      const struct partial_special *special)
{
	size_t begin = 0;

	for (size_t i = 0; i < partial->name_count; i++) {
		size_t length = partial->name_ends[i] - begin;
		uint32_t number = PROFILE_NONE;

		if (!special || !special->skip_name(special->context,
						    (uint32_t)map->name_count))
			number = profile_name(profile, partial->text + begin,
					      length);
		begin += length;
		map->names = alloc_grow(map->names, map->name_count,
					&map->name_room, sizeof(*map->names));
		map->names[map->name_count++] = number;
	}
}

static uint32_t map_node(const struct partial_map *map,
			 const struct partial_node *node,
			 struct profile *profile,
			 const struct partial_special *special)
{
	if (node->parent == PROFILE_NONE)
		return PROFILE_ROOT;
	if (node->parent == PROFILE_ROOT && special)
		return special->top(special->context, node->name);
	return profile_child(profile, map->nodes[node->parent],
			     map->names[node->name]);
}

void partial_map_add(struct partial_map *map,
		     const struct partial_profile *partial,
		     struct profile *profile,
		     const struct partial_special *special)
{
	if (partial->anew) {
		map->name_count = 0;
		map->node_count = 0;
	}
	map_names(map, partial, profile, special);
	for (size_t i = 0; i < partial->node_count; i++) {
		uint32_t node =
			map_node(map, &partial->nodes[i], profile, special);

		map->nodes = alloc_grow(map->nodes, map->node_count,
					&map->node_room, sizeof(*map->nodes));
		map->nodes[map->node_count++] = node;
	}
}

void partial_weigh(const struct partial_sample *sample, struct profile *profile,
		   uint32_t node)
{
	if (sample->more)
		profile_weigh_more(profile, node, sample->weight);
	else
		profile_weigh(profile, node, sample->weight);
}

void partial_map_nested(struct partial_map *map)
{
	for (size_t i = 0; i < map->node_count; i++)
		map->nodes[i]++;
}

void partial_map_free(struct partial_map *map)
{
	free(map->names);
	free(map->nodes);
}
