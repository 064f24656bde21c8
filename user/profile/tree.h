/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The prefix tree behind profile.h: its shape and its weights, for profile.c
 * only. Most frames are the only child of the one that they were made after:
 * such a chain is one run, which has weights and neighbours once. A frame of
 * its own takes eight bytes.
 */
#ifndef PROFILE_TREE_H
#define PROFILE_TREE_H

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

struct tree {
	struct tree_frame *frames; /* by node, each after its parent */
	size_t count, room;
	struct tree_run *runs;
	size_t run_count, run_room;
	uint32_t *slots;   /* run number; 0, the root's: free */
	size_t slot_count; /* a power of two, at least twice used */
	size_t used;
};

/* With a root, whose run is that frame alone. */
void tree_init(struct tree *tree);
void tree_free(struct tree *tree);

/* As profile_child(), profile_new_child() and profile_nest() have it. */
uint32_t tree_child(struct tree *tree, uint32_t parent, uint32_t name);
uint32_t tree_new_child(struct tree *tree, uint32_t parent, uint32_t name);
void tree_nest(struct tree *tree, uint32_t name);

static inline struct tree_run *tree_run_of(const struct tree *tree,
					   uint32_t node)
{
	return &tree->runs[tree->frames[node].run];
}

/* The run that ends with @node, cut behind it where it went on. */
struct tree_run *tree_end(struct tree *tree, uint32_t node);

/* After the last child: no more children are looked for. */
void tree_forget_slots(struct tree *tree);

#endif
