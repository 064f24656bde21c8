// SPDX-License-Identifier: GPL-2.0
/* See partial_profile.h. */
#include "partial_profile.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

/* A thread's profile repeats what the whole one holds: it is kept small. */
#define NAMES_KEPT (32U << 10)
#define NODES_KEPT (64U << 10)

void part_add(struct part *part, const struct part_sample *sample)
{
	part->samples = alloc_grow(part->samples, part->sample_count,
				   &part->sample_room, sizeof(*part->samples));
	part->samples[part->sample_count++] = *sample;
}

void part_free(struct part *part)
{
	free(part->text);
	free(part->name_ends);
	free(part->nodes);
	free(part->samples);
}

bool part_source_begin(struct part_source *source)
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
		      struct part *part)
{
	size_t length = profile_text_length(profile, name);

	while (part->text_room < part->text_length + length)
		part->text = alloc_grow(part->text, part->text_room,
					&part->text_room, 1);
	memcpy(part->text + part->text_length, profile_text(profile, name),
	       length);
	part->text_length += length;
	part->name_ends = alloc_grow(part->name_ends, part->name_count,
				     &part->name_room,
				     sizeof(*part->name_ends));
	part->name_ends[part->name_count++] = part->text_length;
}

void part_source_end(struct part_source *source, struct part *part)
{
	uint32_t names = profile_names(source->profile);
	uint32_t nodes = profile_nodes(source->profile);

	/* All new names may be empty. */
	part->text = alloc_grow(NULL, 0, &part->text_room, 1);
	for (uint32_t i = source->names; i < names; i++)
		tell_name(source->profile, i, part);
	part->node_room = nodes - source->nodes;
	part->nodes = alloc_resize(NULL, part->node_room, sizeof(*part->nodes));
	for (uint32_t i = source->nodes; i < nodes; i++) {
		struct profile_node node = profile_node(source->profile, i);

		part->nodes[part->node_count++] =
			(struct part_node){ node.parent, node.name };
	}
	source->names = names;
	source->nodes = nodes;
}

void part_source_free(struct part_source *source)
{
	profile_free(source->profile);
}

static void map_names(struct part_map *map, const struct part *part,
		      struct profile *profile,
		      const struct part_special *special)
{
	size_t begin = 0;

	for (size_t i = 0; i < part->name_count; i++) {
		size_t length = part->name_ends[i] - begin;
		uint32_t number = PROFILE_NONE;

		if (!special || !special->skip_name(special->context,
						    (uint32_t)map->name_count))
			number = profile_name(profile, part->text + begin,
					      length);
		begin += length;
		map->names = alloc_grow(map->names, map->name_count,
					&map->name_room, sizeof(*map->names));
		map->names[map->name_count++] = number;
	}
}

static uint32_t map_node(const struct part_map *map,
			 const struct part_node *node, struct profile *profile,
			 const struct part_special *special)
{
	if (node->parent == PROFILE_NONE)
		return PROFILE_ROOT;
	if (node->parent == PROFILE_ROOT && special)
		return special->top(special->context, node->name);
	return profile_child(profile, map->nodes[node->parent],
			     map->names[node->name]);
}

void part_map_add(struct part_map *map, const struct part *part,
		  struct profile *profile, const struct part_special *special)
{
	if (part->anew) {
		map->name_count = 0;
		map->node_count = 0;
	}
	map_names(map, part, profile, special);
	for (size_t i = 0; i < part->node_count; i++) {
		uint32_t node =
			map_node(map, &part->nodes[i], profile, special);

		map->nodes = alloc_grow(map->nodes, map->node_count,
					&map->node_room, sizeof(*map->nodes));
		map->nodes[map->node_count++] = node;
	}
}

void part_weigh(const struct part_sample *sample, struct profile *profile,
		uint32_t node)
{
	if (sample->more)
		profile_weigh_more(profile, node, sample->weight);
	else
		profile_weigh(profile, node, sample->weight);
}

void part_map_nested(struct part_map *map)
{
	for (size_t i = 0; i < map->node_count; i++)
		map->nodes[i]++;
}

void part_map_free(struct part_map *map)
{
	free(map->names);
	free(map->nodes);
}
