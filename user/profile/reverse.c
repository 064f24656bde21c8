// SPDX-License-Identifier: GPL-2.0
/* See reverse.h. */
#include "reverse.h"

struct profile *profile_reversed(const struct profile *profile)
{
	struct profile *reversed = profile_new();

	for (uint32_t i = 0; i < profile_names(profile); i++)
		profile_name(reversed, profile_text(profile, i),
			     profile_text_length(profile, i));
	for (uint32_t i = PROFILE_ROOT; i != PROFILE_NONE;
	     i = profile_next(profile, i)) {
		struct profile_node node = profile_node(profile, i);
		uint32_t at = PROFILE_ROOT;
		double self = node.self;

		if (!(self > 0))
			continue;
		for (; node.name != PROFILE_NONE;
		     node = profile_node(profile, node.parent))
			at = profile_child(reversed, at, node.name);
		profile_weigh(reversed, at, self);
	}
	profile_finish(reversed);
	return reversed;
}
