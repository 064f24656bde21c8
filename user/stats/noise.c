// SPDX-License-Identifier: GPL-2.0
/* See noise.h. */
#include "noise.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../profile/synthetic_frames.h"

static bool is_noise(const struct profile *profile, uint32_t node,
		     const struct shares *shares, uint32_t lost)
{
	struct profile_node at = profile_node(profile, node);

	return at.name != lost && shares_is_noise(shares, at.total);
}

static void weigh_self(const struct profile *profile, uint32_t node,
		       struct profile *copy, uint32_t to)
{
	double self = profile_node(profile, node).self;

	if (self > 0)
		profile_weigh(copy, to, self);
}

struct profile *profile_without_noise(const struct profile *profile,
				      const struct shares *shares,
				      uint32_t **map)
{
	struct profile *copy = profile_new();
	uint32_t *at = alloc_zeroed(profile_nodes(profile), sizeof(*at));
	bool *cut = alloc_zeroed(profile_nodes(profile), sizeof(*cut));
	uint32_t noise, lost;

	for (uint32_t i = 0; i < profile_names(profile); i++)
		profile_name(copy, profile_text(profile, i),
			     profile_text_length(profile, i));
	lost = profile_name(copy, SYNTHETIC_LOST, strlen(SYNTHETIC_LOST));
	noise = profile_name(copy, SYNTHETIC_NOISE, strlen(SYNTHETIC_NOISE));
	weigh_self(profile, PROFILE_ROOT, copy, PROFILE_ROOT);
	for (uint32_t i = profile_next(profile, PROFILE_ROOT);
	     i != PROFILE_NONE; i = profile_next(profile, i)) {
		struct profile_node node = profile_node(profile, i);
		uint32_t parent = at[node.parent];

		cut[i] = cut[node.parent] || is_noise(profile, i, shares, lost);
		if (cut[node.parent])
			at[i] = parent;
		else
			at[i] = profile_child(copy, parent,
					      cut[i] ? noise : node.name);
		weigh_self(profile, i, copy, at[i]);
	}
	free(cut);
	profile_finish(copy);
	if (map)
		*map = at;
	else
		free(at);
	return copy;
}
