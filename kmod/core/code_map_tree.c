// SPDX-License-Identifier: GPL-2.0
/*
 * Reading a tree, and the change in place. A separator is where the ranges of
 * its child begin, so an address below all of them leads to the first child.
 */
#include "code_map_tree.h"

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

/* An address that leads to the next leaf; 0: there is none. */
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

static const struct dither_range *first_after(const struct dither_node *leaf,
					      unsigned long address)
{
	const struct dither_range *first = NULL, *range;
	u32 i;

	for (i = 0; i < leaf->count; i++) {
		range = &leaf->ranges[i];
		if (range->end > address &&
		    (!first || range->start < first->start))
			first = range;
	}
	return first;
}

const struct dither_range *dither_tree_after(const struct dither_node *root,
					     unsigned long address)
{
	const struct dither_node *leaf = leaf_at(root, address);
	const struct dither_range *first;
	unsigned long next;

	if (!leaf)
		return NULL;
	first = first_after(leaf, address);
	if (first)
		return first;
	next = next_leaf(root, address);
	return next ? first_after(leaf_at(root, next), address) : NULL;
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

/* A leaf, and what leads to it; .parent is NULL of the root. */
struct place {
	struct dither_node *leaf;
	struct dither_node *parent;
	struct dither_node **to_parent;
	u32 child; /* of .parent */
};

/* False: not the whole way to @address is in this tree only. */
static bool find_own(struct dither_node **root, unsigned long address,
		     struct place *place)
{
	struct dither_node **to = root, *node = *root;

	*place = (struct place){ NULL };
	while (refcount_read(&node->references) == 1) {
		if (!node->level) {
			place->leaf = node;
			return true;
		}
		place->parent = node;
		place->to_parent = to;
		place->child = dither_tree_child(node, address);
		to = &node->children[place->child];
		node = *to;
	}
	return false;
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
			if (range->start < leaf->low)
				leaf->low = range->start;
			return true;
		}
	}
	return false;
}

static void add_to_leaf(struct dither_node *leaf,
			const struct dither_range *range)
{
	if (!leaf->count || range->start < leaf->low)
		leaf->low = range->start;
	leaf->ranges[leaf->count] = *range;
	if (range->file)
		dither_node_share_file(range->file);
	/* Pairs with the acquire of _find. */
	smp_store_release(&leaf->count, leaf->count + 1);
}

static void copy_children(struct dither_node *to, u32 at,
			  const struct dither_node *from, u32 first, u32 last)
{
	for (; first < last; first++, at++) {
		to->starts[at] = from->starts[first];
		to->children[at] = from->children[first];
	}
}

/* A copy of the parent, whose references it takes, with a leaf more at @child. */
static void copy_parent(const struct place *place, u32 child,
			struct dither_tree_spare *spare)
{
	const struct dither_node *old = place->parent;
	struct dither_node *parent = spare->parent;

	parent->level = old->level;
	parent->count = old->count + 1;
	copy_children(parent, 0, old, 0, child);
	copy_children(parent, child + 1, old, child, old->count);
	parent->children[child] = spare->leaf;
}

/*
 * Programs map upwards, or downwards: a full leaf before or behind which a range
 * comes stays, and has another beside it, to which the hole belongs.
 */
static int add_leaf(struct place *place, const struct dither_range *range,
		    struct dither_tree_spare *spare)
{
	const struct dither_node *leaf = place->leaf;
	struct dither_node *parent = spare->parent;
	bool below = range->start < leaf->low;

	if (!place->parent || place->parent->count == DITHER_NODE_CHILDREN ||
	    (!below && first_after(leaf, range->start)))
		return -EAGAIN;
	if (!parent)
		return -ENOBUFS;
	add_to_leaf(spare->leaf, range);
	if (below) {
		copy_parent(place, place->child, spare);
		parent->starts[place->child] =
			place->parent->starts[place->child];
		parent->starts[place->child + 1] = leaf->low;
	} else {
		copy_parent(place, place->child + 1, spare);
		parent->starts[place->child + 1] = range->start;
	}
	/* Pairs with the order of dependent loads of who goes down. */
	smp_store_release(place->to_parent, parent);
	place->parent->released = true;
	spare->old = place->parent;
	spare->parent = NULL;
	spare->leaf = NULL;
	return 1;
}

/*
 * Whether nothing is where @range is to come, as far as its leaf has that. Most
 * programs map downwards, below all that the leaf has.
 */
static bool is_hole(const struct dither_node *root,
		    const struct dither_node *leaf,
		    const struct dither_range *range)
{
	const struct dither_range *first;
	unsigned long next;

	if (range->end <= leaf->low)
		return true;
	first = first_after(leaf, range->start);
	if (first)
		return range->end <= first->start;
	next = next_leaf(root, range->start);
	return !next || range->end <= next;
}

int dither_tree_append(struct dither_node **root,
		       const struct dither_range *range,
		       struct dither_tree_spare *spare)
{
	struct place place;

	if (!*root || !find_own(root, range->start, &place) ||
	    !is_hole(*root, place.leaf, range))
		return -EAGAIN;
	if (!range->file && grow_anonymous(place.leaf, range))
		return 0;
	if (place.leaf->count == DITHER_LEAF_RANGES)
		return add_leaf(&place, range, spare);
	add_to_leaf(place.leaf, range);
	return 1;
}
