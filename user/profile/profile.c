// SPDX-License-Identifier: GPL-2.0
/*
 * Names and the tree of their numbers (tree.h). While stacks are added, weights
 * stand where stacks end; profile_finish() sums up and links the children.
 */
#include "profile.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/bytes.h"
#include "../base/string_table.h"
#include "tree.h"

_Static_assert(PROFILE_ROOT == TREE_ROOT && PROFILE_NONE == TREE_NONE,
	       "the numbers of nodes are the tree's");

struct profile {
	struct intern *names;
	struct tree tree;
	double total, squares;
	uint64_t samples;
	double *rests; /* by node, what large sums lack; most profiles: NULL */
	size_t rest_count;
};

uint32_t profile_child(struct profile *profile, uint32_t parent, uint32_t name)
{
	return tree_child(&profile->tree, parent, name);
}

uint32_t profile_new_child(struct profile *profile, uint32_t parent,
			   uint32_t name)
{
	return tree_new_child(&profile->tree, parent, name);
}

struct profile *profile_new(void)
{
	struct profile *profile = alloc_zeroed(1, sizeof(*profile));

	profile->names = intern_new();
	tree_init(&profile->tree);
	return profile;
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	intern_free(profile->names);
	tree_free(&profile->tree);
	free(profile->rests);
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

static void add_rest(struct profile *profile, uint32_t node, double rest)
{
	size_t count = profile->tree.count;

	if (profile->rest_count <= node) {
		profile->rests = alloc_resize(profile->rests, count,
					      sizeof(*profile->rests));
		memset(profile->rests + profile->rest_count, 0,
		       (count - profile->rest_count) * sizeof(double));
		profile->rest_count = count;
	}
	profile->rests[node] += rest;
}

/* What the rounding of @before + @added to @sum lost. */
static double lost(double before, double added, double sum)
{
	double kept = sum - before;

	return (before - (sum - kept)) + (added - kept);
}

static void add_weight(struct profile *profile, struct tree_run *run,
		       double weight)
{
	double sum = run->self + weight, rest;

	if (sum >= PROFILE_EXACT) {
		rest = lost(run->self, weight, sum);
		if (rest)
			add_rest(profile, run->last, rest);
	}
	run->self = sum;
	run->total += weight;
	profile->total += weight;
}

void profile_weigh_cells(struct profile *profile, uint32_t node, double weight,
			 double cells)
{
	struct tree_run *run = tree_end(&profile->tree, node);
	double sum = weight * cells;

	add_weight(profile, run, sum);
	run->samples++;
	profile->squares += weight * sum;
	profile->samples++;
}

void profile_weigh(struct profile *profile, uint32_t node, double weight)
{
	profile_weigh_cells(profile, node, weight, 1);
}

void profile_weigh_more(struct profile *profile, uint32_t node, double weight)
{
	add_weight(profile, tree_end(&profile->tree, node), weight);
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
	tree_nest(&profile->tree, name);
	if (!profile->rest_count)
		return;
	/* The root has none; what it had is the new node's. */
	add_rest(profile, (uint32_t)profile->tree.count - 1, 0);
	memmove(profile->rests + 1, profile->rests,
		(profile->rest_count - 1) * sizeof(*profile->rests));
	profile->rests[PROFILE_ROOT] = 0;
}

double profile_rest(const struct profile *profile, uint32_t node)
{
	return node < profile->rest_count ? profile->rests[node] : 0;
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
static bool is_sorted(const struct tree *tree, const uint32_t *rank,
		      uint32_t child)
{
	uint32_t next;

	for (; (next = tree_run_of(tree, child)->next_sibling) != PROFILE_NONE;
	     child = next)
		if (rank[tree->frames[child].name] >
		    rank[tree->frames[next].name])
			return false;
	return true;
}

static void sort_children(const struct tree *tree, const uint32_t *rank,
			  struct tree_run *parent, struct siblings *siblings)
{
	uint32_t child = parent->first_child, next = PROFILE_NONE;

	if (child == PROFILE_NONE || is_sorted(tree, rank, child))
		return;
	siblings->count = 0;
	for (; child != PROFILE_NONE;
	     child = tree_run_of(tree, child)->next_sibling) {
		siblings->items = alloc_grow(siblings->items, siblings->count,
					     &siblings->room,
					     sizeof(*siblings->items));
		siblings->items[siblings->count++] =
			(struct sibling){ rank[tree->frames[child].name],
					  child };
	}
	qsort(siblings->items, siblings->count, sizeof(*siblings->items),
	      by_rank);
	for (size_t i = siblings->count; i-- > 0;) {
		child = siblings->items[i].node;
		tree_run_of(tree, child)->next_sibling = next;
		next = child;
	}
	parent->first_child = next;
}

/*
 * Children stand behind their parents, mostly near: one pass backwards, from
 * run to run, sums up and links them in the order of addition. The child that a
 * parent knows is its last, so the first met.
 */
static void sum_up(struct tree *tree)
{
	struct tree_run *run = tree_run_of(tree, (uint32_t)tree->count - 1);

	tree_forget_slots(tree);
	for (; run->first != PROFILE_ROOT;
	     run = tree_run_of(tree, run->first - 1)) {
		struct tree_run *parent = tree_run_of(tree, run->parent);

		parent->total += run->total;
		parent->samples += run->samples;
		if (parent->first_child != run->first)
			run->next_sibling = parent->first_child;
		parent->first_child = run->first;
	}
}

/* Few of the lists of children want sorting. */
void profile_finish(struct profile *profile)
{
	struct tree *tree = &profile->tree;
	struct siblings siblings = { 0 };
	uint32_t *rank;

	sum_up(tree);
	rank = rank_names(profile);
	for (size_t i = 0; i < tree->run_count; i++)
		sort_children(tree, rank, &tree->runs[i], &siblings);
	free(siblings.items);
	free(rank);
}

void profile_finish_in_order(struct profile *profile)
{
	sum_up(&profile->tree);
}

struct profile_node profile_node(const struct profile *profile, uint32_t node)
{
	const struct tree_run *run = tree_run_of(&profile->tree, node);
	bool first = node == run->first, last = node == run->last;

	return (struct profile_node){
		.name = profile->tree.frames[node].name,
		.parent = first ? run->parent : node - 1,
		.first_child = last ? run->first_child : node + 1,
		.next_sibling = first ? run->next_sibling : PROFILE_NONE,
		.self = last ? run->self : 0,
		.total = run->total,
		.samples = run->samples,
	};
}

uint32_t profile_nodes(const struct profile *profile)
{
	return (uint32_t)profile->tree.count;
}

uint32_t profile_next(const struct profile *profile, uint32_t node)
{
	const struct tree *tree = &profile->tree;
	const struct tree_run *run = tree_run_of(tree, node);

	if (node < run->last)
		return node + 1;
	if (run->first_child != PROFILE_NONE)
		return run->first_child;
	while (run->next_sibling == PROFILE_NONE && run->parent != PROFILE_NONE)
		run = tree_run_of(tree, run->parent);
	return run->next_sibling;
}
