// SPDX-License-Identifier: GPL-2.0
/*
 * See tree.h. Most nodes have one child, the next node of their run, which is
 * found without the table. Large trees do not fit into caches, and stacks in
 * random order miss them at each step: so a step reads one slot of the table,
 * which has all that is compared, and the frame that it leads to, but no run.
 */
#include "tree.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/error.h"

#define SLOTS_FIRST 1024

static void fill_slot(struct tree *tree, const struct tree_run *run)
{
	size_t slot = tree_slot_of(tree, run->parent, run->name);

	while (tree->slots[slot].node)
		slot = (slot + 1) & (tree->slot_count - 1);
	tree->slots[slot] =
		(struct tree_slot){ run->parent, run->name, run->first };
}

static void rehash(struct tree *tree, size_t slot_count)
{
	free(tree->slots);
	tree->slots = alloc_zeroed(slot_count, sizeof(*tree->slots));
	tree->slot_count = slot_count;
	for (uint32_t i = 1; i < tree->run_count; i++)
		fill_slot(tree, &tree->runs[i]);
}

/* Of the run that was added last. */
static void enter_slot(struct tree *tree)
{
	if (tree->run_count * 3 > tree->slot_count * 2)
		rehash(tree, tree->slot_count * 2);
	else
		fill_slot(tree, &tree->runs[tree->run_count - 1]);
}

static uint32_t add_run(struct tree *tree, const struct tree_run *run)
{
	tree->runs = alloc_grow(tree->runs, tree->run_count, &tree->run_room,
				sizeof(*tree->runs));
	tree->runs[tree->run_count] = *run;
	return (uint32_t)tree->run_count++;
}

static uint32_t add_frame(struct tree *tree, uint32_t name, uint32_t run)
{
	tree->frames = alloc_grow(tree->frames, tree->count, &tree->room,
				  sizeof(*tree->frames));
	tree->frames[tree->count] = (struct tree_frame){ name, run };
	return (uint32_t)tree->count++;
}

static uint32_t add_first(struct tree *tree, uint32_t parent, uint32_t name)
{
	const struct tree_run run = {
		.first = (uint32_t)tree->count,
		.last = (uint32_t)tree->count,
		.parent = parent,
		.name = name,
		.first_child = TREE_NONE,
		.next_sibling = TREE_NONE,
	};

	return add_frame(tree, name, add_run(tree, &run));
}

void tree_init(struct tree *tree)
{
	*tree = (struct tree){ 0 };
	add_first(tree, TREE_NONE, TREE_NONE);
	rehash(tree, SLOTS_FIRST);
}

void tree_free(struct tree *tree)
{
	free(tree->frames);
	free(tree->runs);
	free(tree->slots);
}

void tree_forget_slots(struct tree *tree)
{
	free(tree->slots);
	tree->slots = NULL;
}

struct tree_run *tree_end(struct tree *tree, uint32_t node)
{
	struct tree_run *run = tree_run_of(tree, node), rest = *run;
	uint32_t number;

	if (run->last == node)
		return run;
	rest.first = node + 1;
	rest.parent = node;
	rest.name = tree->frames[rest.first].name;
	number = add_run(tree, &rest);
	enter_slot(tree);
	for (uint32_t i = rest.first; i <= rest.last; i++)
		tree->frames[i].run = number;
	run = tree_run_of(tree, node);
	run->last = node;
	run->first_child = rest.first;
	run->self = 0;
	run->total = 0;
	run->samples = 0;
	return run;
}

uint32_t tree_new_child(struct tree *tree, uint32_t parent, uint32_t name)
{
	struct tree_run *run = tree_run_of(tree, parent);

	if (tree->count >= TREE_NONE) {
		error_print("a profile holds at most %u frames", TREE_NONE);
		exit(EXIT_CANNOT);
	}
	/* The newest node has no child; one with weight ends its run. */
	if (parent + 1 == tree->count && parent != TREE_ROOT && !run->samples) {
		run->last++;
		return add_frame(tree, name, tree->frames[parent].run);
	}
	run = tree_end(tree, parent);
	run->first_child = (uint32_t)tree->count;
	return add_first(tree, parent, name);
}

uint32_t tree_child(struct tree *tree, uint32_t parent, uint32_t name)
{
	uint32_t node = tree_find(tree, parent, name);
	size_t run_count;

	if (node != TREE_NONE)
		return node;
	run_count = tree->run_count;
	node = tree_new_child(tree, parent, name);
	if (tree->run_count > run_count)
		enter_slot(tree);
	return node;
}

/* By one, for a node that comes between. */
static void move_run(struct tree_run *run)
{
	run->first++;
	run->last++;
	run->parent++;
	run->first_child += run->first_child != TREE_NONE;
}

/* The root's children become the new node's, and so does its weight. */
void tree_nest(struct tree *tree, uint32_t name)
{
	/* A copy: where it lies may move with the runs. */
	const struct tree_run whole = tree->runs[TREE_ROOT];
	struct tree_frame *nest;
	struct tree_run *root;
	uint32_t number;

	number = add_run(tree, &whole);
	for (uint32_t i = TREE_ROOT + 1; i < tree->run_count; i++)
		move_run(&tree->runs[i]);
	tree->runs[number].parent = TREE_ROOT;
	tree->runs[number].name = name;
	root = &tree->runs[TREE_ROOT];
	root->first_child = TREE_ROOT + 1;
	root->self = 0;
	root->total = 0;
	root->samples = 0;
	add_frame(tree, name, number);
	nest = &tree->frames[TREE_ROOT + 1];
	memmove(nest + 1, nest, (tree->count - 2) * sizeof(*nest));
	*nest = (struct tree_frame){ name, number };
	rehash(tree, tree->slot_count);
}
