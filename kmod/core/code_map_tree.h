/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A map from addresses to what is mapped there: a tree of small nodes that
 * versions of it share. A change makes new nodes for the way from the root to
 * where it is, and takes a reference to each other node. What no other version
 * has may be changed in place, by a range where none was before: it comes into a
 * leaf, or as a leaf of its own into a new parent. Who reads meanwhile finds what
 * he would have found, or more.
 *
 * Readers: under RCU, in any context, NMI too. Changes: tasks, and one at a
 * time where it says so. Runs in user space for its tests.
 */
#ifndef DITHER_CODE_MAP_TREE_H
#define DITHER_CODE_MAP_TREE_H

#include "portable.h"

#ifdef __KERNEL__
#include <linux/llist.h>
#include <linux/refcount.h>
#endif

/* These make a node 512 bytes. */
#define DITHER_LEAF_RANGES 15U
#define DITHER_NODE_CHILDREN 30U
/* A bound for recursion; each takes 15 times as many changes as the last. */
#define DITHER_TREE_LEVELS 8U

struct dither_file;
struct dither_user;

struct dither_range {
	unsigned long start;
	unsigned long end;
	u64 offset;		  /* of .start in the file, bytes */
	struct dither_file *file; /* NULL: anonymous, generated code */
};

struct dither_node {
	refcount_t references; /* nodes above it, and roots */
	u8 level;	       /* 0: a leaf */
	bool released;	       /* it has no references any more */
	u16 count;
	struct dither_user *user; /* whom it is charged to */
	struct llist_node dead;
	unsigned long low; /* of a leaf: where its lowest range starts, if any */
	union {
		/* In no order, none overlapping; each has a reference. */
		struct dither_range ranges[DITHER_LEAF_RANGES];
		/*
		 * All ranges in children[i], i > 0, start at starts[i] or
		 * above; all in those before end there or below. starts[0] has
		 * no meaning.
		 */
		struct {
			unsigned long starts[DITHER_NODE_CHILDREN];
			struct dither_node *children[DITHER_NODE_CHILDREN];
		};
	};
};

/* The range that has @address, or NULL; @root may be NULL: empty. */
const struct dither_range *dither_tree_find(const struct dither_node *root,
					    unsigned long address);

/* Which child has what lies at @address. */
static inline u32 dither_tree_child(const struct dither_node *node,
				    unsigned long address)
{
	u32 low = 0, count = node->count;
	u32 half;

	while (count > 1) {
		half = count / 2;
		if (node->starts[low + half] <= address)
			low += half;
		count -= half;
	}
	return low;
}

/* The @i-th range of a leaf, from the end at which the lower ones seem to be. */
static inline const struct dither_range *
dither_leaf_range(const struct dither_node *leaf, u32 i)
{
	u32 last = leaf->count - 1;
	bool falls = leaf->ranges[0].start > leaf->ranges[last].start;

	return &leaf->ranges[falls ? last - i : i];
}

/*
 * The first range that ends above @address, or NULL. While nothing is added
 * in place.
 */
const struct dither_range *dither_tree_after(const struct dither_node *root,
					     unsigned long address);

/*
 * The ranges of the leaf that has @from, in order; returns how many. *next is
 * where to go on, 0 at the end. While nothing is added in place.
 */
u32 dither_tree_leaf(const struct dither_node *root, unsigned long from,
		     struct dither_range ranges[DITHER_LEAF_RANGES],
		     unsigned long *next);

/* An address that leads to a leaf where the @part-th of @parts of it begins. */
unsigned long dither_tree_part(const struct dither_node *root, u32 part,
			       u32 parts);

/* Nodes for a change in place, made before it; all NULL at first. */
struct dither_tree_spare {
	struct dither_node *leaf;
	struct dither_node *parent;
	struct dither_node *old; /* … whose place .parent has taken */
};

/* -ENOMEM: not all were made. May sleep. */
int dither_tree_spare_make(struct dither_tree_spare *spare,
			   struct dither_user *user);
/* What is not part of a tree, or not any more. */
void dither_tree_spare_drop(struct dither_tree_spare *spare);

/*
 * Add @range in place; *root may become another node. Returns how many more
 * there are, 0 if an anonymous one has grown instead, -ENOBUFS: @spare is needed
 * and not there, or -EAGAIN: it is not possible, as a range is there, or part of
 * the tree is another one's, or there is no room. The only writer; readers may
 * be anywhere.
 */
int dither_tree_append(struct dither_node **root,
		       const struct dither_range *range,
		       struct dither_tree_spare *spare);

/*
 * Make *made of @root, which may be NULL, with @added in the place of all that
 * it overlaps. *made may be NULL: no range. Returns 0, or -ENOMEM. *more:
 * how many more ranges it has. While nothing is added in place. May sleep.
 */
int dither_tree_with(struct dither_node *root, const struct dither_range *added,
		     struct dither_user *user, struct dither_node **made,
		     int *more);

/* A tree made of ranges that come in order. */
struct dither_tree_loader {
	struct dither_user *user;
	bool failed;
	u32 ranges;
	struct dither_node *open[DITHER_TREE_LEVELS];
};

/* May sleep; so may the next. */
void dither_tree_load(struct dither_tree_loader *loader,
		      const struct dither_range *range);
/* 0, or -ENOMEM. A loader is to be finished. */
int dither_tree_loaded(struct dither_tree_loader *loader,
		       struct dither_node **made);

/* Another reference to a root, by who has one. */
static inline void dither_tree_share(struct dither_node *root)
{
	if (root)
		refcount_inc(&root->references);
}

/*
 * Drop a reference to a root; NULL is fine. _put leaves the work to who frees
 * nodes; with _put_now, which takes time by the number of nodes that nobody
 * has any more, the others can be changed in place at once.
 */
void dither_tree_put(struct dither_node *root);
void dither_tree_put_now(struct dither_node *root);

/*
 * What the surroundings provide. A node charged to @user, or NULL; its
 * contents are anything. Bury: the last reference is gone; release it, then
 * free it when no reader is left, and the references of a leaf's ranges with
 * it. A file's reference more.
 */
struct dither_node *dither_node_new(struct dither_user *user);
void dither_node_bury(struct dither_node *node);
void dither_node_share_file(struct dither_file *file);

/* An empty one with a reference, or NULL. May sleep. */
struct dither_node *dither_node_make(struct dither_user *user, u32 level);

/* Drop the references that a buried node has to those below, once. */
void dither_node_release(struct dither_node *node);

#endif
