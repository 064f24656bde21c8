// SPDX-License-Identifier: GPL-2.0
/*
 * The prefix tree behind profile.h: nodes in one array, each after its
 * parent. While stacks are added, first_child is the child made last, and a
 * hash table over (parent, name) holds all others: most nodes have one child,
 * which stands next to them in memory, and are found without the table.
 * profile_finish() links the children; until then totals leave them out.
 */
#include "profile.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/bytes.h"
#include "../base/error.h"
#include "../base/intern.h"

#define SLOTS_FIRST 1024

struct profile {
	struct intern *names;
	struct profile_node *nodes;
	size_t count, room;
	uint32_t *slots;   /* node number; PROFILE_ROOT: free */
	size_t slot_count; /* a power of two, at least twice used */
	size_t used;
	double total, squares;
	uint64_t samples;
};

static size_t slot_of(const struct profile *profile, uint32_t parent,
		      uint32_t name)
{
	uint64_t key = ((uint64_t)parent << 32 | name) * 0x9e3779b97f4a7c15ULL;

	return (size_t)(key ^ key >> 32) & (profile->slot_count - 1);
}

static void enter_slot(struct profile *profile, uint32_t node)
{
	size_t slot = slot_of(profile, profile->nodes[node].parent,
			      profile->nodes[node].name);

	while (profile->slots[slot])
		slot = (slot + 1) & (profile->slot_count - 1);
	profile->slots[slot] = node;
}

static void rehash(struct profile *profile, size_t slot_count)
{
	free(profile->slots);
	profile->slots = alloc_zeroed(slot_count, sizeof(*profile->slots));
	profile->slot_count = slot_count;
	for (size_t i = PROFILE_ROOT + 1; i < profile->count; i++)
		if (profile->nodes[profile->nodes[i].parent].first_child != i)
			enter_slot(profile, (uint32_t)i);
}

static uint32_t new_node(struct profile *profile, uint32_t parent,
			 uint32_t name)
{
	if (profile->count >= PROFILE_NONE) {
		error_print("a profile holds at most %u frames", PROFILE_NONE);
		exit(EXIT_CANNOT);
	}
	profile->nodes = alloc_grow(profile->nodes, profile->count,
				    &profile->room, sizeof(*profile->nodes));
	profile->nodes[profile->count] = (struct profile_node){
		.name = name,
		.parent = parent,
		.first_child = PROFILE_NONE,
		.next_sibling = PROFILE_NONE,
	};
	return (uint32_t)profile->count++;
}

uint32_t profile_child(struct profile *profile, uint32_t parent, uint32_t name)
{
	uint32_t last = profile->nodes[parent].first_child, node;
	size_t slot;

	if (last == PROFILE_NONE)
		goto make;
	if (profile->nodes[last].name == name)
		return last;
	slot = slot_of(profile, parent, name);
	while ((node = profile->slots[slot])) {
		if (profile->nodes[node].parent == parent &&
		    profile->nodes[node].name == name)
			return node;
		slot = (slot + 1) & (profile->slot_count - 1);
	}
	enter_slot(profile, last);
	profile->used++;
make:
	node = new_node(profile, parent, name);
	profile->nodes[parent].first_child = node;
	if (profile->used * 2 > profile->slot_count)
		rehash(profile, profile->slot_count * 2);
	return node;
}

uint32_t profile_new_child(struct profile *profile, uint32_t parent,
			   uint32_t name)
{
	return new_node(profile, parent, name);
}

struct profile *profile_new(void)
{
	struct profile *profile = alloc_zeroed(1, sizeof(*profile));

	profile->names = intern_new();
	new_node(profile, PROFILE_NONE, PROFILE_NONE);
	rehash(profile, SLOTS_FIRST);
	return profile;
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	intern_free(profile->names);
	free(profile->nodes);
	free(profile->slots);
	free(profile);
}

uint32_t profile_name(struct profile *profile, const char *text, size_t length)
{
	return intern_add(profile->names, text, length);
}

const char *profile_text(const struct profile *profile, uint32_t name)
{
	return intern_text(profile->names, name);
}

size_t profile_text_length(const struct profile *profile, uint32_t name)
{
	return intern_length(profile->names, name);
}

uint32_t profile_names(const struct profile *profile)
{
	return intern_count(profile->names);
}

void profile_weigh(struct profile *profile, uint32_t node, double weight)
{
	profile->nodes[node].self += weight;
	profile->nodes[node].total += weight;
	profile->nodes[node].samples++;
	profile->total += weight;
	profile->squares += weight * weight;
	profile->samples++;
}

uint32_t profile_add(struct profile *profile, const uint32_t *names,
		     size_t count, double weight)
{
	uint32_t node = PROFILE_ROOT;

	for (size_t i = 0; i < count; i++)
		node = profile_child(profile, node, names[i]);
	profile_weigh(profile, node, weight);
	return node;
}

