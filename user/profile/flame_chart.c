// SPDX-License-Identifier: GPL-2.0
/*
 * Each sample goes below the frames that it shares with the one before in its
 * lane; the others are made anew. Places are counted within the lane, whose own
 * place is known only at the end.
 */
#include "flame_chart.h"

#include <stdlib.h>

#include "../base/alloc.h"

/* By node of the profile. */
struct lane {
	uint32_t node;	 /* of the chart; 0: not made, or the root */
	uint32_t before; /* the lane's sample before, a node of the profile */
	uint32_t end;	 /* the same in the chart */
	double length;	 /* weight so far */
};

struct maker {
	const struct profile *profile;
	struct chart *chart;
	struct lane *lanes;
	unsigned int lane_depth;
	uint32_t *depths; /* of the profile's nodes, the root's is 0 */
	uint32_t *path;	  /* of the profile's nodes, innermost first */
	size_t path_room, start_room;
};

static uint32_t parent_of(const struct profile *profile, uint32_t node)
{
	return profile_node(profile, node).parent;
}

/* Of a node of the profile below @parent of the chart. */
static uint32_t make_node(struct maker *maker, uint32_t node, uint32_t parent,
			  double start)
{
	struct chart *chart = maker->chart;
	uint32_t made =
		profile_new_child(chart->profile, parent,
				  profile_node(maker->profile, node).name);

	chart->starts = alloc_grow(chart->starts, made, &maker->start_room,
				   sizeof(*chart->starts));
	chart->starts[made] = start;
	return made;
}

/* Make what leads from @from, of the profile, to @to, which is below it. */
static uint32_t make_path(struct maker *maker, uint32_t from, uint32_t to,
			  uint32_t parent, double start)
{
	size_t count = 0;

	for (; to != from; to = parent_of(maker->profile, to)) {
		maker->path = alloc_grow(maker->path, count, &maker->path_room,
					 sizeof(*maker->path));
		maker->path[count++] = to;
	}
	while (count)
		parent = make_node(maker, maker->path[--count], parent, start);
	return parent;
}

/* The lane of a node that is not deeper than lanes are, nor is this. */
static struct lane *lane_at(struct maker *maker, uint32_t node)
{
	struct lane *lane = &maker->lanes[node];
	uint32_t parent;

	if (node == PROFILE_ROOT || lane->node)
		return lane;
	parent = lane_at(maker, parent_of(maker->profile, node))->node;
	lane->node = make_node(maker, node, parent, 0);
	lane->before = node;
	lane->end = lane->node;
	return lane;
}

static void add(struct maker *maker, const struct moment *moment)
{
	const struct profile *profile = maker->profile;
	uint32_t node = moment->node, shared = node, end;
	struct lane *lane;

	while (maker->depths[shared] > maker->lane_depth)
		shared = parent_of(profile, shared);
	lane = lane_at(maker, shared);
	/* Up from the sample before to what this one shares with it. */
	end = lane->end;
	shared = node;
	for (uint32_t before = lane->before; before != shared;) {
		if (maker->depths[before] >= maker->depths[shared]) {
			before = parent_of(profile, before);
			end = parent_of(maker->chart->profile, end);
		} else {
			shared = parent_of(profile, shared);
		}
	}
	end = make_path(maker, shared, node, end, lane->length);
	profile_weigh(maker->chart->profile, end, moment->weight);
	lane->before = node;
	lane->end = end;
	lane->length += moment->weight;
}

/* Lanes stand side by side, and what is in them moves with them. */
static void place_lanes(struct maker *maker)
{
	const struct profile *profile = maker->chart->profile;
	uint32_t count = profile_nodes(profile);
	double *starts = maker->chart->starts;
	uint32_t *depth = alloc_zeroed(count, sizeof(*depth));
	double *base = alloc_zeroed(count, sizeof(*base));

	for (uint32_t i = PROFILE_ROOT + 1; i < count; i++) {
		uint32_t parent = parent_of(profile, i);

		depth[i] = depth[parent] + 1;
		if (depth[i] > maker->lane_depth) {
			base[i] = depth[parent] == maker->lane_depth ?
					  starts[parent] :
					  base[parent];
			starts[i] += base[i];
			continue;
		}
		/* Of what is not in a lane: the end of its children so far. */
		starts[i] = base[parent];
		base[parent] += profile_node(profile, i).total;
		base[i] = starts[i];
	}
	free(depth);
	free(base);
}

void chart_make(const struct profile *profile, const struct sample_times *times,
		unsigned int lanes, struct chart *chart)
{
	uint32_t count = profile_nodes(profile);
	struct maker maker = {
		.profile = profile,
		.chart = chart,
		.lanes = alloc_zeroed(count, sizeof(*maker.lanes)),
		.lane_depth = lanes,
		.depths = alloc_zeroed(count, sizeof(*maker.depths)),
	};

	*chart = (struct chart){ .profile = profile_new() };
	for (uint32_t i = 0; i < profile_names(profile); i++)
		profile_name(chart->profile, profile_text(profile, i),
			     profile_text_length(profile, i));
	chart->starts = alloc_grow(NULL, PROFILE_ROOT, &maker.start_room,
				   sizeof(*chart->starts));
	chart->starts[PROFILE_ROOT] = 0;
	for (uint32_t i = PROFILE_ROOT + 1; i < count; i++)
		maker.depths[i] = maker.depths[parent_of(profile, i)] + 1;
	for (size_t i = 0; i < times->count; i++)
		if (times->items[i].weight > 0)
			add(&maker, &times->items[i]);
	profile_finish_in_order(chart->profile);
	place_lanes(&maker);
	free(maker.lanes);
	free(maker.depths);
	free(maker.path);
}

void chart_free(struct chart *chart)
{
	profile_free(chart->profile);
	free(chart->starts);
	*chart = (struct chart){ 0 };
}
