// SPDX-License-Identifier: GPL-2.0
/*
 * Changing a tree. [start, end) is changed level by level: each node that it
 * touches is made anew, as none, one or two.
 */
#include "code_map_tree.h"

/* What takes the place of a node: one or two, in order, each with a reference. */
struct pieces {
	u32 count;
	struct dither_node *nodes[2];
	unsigned long starts[2];
};

struct change {
	unsigned long start;
	unsigned long end;
	const struct dither_range *added;
	struct dither_user *user;
	int more; /* ranges, by what was done so far */
	bool failed;
};

/* A leaf's ranges, one cut in two, and one more. */
#define SORTED_MAX (DITHER_LEAF_RANGES + 2)

struct sorted {
	u32 count;
	struct dither_range ranges[SORTED_MAX];
};

/* Children of a node; the first and the last of those changed became two. */
#define CHILDREN_MAX (DITHER_NODE_CHILDREN + 2)

struct children {
	u32 count;
	unsigned long starts[CHILDREN_MAX];
	struct dither_node *nodes[CHILDREN_MAX];
};

static void insert_sorted(struct sorted *sorted,
			  const struct dither_range *range)
{
	u32 at = sorted->count++;

	for (; at && sorted->ranges[at - 1].start > range->start; at--)
		sorted->ranges[at] = sorted->ranges[at - 1];
	sorted->ranges[at] = *range;
}

static struct dither_node *new_node(struct change *change, u32 level)
{
	struct dither_node *node;

	node = change->failed ? NULL : dither_node_make(change->user, level);
	change->failed |= !node;
	return node;
}

static void put_piece(struct pieces *pieces, struct dither_node *node,
		      unsigned long start)
{
	if (!node)
		return;
	pieces->nodes[pieces->count] = node;
	pieces->starts[pieces->count++] = start;
}

static struct dither_node *
make_leaf(struct change *change, const struct dither_range *ranges, u32 count)
{
	struct dither_node *leaf = new_node(change, 0);
	u32 i;

	if (!leaf)
		return NULL;
	memcpy(leaf->ranges, ranges, count * sizeof(*ranges));
	leaf->count = count;
	leaf->low = ranges->start;
	for (i = 0; i < count; i++) {
		if (ranges[i].file)
			dither_node_share_file(ranges[i].file);
	}
	return leaf;
}

/*
 * How many of them the first of two leaves has, and where the other begins. If
 * @added goes on upwards or downwards from what came last, what lies beyond it
 * has a leaf of its own; the hole that may be filled next belongs to this one.
 * Else each has half of them.
 */
static u32 split_at(const struct dither_node *leaf, const struct sorted *sorted,
		    const struct dither_range *added, unsigned long *start)
{
	const struct dither_range *ranges = sorted->ranges;
	u32 i, last = sorted->count - 1;
	unsigned long previous;

	*start = ranges[sorted->count / 2].start;
	if (!leaf || !added || last != DITHER_LEAF_RANGES ||
	    leaf->count != DITHER_LEAF_RANGES)
		return sorted->count / 2;
	previous = leaf->ranges[last - 1].start;
	for (i = 1; i < last && ranges[i].start != added->start; i++)
		;
	if (i < last && ranges[i - 1].start == previous) {
		*start = ranges[i + 1].start;
		return i + 1;
	}
	if (i < last && ranges[i + 1].start == previous) {
		*start = ranges[i - 1].end;
		return i;
	}
	return sorted->count / 2;
}

static void make_leaves(struct change *change, const struct dither_node *leaf,
			const struct sorted *sorted,
			const struct dither_range *added, struct pieces *pieces)
{
	const struct dither_range *ranges = sorted->ranges;
	unsigned long start = 0;
	u32 count = sorted->count;
	u32 first = count;

	if (!count)
		return;
	if (count > DITHER_LEAF_RANGES)
		first = split_at(leaf, sorted, added, &start);
	put_piece(pieces, make_leaf(change, ranges, first), ranges->start);
	if (first < count)
		put_piece(pieces,
			  make_leaf(change, ranges + first, count - first),
			  start);
}

/* The part of @range that lies in [start, end), if there is one. */
static void insert_part(struct sorted *sorted, const struct dither_range *range,
			unsigned long start, unsigned long end)
{
	struct dither_range part = *range;

	if (part.start < start) {
		part.offset += start - part.start;
		part.start = start;
	}
	if (part.end > end)
		part.end = end;
	if (part.start < part.end)
		insert_sorted(sorted, &part);
}

static void join_anonymous(struct sorted *sorted)
{
	u32 i, last = 0;

	for (i = 1; i < sorted->count; i++) {
		struct dither_range *one = &sorted->ranges[last];
		const struct dither_range *next = &sorted->ranges[i];

		if (!one->file && !next->file && one->end == next->start)
			one->end = next->end;
		else
			sorted->ranges[++last] = *next;
	}
	if (sorted->count)
		sorted->count = last + 1;
}

/*
 * Programs map upwards, or downwards: a full leaf before or behind which a
 * range comes stays, and is shared.
 */
static bool stays_full(struct change *change, struct dither_node *leaf,
		       const struct sorted *sorted,
		       const struct dither_range *added, struct pieces *pieces)
{
	const struct dither_range *ranges = sorted->ranges;
	u32 last = sorted->count - 1;
	bool below;

	if (!added || leaf->count != DITHER_LEAF_RANGES ||
	    sorted->count != DITHER_LEAF_RANGES + 1)
		return false;
	below = ranges[0].start == added->start;
	if (!below && ranges[last].start != added->start)
		return false;
	if (below)
		put_piece(pieces, make_leaf(change, added, 1), added->start);
	refcount_inc(&leaf->references);
	put_piece(pieces, leaf, ranges[below].start);
	if (!below)
		put_piece(pieces, make_leaf(change, added, 1), added->start);
	return true;
}

