// SPDX-License-Identifier: GPL-2.0
/*
 * Sums the tree up by name. A function that calls itself stands several times
 * on one path: only its outermost node counts for the total, else recursion
 * would yield shares above 100%.
 */
#include "functions.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/bytes.h"
#include "synthetic_frames.h"

static int by_name(const struct function *a, const struct function *b)
{
	return bytes_compare(a->text, a->length, b->text, b->length);
}

static int by_self(const void *left, const void *right)
{
	const struct function *a = left, *b = right;

	if (a->self != b->self)
		return a->self < b->self ? 1 : -1;
	return by_name(a, b);
}

static int by_total(const void *left, const void *right)
{
	const struct function *a = left, *b = right;

	if (a->total != b->total)
		return a->total < b->total ? 1 : -1;
	return by_name(a, b);
}

static void enter(struct function *functions, uint32_t *depth,
		  const struct profile_node *node)
{
	struct function *function = &functions[node->name];

	function->self += node->self;
	if (depth[node->name]++)
		return;
	function->total += node->total;
	function->samples += node->samples;
}

/*
 * The number of SYNTHETIC_IRQS_OFF, with or without a module; PROFILE_NONE:
 * none.
 */
static uint32_t find_masked(const struct profile *profile)
{
	size_t length = strlen(SYNTHETIC_IRQS_OFF);

	for (uint32_t i = 0; i < profile_names(profile); i++) {
		const char *text = profile_text(profile, i);

		if (!strncmp(text, SYNTHETIC_IRQS_OFF, length) &&
		    (!text[length] || text[length] == '\t'))
			return i;
	}
	return PROFILE_NONE;
}

static void add_masked(const struct profile *profile,
		       struct function *functions)
{
	uint32_t masked = find_masked(profile);

	if (masked == PROFILE_NONE)
		return;
	for (uint32_t i = PROFILE_ROOT + 1; i < profile_nodes(profile); i++) {
		struct profile_node node = profile_node(profile, i);
		uint32_t name = profile_node(profile, node.parent).name;

		if (node.name == masked && name != PROFILE_NONE)
			functions[name].masked += node.total;
	}
}

struct function *functions_list(const struct profile *profile,
				enum functions_order order, size_t *count)
{
	size_t names = profile_names(profile), used = 0;
	struct function *functions =
		alloc_zeroed(names + 1, sizeof(*functions));
	/* How often each name stands on the path to the current node. */
	uint32_t *depth = alloc_zeroed(names + 1, sizeof(*depth));
	struct profile_node node = profile_node(profile, PROFILE_ROOT);
	uint32_t next = node.first_child;

	while (next != PROFILE_NONE) {
		node = profile_node(profile, next);
		enter(functions, depth, &node);
		next = node.first_child;
		while (next == PROFILE_NONE && node.name != PROFILE_NONE) {
			depth[node.name]--;
			next = node.next_sibling;
			node = profile_node(profile, node.parent);
		}
	}
	free(depth);
	add_masked(profile, functions);
	for (uint32_t name = 0; name < names; name++) {
		if (!functions[name].samples)
			continue;
		functions[name].name = name;
		functions[name].text = profile_text(profile, name);
		functions[name].length = profile_text_length(profile, name);
		functions[used++] = functions[name];
	}
	if (used)
		qsort(functions, used, sizeof(*functions),
		      order == FUNCTIONS_BY_TOTAL ? by_total : by_self);
	*count = used;
	return functions;
}
