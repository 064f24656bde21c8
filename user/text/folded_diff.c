// SPDX-License-Identifier: GPL-2.0
/* See folded_diff.h. */
#include "folded_diff.h"

#include <stdlib.h>

#include "../base/alloc.h"
#include "folded_number.h"

int two_counts_are(const struct folded_summary *summary)
{
	return summary->stacks > 1 && summary->two_counts == summary->stacks;
}

/* A name without the count that it ends with, and that count. */
static size_t cut(const char *text, size_t length, double *count)
{
	size_t word = length;

	while (word && text[word - 1] != ' ' && text[word - 1] != '\t')
		word--;
	if (!word || !folded_count(text + word, length - word, count))
		return length;
	while (word && (text[word - 1] == ' ' || text[word - 1] == '\t'))
		word--;
	return word;
}

static uint32_t copy_name(struct profile *to, const struct profile *from,
			  uint32_t name)
{
	return profile_name(to, profile_text(from, name),
			    profile_text_length(from, name));
}

/* The stack that ends at @end, without its last frame's count. */
static void copy_stack(struct profile *to, const struct profile *from,
		       uint32_t end, double weight)
{
	uint32_t name = profile_node(from, end).name, *names = NULL;
	const char *text = profile_text(from, name);
	size_t count = 0, room = 0, length;
	double first;

	if (!(weight > 0))
		return;
	length = cut(text, profile_text_length(from, name), &first);
	names = alloc_grow(names, count, &room, sizeof(*names));
	names[count++] = profile_name(to, text, length);
	for (end = profile_node(from, end).parent; end != PROFILE_ROOT;
	     end = profile_node(from, end).parent) {
		names = alloc_grow(names, count, &room, sizeof(*names));
		names[count++] =
			copy_name(to, from, profile_node(from, end).name);
	}
	for (size_t i = 0, j = count - 1; i < j; i++, j--) {
		uint32_t outer = names[j];

		names[j] = names[i];
		names[i] = outer;
	}
	profile_add(to, names, count, weight);
	free(names);
}

/* Lines that ended at a node, its children's left out. */
static uint64_t own_samples(const struct profile *profile, uint32_t node)
{
	uint64_t samples = profile_node(profile, node).samples;
	uint32_t child = profile_node(profile, node).first_child;

	for (; child != PROFILE_NONE;
	     child = profile_node(profile, child).next_sibling)
		samples -= profile_node(profile, child).samples;
	return samples;
}

void two_counts_split(const struct profile *both, struct profile **first,
		      struct profile **second)
{
	*first = profile_new();
	*second = profile_new();
	for (uint32_t i = PROFILE_ROOT + 1; i < profile_nodes(both); i++) {
		struct profile_node node = profile_node(both, i);
		double count = 0;

		if (!own_samples(both, i))
			continue;
		cut(profile_text(both, node.name),
		    profile_text_length(both, node.name), &count);
		copy_stack(*first, both, i,
			   count * (double)own_samples(both, i));
		copy_stack(*second, both, i, node.self);
	}
	profile_finish(*first);
	profile_finish(*second);
}
