// SPDX-License-Identifier: GPL-2.0
/*
 * Reading a tree, and the change in place. A separator is where the ranges of
 * its child begin, so an address below all of them leads to the first child.
 */
#include "space_tree.h"

static const struct dither_node *leaf_at(const struct dither_node *node,
					 unsigned long address)
{
	while (node && node->level)
		node = node->children[dither_tree_child(node, address)];
	return node;
}

/* Of an anonymous range one end may be moving. */
static bool has_address(const struct dither_range *range, unsigned long address)
{
	return address >= READ_ONCE(range->start) &&
	       address < READ_ONCE(range->end);
}

const struct dither_range *dither_tree_find(const struct dither_node *root,
					    unsigned long address)
{
	const struct dither_node *leaf = leaf_at(root, address);
	u32 i, count;

	if (!leaf)
		return NULL;
	/* Pairs with the release of _append. */
	count = smp_load_acquire(&leaf->count);
	for (i = 0; i < count; i++) {
		if (has_address(&leaf->ranges[i], address))
			return &leaf->ranges[i];
	}
	return NULL;
}

/* Where the ranges of the next leaf begin; 0: there is none. */
static unsigned long next_leaf(const struct dither_node *node,
			       unsigned long address)
{
	unsigned long next = 0;
	u32 child;

	for (; node->level; node = node->children[child]) {
		child = dither_tree_child(node, address);
		if (child + 1 < node->count)
			next = node->starts[child + 1];
	}
	return next;
}

const struct dither_range *dither_tree_after(const struct dither_node *root,
					     unsigned long address)
{
	const struct dither_range *first = NULL;
	const struct dither_node *leaf = leaf_at(root, address);
	unsigned long next;
	u32 i;

	if (!leaf)
		return NULL;
	for (i = 0; i < leaf->count; i++) {
		const struct dither_range *range = &leaf->ranges[i];

		if (range->end > address &&
		    (!first || range->start < first->start))
			first = range;
	}
	if (first)
		return first;
	next = next_leaf(root, address);
	return next ? dither_tree_find(root, next) : NULL;
}

u32 dither_tree_leaf(const struct dither_node *root, unsigned long from,
		     struct dither_range ranges[DITHER_LEAF_RANGES],
		     unsigned long *next)
{
	const struct dither_node *leaf = leaf_at(root, from);
	u32 i, at;

	*next = 0;
	if (!leaf)
		return 0;
	for (i = 0; i < leaf->count; i++) {
		const struct dither_range *range = dither_leaf_range(leaf, i);

		for (at = i; at && ranges[at - 1].start > range->start; at--)
			ranges[at] = ranges[at - 1];
		ranges[at] = *range;
	}
	*next = next_leaf(root, from);
	return leaf->count;
}

unsigned long dither_tree_part(const struct dither_node *node, u32 part,
			       u32 parts)
{
	unsigned long address = 0;
	u32 child;

	while (node && node->level) {
		child = part * node->count / parts;
		part = part * node->count % parts;
		if (child)
			address = node->starts[child];
		node = node->children[child];
	}
	return address;
}

/* The leaf at @address, if the whole way to it is in this tree only. */
static struct dither_node *own_leaf(struct dither_node *node,
				    unsigned long address)
{
	for (;;) {
		if (refcount_read(&node->references) != 1)
			return NULL;
		if (!node->level)
			return node;
		node = node->children[dither_tree_child(node, address)];
	}
}

/* Generated code is often mapped piece by piece. */
static bool grow_anonymous(struct dither_node *leaf,
			   const struct dither_range *range)
{
	struct dither_range *neighbour;
	u32 i;

	for (i = 0; i < leaf->count; i++) {
		neighbour = &leaf->ranges[i];
		if (neighbour->file)
			continue;
		if (neighbour->end == range->start) {
			WRITE_ONCE(neighbour->end, range->end);
			return true;
		}
		/* Above where the leaf begins, as what leads here does not change. */
		if (neighbour->start == range->end) {
			WRITE_ONCE(neighbour->start, range->start);
			return true;
		}
	}
	return false;
}

int dither_tree_append(struct dither_node *root,
		       const struct dither_range *range)
{
	struct dither_node *leaf = root ? own_leaf(root, range->start) : NULL;

	if (!leaf)
		return -EAGAIN;
	if (!range->file && grow_anonymous(leaf, range))
		return 0;
	if (leaf->count == DITHER_LEAF_RANGES)
		return -EAGAIN;
	leaf->ranges[leaf->count] = *range;
	if (range->file)
		dither_node_share_file(range->file);
	/* Pairs with the acquire of _find. */
	smp_store_release(&leaf->count, leaf->count + 1);
	return 1;
}
