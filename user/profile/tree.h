/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The prefix tree behind profile.h: its shape and its weights, for profile.c
 * only. Most frames are the only child of the one that they were made after:
 * such a chain is one run, which has weights and neighbours once. A frame of
 * its own takes eight bytes.
 */
#ifndef PROFILE_TREE_H
#define PROFILE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TREE_ROOT 0U
#define TREE_NONE UINT32_MAX

struct tree_frame {
	uint32_t name, run;
};

/*
 * Nodes @first to @last, each the only child of the one before it; only @last
 * has weight of its own, and any number of children.
 */
struct tree_run {
	uint32_t first, last;
	uint32_t parent, name; /* of @first, by which it is searched for */
	uint32_t first_child;  /* of @last: the one made last, until linked */
	uint32_t next_sibling; /* of @first, once linked */
	double self, total;
	uint64_t samples;
};

/* The child @name of @parent, the first of its run. */
struct tree_slot {
	uint32_t parent, name;
	uint32_t node; /* 0, the root's: free */
};

struct tree_stack {
	const uint32_t *names; /* outermost first */
	size_t count;
};

struct tree {
	struct tree_frame *frames; /* by node, each after its parent */
	size_t count, room;
	struct tree_run *runs;
	size_t run_count, run_room;
	struct tree_slot *slots;
	size_t slot_count; /* a power of two, at least 1.5 times run_count */
};

static inline struct tree_run *tree_run_of(const struct tree *tree,
					   uint32_t node)
{
	return &tree->runs[tree->frames[node].run];
}

/* Whether @node's only child is the next one, in the same run. */
static inline bool tree_goes_on(const struct tree *tree, uint32_t node)
{
	return node + 1 < tree->count &&
	       tree->frames[node].run == tree->frames[node + 1].run;
}

static inline size_t tree_slot_of(const struct tree *tree, uint32_t parent,
				  uint32_t name)
{
	uint64_t key = ((uint64_t)parent << 32 | name) * 0x9e3779b97f4a7c15ULL;

	return (size_t)(key ^ key >> 32) & (tree->slot_count - 1);
}

/* The child @name of @parent, which ends its run, or TREE_NONE. */
static inline uint32_t tree_find_slot(const struct tree *tree, uint32_t parent,
				      uint32_t name)
{
	size_t slot = tree_slot_of(tree, parent, name);
	const struct tree_slot *at;

	for (; (at = &tree->slots[slot])->node;
	     slot = (slot + 1) & (tree->slot_count - 1)) {
		if (at->parent == parent && at->name == name)
			return at->node;
	}
	return TREE_NONE;
}

/* The child @name of @parent, or TREE_NONE: the newest node has none. */
static inline uint32_t tree_find(const struct tree *tree, uint32_t parent,
				 uint32_t name)
{
	if (parent + 1 == tree->count)
		return TREE_NONE;
	if (!tree_goes_on(tree, parent))
		return tree_find_slot(tree, parent, name);
	return tree->frames[parent + 1].name == name ? parent + 1 :
						       TREE_NONE;
}

/* With a root, whose run is that frame alone. */
void tree_init(struct tree *tree);
void tree_free(struct tree *tree);

/* As profile_child(), profile_new_child() and profile_nest() have it. */
uint32_t tree_child(struct tree *tree, uint32_t parent, uint32_t name);
uint32_t tree_new_child(struct tree *tree, uint32_t parent, uint32_t name);
void tree_nest(struct tree *tree, uint32_t name);

/*
 * Reads what tree_child() will read for the frames of @count stacks, at most
 * TREE_WARM of them, so that it is in the caches: the stacks take turns, and
 * while memory answers one the next asks. Nothing depends on the result.
 */
#define TREE_WARM 16
void tree_warm(const struct tree *tree, const struct tree_stack *stacks,
	       size_t count);

/* The run that ends with @node, cut behind it where it went on. */
struct tree_run *tree_end(struct tree *tree, uint32_t node);

/* After the last child: no more children are looked for. */
void tree_forget_slots(struct tree *tree);

#endif
