// SPDX-License-Identifier: GPL-2.0
/* Tree steps of several stacks at a time; see tree.h. */
#include "tree.h"

struct walker {
	const uint32_t *name, *end;
	uint32_t node;
};

/* Where the walk ends, a run is cut, has a new child or weight. False. */
static bool ask_for_run(const struct tree *tree, const struct walker *walker)
{
	__builtin_prefetch(tree_run_of(tree, walker->node), 1);
	return false;
}

/* To the end of the run, and asks for the slot of the next step. */
static bool walk_run(const struct tree *tree, struct walker *walker)
{
	while (walker->name < walker->end && tree_goes_on(tree, walker->node)) {
		if (tree->frames[walker->node + 1].name != *walker->name)
			return ask_for_run(tree, walker);
		walker->node++;
		walker->name++;
	}
	if (walker->name == walker->end)
		return ask_for_run(tree, walker);
	__builtin_prefetch(
		&tree->slots[tree_slot_of(tree, walker->node, *walker->name)]);
	return true;
}

/* To the next run, and asks for its frames. */
static bool walk_slot(const struct tree *tree, struct walker *walker)
{
	uint32_t node = tree_find_slot(tree, walker->node, *walker->name++);

	if (node == TREE_NONE)
		return ask_for_run(tree, walker);
	walker->node = node;
	__builtin_prefetch(&tree->frames[walker->node]);
	return true;
}

static size_t walk_all(const struct tree *tree, struct walker *walkers,
		       size_t count,
		       bool (*step)(const struct tree *, struct walker *))
{
	size_t left = 0;

	for (size_t i = 0; i < count; i++) {
		if (step(tree, &walkers[i]))
			walkers[left++] = walkers[i];
	}
	return left;
}

void tree_warm(const struct tree *tree, const struct tree_stack *stacks,
	       size_t count)
{
	struct walker walkers[TREE_WARM];

	for (size_t i = 0; i < count; i++)
		walkers[i] = (struct walker){
			.name = stacks[i].names,
			.end = stacks[i].names + stacks[i].count,
			.node = TREE_ROOT,
		};
	while (count) {
		count = walk_all(tree, walkers, count, walk_run);
		count = walk_all(tree, walkers, count, walk_slot);
	}
}