static void change_leaf(struct change *change, struct dither_node *leaf,
			const struct dither_range *added, struct pieces *pieces)
{
	struct sorted sorted;
	bool overlaps = false;
	u32 i, count = leaf ? leaf->count : 0;

	sorted.count = 0;
	for (i = 0; i < count; i++) {
		const struct dither_range *range = dither_leaf_range(leaf, i);

		overlaps |= range->start < change->end &&
			    range->end > change->start;
		insert_part(&sorted, range, 0, change->start);
		insert_part(&sorted, range, change->end, ~0UL);
	}
	if (added)
		insert_sorted(&sorted, added);
	join_anonymous(&sorted);
	change->more += (int)sorted.count - (int)count;
	if (overlaps || !leaf ||
	    !stays_full(change, leaf, &sorted, added, pieces))
		make_leaves(change, leaf, &sorted, added, pieces);
}

static void put_child(struct children *children, struct dither_node *node,
		      unsigned long start)
{
	children->nodes[children->count] = node;
	children->starts[children->count++] = start;
}

static void share_children(struct children *children,
			   const struct dither_node *node, u32 from, u32 to)
{
	u32 i;

	for (i = from; i < to; i++) {
		refcount_inc(&node->children[i]->references);
		put_child(children, node->children[i], node->starts[i]);
	}
}

static void put_pieces(struct children *children, const struct pieces *pieces)
{
	u32 i;

	for (i = 0; i < pieces->count; i++)
		put_child(children, pieces->nodes[i], pieces->starts[i]);
}

/* A node of children [from, to), whose references it takes; NULL: none. */
static struct dither_node *make_parent(struct change *change, u32 level,
				       const struct children *children,
				       u32 from, u32 to)
{
	struct dither_node *node = new_node(change, level);
	u32 i;

	if (!node) {
		for (i = from; i < to; i++)
			dither_tree_put_now(children->nodes[i]);
		return NULL;
	}
	memcpy(node->starts, children->starts + from,
	       (to - from) * sizeof(*node->starts));
	memcpy(node->children, children->nodes + from,
	       (to - from) * sizeof(struct dither_node *));
	node->count = to - from;
	return node;
}

static void make_parents(struct change *change, u32 level,
			 const struct children *children, struct pieces *pieces)
{
	u32 count = children->count;
	u32 first = count > DITHER_NODE_CHILDREN ? count / 2 : count;

	if (!count)
		return;
	put_piece(pieces, make_parent(change, level, children, 0, first),
		  children->starts[0]);
	if (first < count)
		put_piece(pieces,
			  make_parent(change, level, children, first, count),
			  children->starts[first]);
}

static int count_ranges(const struct dither_node *node)
{
	int count = 0;
	u32 i;

	if (!node->level)
		return node->count;
	for (i = 0; i < node->count; i++)
		count += count_ranges(node->children[i]);
	return count;
}

/* As deep as the tree. */
static void change_node(struct change *change, struct dither_node *node,
			const struct dither_range *added, struct pieces *pieces)
{
	struct pieces below = { 0 }, last_below = { 0 };
	struct children children;
	u32 first, last, i;

	if (!node || !node->level) {
		change_leaf(change, node, added, pieces);
		return;
	}
	first = dither_tree_child(node, change->start);
	last = dither_tree_child(node, change->end - 1);
	change_node(change, node->children[first], added, &below);
	if (last > first)
		change_node(change, node->children[last], NULL, &last_below);
	/* The hole before them stays theirs. */
	below.starts[0] = node->starts[first];
	last_below.starts[0] = change->end;
	for (i = first + 1; i < last; i++)
		change->more -= count_ranges(node->children[i]);
	children.count = 0;
	share_children(&children, node, 0, first);
	put_pieces(&children, &below);
	put_pieces(&children, &last_below);
	share_children(&children, node, last + 1, node->count);
	make_parents(change, node->level, &children, pieces);
}

/* What has one child only is not needed. */
static struct dither_node *lower(struct dither_node *root)
{
	struct dither_node *child;

	while (root->level && root->count == 1) {
		child = root->children[0];
		refcount_inc(&child->references);
		dither_tree_put_now(root);
		root = child;
	}
	return root;
}

int dither_tree_with(struct dither_node *root, const struct dither_range *added,
		     struct dither_user *user, struct dither_node **made,
		     int *more)
{
	struct change change = {
		.start = added->start,
		.end = added->end,
		.added = added,
		.user = user,
	};
	struct pieces pieces = { 0 };
	struct children children;

	*made = NULL;
	change_node(&change, root, added, &pieces);
	if (pieces.count == 2) {
		change.failed |= pieces.nodes[0]->level + 1 ==
				 DITHER_TREE_LEVELS;
		children.count = 0;
		put_pieces(&children, &pieces);
		pieces.count = 0;
		make_parents(&change, children.nodes[0]->level + 1, &children,
			     &pieces);
	}
	*more = change.more;
	if (change.failed) {
		while (pieces.count)
			dither_tree_put_now(pieces.nodes[--pieces.count]);
		return -ENOMEM;
	}
	*made = lower(pieces.nodes[0]);
	return 0;
}
