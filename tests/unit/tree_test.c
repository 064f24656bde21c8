// SPDX-License-Identifier: GPL-2.0
/*
 * Chains of frames share what they have in common: the tree, node by node,
 * against one without chains, in which everything is searched for in turn.
 */
#include "unit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/profile/profile.h"
#include "random_numbers.h"

#define TREES 60
#define STACKS 300
#define NODES_MAX 8192
#define DEPTH_MAX 14
#define NAMES 3U

/* The names sort as their numbers do. */
static const char *const texts[NAMES] = { "a", "b", "c" };

struct plain {
	struct profile_node nodes[NODES_MAX];
	uint32_t count;
};

/* Siblings are linked when all is known. */
static uint32_t make(struct plain *plain, uint32_t parent, uint32_t name)
{
	CU_ASSERT_FATAL(plain->count < NODES_MAX);
	plain->nodes[plain->count] = (struct profile_node){
		.name = name,
		.parent = parent,
		.first_child = PROFILE_NONE,
		.next_sibling = PROFILE_NONE,
	};
	return plain->count++;
}

static uint32_t find(struct plain *plain, uint32_t parent, uint32_t name)
{
	for (uint32_t i = parent + 1; i < plain->count; i++)
		if (plain->nodes[i].parent == parent &&
		    plain->nodes[i].name == name)
			return i;
	return make(plain, parent, name);
}

static void weigh(struct plain *plain, uint32_t node, double weight)
{
	plain->nodes[node].self += weight;
	for (;; node = plain->nodes[node].parent) {
		plain->nodes[node].total += weight;
		plain->nodes[node].samples++;
		if (node == PROFILE_ROOT)
			return;
	}
}

static void nest(struct plain *plain, uint32_t name)
{
	memmove(plain->nodes + 2, plain->nodes + 1,
		(plain->count - 1) * sizeof(*plain->nodes));
	plain->count++;
	for (uint32_t i = 2; i < plain->count; i++)
		plain->nodes[i].parent++;
	plain->nodes[1] = plain->nodes[0];
	plain->nodes[1].name = name;
	plain->nodes[1].parent = PROFILE_ROOT;
	plain->nodes[0].self = 0;
}

/* Backwards, each to the front of its siblings that come later. */
static void link_children(struct plain *plain, bool sorted)
{
	for (uint32_t i = plain->count - 1; i > PROFILE_ROOT; i--) {
		struct profile_node *node = &plain->nodes[i];
		uint32_t *at = &plain->nodes[node->parent].first_child;

		while (sorted && *at != PROFILE_NONE &&
		       plain->nodes[*at].name < node->name)
			at = &plain->nodes[*at].next_sibling;
		node->next_sibling = *at;
		*at = i;
	}
}

static bool same_node(const struct profile_node *a,
		      const struct profile_node *b)
{
	return a->name == b->name && a->parent == b->parent &&
	       a->first_child == b->first_child &&
	       a->next_sibling == b->next_sibling && a->self == b->self &&
	       a->total == b->total && a->samples == b->samples;
}

/* Depth first, siblings as they are linked. */
static void expect_walk(const struct profile *profile,
			const struct plain *plain)
{
	uint32_t node = PROFILE_ROOT, visited = 0, up;

	for (; node != PROFILE_NONE; node = profile_next(profile, node)) {
		visited++;
		up = node;
		if (plain->nodes[node].first_child != PROFILE_NONE) {
			CU_ASSERT_EQUAL_FATAL(profile_next(profile, node),
					      plain->nodes[node].first_child);
			continue;
		}
		while (up != PROFILE_ROOT &&
		       plain->nodes[up].next_sibling == PROFILE_NONE)
			up = plain->nodes[up].parent;
		CU_ASSERT_EQUAL_FATAL(profile_next(profile, node),
				      plain->nodes[up].next_sibling);
	}
	CU_ASSERT_EQUAL(visited, plain->count);
}

static void expect_same(const struct profile *profile,
			const struct plain *plain)
{
	CU_ASSERT_EQUAL_FATAL(profile_nodes(profile), plain->count);
	for (uint32_t i = 0; i < plain->count; i++) {
		struct profile_node node = profile_node(profile, i);

		CU_ASSERT_FATAL(same_node(&node, &plain->nodes[i]));
	}
	expect_walk(profile, plain);
}

static void begin(struct profile **profile, struct plain *plain)
{
	*profile = profile_new();
	plain->count = 0;
	make(plain, PROFILE_NONE, PROFILE_NONE);
	for (uint32_t i = 0; i < NAMES; i++)
		CU_ASSERT_EQUAL(profile_name(*profile, texts[i], 1), i);
}

/* Long stacks make chains, short ones end and branch within them. */
static unsigned int some_depth(uint64_t *random)
{
	return (unsigned int)random_below(
		random, random_below(random, 2) ? 4 : DEPTH_MAX + 1);
}

static void trees(bool nested)
{
	static struct plain plain;
	struct profile *profile;
	uint64_t random = nested ? 1 : 2;

	for (int tree = 0; tree < TREES; tree++) {
		uint64_t when = random_below(&random, STACKS);

		begin(&profile, &plain);
		for (uint64_t stack = 0; stack < STACKS; stack++) {
			unsigned int depth = some_depth(&random);
			uint32_t one = PROFILE_ROOT, other = PROFILE_ROOT;

			if (nested && stack == when) {
				profile_nest(profile, 1);
				nest(&plain, 1);
			}
			while (depth--) {
				uint32_t name =
					(uint32_t)random_below(&random, NAMES);

				one = profile_child(profile, one, name);
				other = find(&plain, other, name);
				CU_ASSERT_EQUAL_FATAL(one, other);
			}
			profile_weigh(profile, one, (double)stack);
			weigh(&plain, other, (double)stack);
		}
		profile_finish(profile);
		link_children(&plain, true);
		expect_same(profile, &plain);
		profile_free(profile);
	}
}

static void any_order(void)
{
	trees(false);
}

static void below_another(void)
{
	trees(true);
}

/* Each stack goes on from any node of the one before. */
static void in_order(void)
{
	static struct plain plain;
	struct profile *profile;
	uint64_t random = 3;

	for (int tree = 0; tree < TREES; tree++) {
		uint32_t node = PROFILE_ROOT;

		begin(&profile, &plain);
		for (uint64_t stack = 0; stack < STACKS; stack++) {
			unsigned int depth = some_depth(&random);
			uint64_t back = random_below(&random, DEPTH_MAX);

			for (; back && node != PROFILE_ROOT; back--)
				node = plain.nodes[node].parent;
			while (depth--) {
				uint32_t name =
					(uint32_t)random_below(&random, NAMES);

				CU_ASSERT_EQUAL_FATAL(
					profile_new_child(profile, node, name),
					plain.count);
				node = make(&plain, node, name);
			}
			profile_weigh(profile, node, (double)stack);
			weigh(&plain, node, (double)stack);
		}
		profile_finish_in_order(profile);
		link_children(&plain, false);
		expect_same(profile, &plain);
		profile_free(profile);
	}
}

static const struct unit_case cases[] = {
	{ "chains that end and branch anywhere are what plain frames are",
	  any_order },
	{ "they are so below a frame that comes between, too", below_another },
	{ "they are so where order matters, and children are alike", in_order },
};

UNIT_MAIN("tree", cases)
