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
	struct string_table *names;
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

	profile->names = string_table_new();
	tree_init(&profile->tree);
	return profile;
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	string_table_free(profile->names);
	tree_free(&profile->tree);
	free(profile->rests);
	free(profile);
}

uint32_t profile_name(struct profile *profile, const char *text, size_t length)
{
	return string_table_add(profile->names, text, length);
}

void profile_name_several(struct profile *profile,
			  const struct string_table_word *words, size_t count,
			  uint32_t *numbers)
{
	string_table_add_several(profile->names, words, count, numbers);
}

const char *profile_text(const struct profile *profile, uint32_t name)
{
	return string_table_text(profile->names, name);
}

size_t profile_text_length(const struct profile *profile, uint32_t name)
{
	return string_table_length(profile->names, name);
}

uint32_t profile_names(const struct profile *profile)
{
	return string_table_count(profile->names);
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

/* A stack that shares much with the one before finds that in caches. */
static void warm(const struct profile *profile, const uint32_t *names,
		 const struct profile_stack *stacks, size_t count, size_t begin)
{
	struct tree_stack warmed[TREE_WARM];
	size_t warmed_count = 0;

	for (size_t i = 0; i < count; begin = stacks[i++].end) {
		size_t length = stacks[i].end - begin;

		if (stacks[i].shared < length / 3)
			warmed[warmed_count++] =
				(struct tree_stack){ names + begin, length };
	}
	tree_warm(&profile->tree, warmed, warmed_count);
}

void profile_stacks(struct profile *profile, const uint32_t *names,
		    const struct profile_stack *stacks, size_t count,
		    uint32_t *nodes)
{
	size_t begin = 0, before = 0;

	for (size_t i = 0; i < count; i++) {
		size_t shared = stacks[i].shared, at = begin + shared;
		uint32_t node = PROFILE_ROOT;

		if (i % TREE_WARM == 0)
			warm(profile, names, stacks + i,
			     count - i < TREE_WARM ? count - i : TREE_WARM,
			     begin);
		memmove(nodes + begin, nodes + before, shared * sizeof(*nodes));
		if (shared)
			node = nodes[at - 1];
		for (; at < stacks[i].end; at++)
			nodes[at] = node =
				profile_child(profile, node, names[at]);
		before = begin;
		begin = stacks[i].end;
	}
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
	uint32_t count = string_table_count(profile->names);
	struct ranked *sorted = alloc_zeroed(count, sizeof(*sorted));
	uint32_t *rank = alloc_zeroed(count, sizeof(*rank));

	for (uint32_t i = 0; i < count; i++)
		sorted[i] = (struct ranked){
			.text = string_table_text(profile->names, i),
			.length = string_table_length(profile->names, i),
			.name = i,
		};
	if (count)
		qsort(sorted, count, sizeof(*sorted), by_text);
	for (uint32_t i = 0; i < count; i++)
		rank[sorted[i].name] = i;
	free(sorted);
	return rank;
}

/* Runs by their first frames' names, in the order of ranks. */
static uint32_t *order_runs(const struct profile *profile, const uint32_t *rank)
{
	const struct tree *tree = &profile->tree;
	size_t names = string_table_count(profile->names);
	size_t *ends = alloc_zeroed(names + 1, sizeof(*ends));
	uint32_t *order = alloc_zeroed(tree->run_count, sizeof(*order));

	for (size_t i = 1; i < tree->run_count; i++)
		ends[rank[tree->runs[i].name] + 1]++;
	for (size_t i = 0; i < names; i++)
		ends[i + 1] += ends[i];
	for (uint32_t i = 1; i < tree->run_count; i++)
		order[ends[rank[tree->runs[i].name]]++] = i;
	free(ends);
	return order;
}

#define AHEAD 8

/* What link_children() reads some steps later: memory answers meanwhile. */
static void ask_ahead(const struct tree *tree, const uint32_t *order, size_t at)
{
	if (at < 3 * AHEAD)
		return;
	__builtin_prefetch(&tree->runs[order[at - 3 * AHEAD]], 1);
	__builtin_prefetch(
		&tree->frames[tree->runs[order[at - 2 * AHEAD]].parent]);
	__builtin_prefetch(
		tree_run_of(tree, tree->runs[order[at - AHEAD]].parent), 1);
}

/* The last name first, and each before those of its parent. */
static void link_children(struct tree *tree, const uint32_t *order)
{
	struct tree_run *run, *parent;

	for (size_t i = 0; i < tree->run_count; i++)
		tree->runs[i].first_child = PROFILE_NONE;
	for (size_t i = tree->run_count - 1; i-- > 0;) {
		ask_ahead(tree, order, i);
		run = &tree->runs[order[i]];
		parent = tree_run_of(tree, run->parent);
		run->next_sibling = parent->first_child;
		parent->first_child = run->first;
	}
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

void profile_finish(struct profile *profile)
{
	uint32_t *rank, *order;

	sum_up(&profile->tree);
	rank = rank_names(profile);
	order = order_runs(profile, rank);
	link_children(&profile->tree, order);
	free(order);
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