void profile_nest(struct profile *profile, uint32_t name)
{
	struct profile_node *root, *nest;

	new_node(profile, PROFILE_ROOT, name);
	root = &profile->nodes[PROFILE_ROOT];
	nest = root + 1;
	memmove(nest + 1, nest, (profile->count - 2) * sizeof(*nest));
	*nest = *root;
	nest->name = name;
	nest->parent = PROFILE_ROOT;
	root->self = 0;
	root->total = 0;
	root->samples = 0;
	root->first_child = PROFILE_ROOT + 1;
	for (size_t i = PROFILE_ROOT + 1; i < profile->count; i++) {
		struct profile_node *node = &profile->nodes[i];

		node->parent += i > PROFILE_ROOT + 1;
		node->first_child += node->first_child != PROFILE_NONE;
	}
	rehash(profile, profile->slot_count);
}

double profile_total(const struct profile *profile)
{
	return profile->total;
}

double profile_squares(const struct profile *profile)
{
	return profile->squares;
}

uint64_t profile_samples(const struct profile *profile)
{
	return profile->samples;
}

struct ranked {
	const char *text;
	size_t length;
	uint32_t name;
};

static int by_text(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	return bytes_compare(a->text, a->length, b->text, b->length);
}

/* For each name its place in the order of all names' bytes. */
static uint32_t *rank_names(const struct profile *profile)
{
	uint32_t count = intern_count(profile->names);
	struct ranked *sorted = alloc_zeroed(count, sizeof(*sorted));
	uint32_t *rank = alloc_zeroed(count, sizeof(*rank));

	for (uint32_t i = 0; i < count; i++)
		sorted[i] = (struct ranked){
			.text = intern_text(profile->names, i),
			.length = intern_length(profile->names, i),
			.name = i,
		};
	if (count)
		qsort(sorted, count, sizeof(*sorted), by_text);
	for (uint32_t i = 0; i < count; i++)
		rank[sorted[i].name] = i;
	free(sorted);
	return rank;
}

struct sibling {
	uint32_t rank, node;
};

static int by_rank(const void *left, const void *right)
{
	const struct sibling *a = left, *b = right;

	return (a->rank > b->rank) - (a->rank < b->rank);
}

struct siblings {
	struct sibling *items;
	size_t count, room;
};

/* Whether a list of children stands in the order of their names already. */
static bool is_sorted(const struct profile *profile, const uint32_t *rank,
		      uint32_t child)
{
	const struct profile_node *nodes = profile->nodes;
	uint32_t next;

	for (; (next = nodes[child].next_sibling) != PROFILE_NONE; child = next)
		if (rank[nodes[child].name] > rank[nodes[next].name])
			return false;
	return true;
}

static void sort_children(struct profile *profile, const uint32_t *rank,
			  uint32_t parent, struct siblings *siblings)
{
	struct profile_node *nodes = profile->nodes;
	uint32_t child = nodes[parent].first_child, next = PROFILE_NONE;

	if (child == PROFILE_NONE || is_sorted(profile, rank, child))
		return;
	siblings->count = 0;
	for (; child != PROFILE_NONE; child = nodes[child].next_sibling) {
		siblings->items = alloc_grow(siblings->items, siblings->count,
					     &siblings->room,
					     sizeof(*siblings->items));
		siblings->items[siblings->count++] =
			(struct sibling){ rank[nodes[child].name], child };
	}
	qsort(siblings->items, siblings->count, sizeof(*siblings->items),
	      by_rank);
	for (size_t i = siblings->count; i-- > 0;) {
		nodes[siblings->items[i].node].next_sibling = next;
		next = siblings->items[i].node;
	}
	nodes[parent].first_child = next;
}

/*
 * Children stand behind their parents, mostly near: one pass backwards through
 * memory sums up and links them in the order of addition. The child that a
 * parent knows is its last, so the first met.
 */
static void sum_up(struct profile *profile)
{
	free(profile->slots);
	profile->slots = NULL;
	for (size_t i = profile->count - 1; i > PROFILE_ROOT; i--) {
		struct profile_node *node = &profile->nodes[i];
		struct profile_node *parent = &profile->nodes[node->parent];

		parent->total += node->total;
		parent->samples += node->samples;
		if (parent->first_child != i)
			node->next_sibling = parent->first_child;
		parent->first_child = (uint32_t)i;
	}
}

/* Few of the lists of children want sorting. */
void profile_finish(struct profile *profile)
{
	struct siblings siblings = { 0 };
	uint32_t *rank;

	sum_up(profile);
	rank = rank_names(profile);
	for (size_t i = 0; i < profile->count; i++)
		sort_children(profile, rank, (uint32_t)i, &siblings);
	free(siblings.items);
	free(rank);
}

void profile_finish_in_order(struct profile *profile)
{
	sum_up(profile);
}

const struct profile_node *profile_node(const struct profile *profile,
					uint32_t node)
{
	return &profile->nodes[node];
}

uint32_t profile_nodes(const struct profile *profile)
{
	return (uint32_t)profile->count;
}

uint32_t profile_next(const struct profile *profile, uint32_t node)
{
	const struct profile_node *at = &profile->nodes[node];

	if (at->first_child != PROFILE_NONE)
		return at->first_child;
	while (at->next_sibling == PROFILE_NONE && at->parent != PROFILE_NONE)
		at = &profile->nodes[at->parent];
	return at->next_sibling;
}
