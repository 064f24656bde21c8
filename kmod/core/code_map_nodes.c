// SPDX-License-Identifier: GPL-2.0
/* The references of nodes, and trees made of ranges that come in order. */
#include "code_map_tree.h"

struct dither_node *dither_node_make(struct dither_user *user, u32 level)
{
	struct dither_node *node = dither_node_new(user);

	if (!node)
		return NULL;
	refcount_set(&node->references, 1);
	node->level = level;
	node->released = false;
	node->count = 0;
	return node;
}

void dither_tree_put(struct dither_node *root)
{
	if (root && refcount_dec_and_test(&root->references))
		dither_node_bury(root);
}

void dither_tree_put_now(struct dither_node *root)
{
	u32 i;

	if (!root || !refcount_dec_and_test(&root->references))
		return;
	for (i = 0; root->level && i < root->count; i++)
		dither_tree_put_now(root->children[i]);
	root->released = true;
	dither_node_bury(root);
}

void dither_node_release(struct dither_node *node)
{
	u32 i;

	if (node->released)
		return;
	for (i = 0; node->level && i < node->count; i++)
		dither_tree_put(node->children[i]);
	node->released = true;
}

int dither_tree_spare_make(struct dither_tree_spare *spare,
			   struct dither_user *user)
{
	spare->leaf = dither_node_make(user, 0);
	spare->parent = dither_node_make(user, 1);
	return spare->leaf && spare->parent ? 0 : -ENOMEM;
}

void dither_tree_spare_drop(struct dither_tree_spare *spare)
{
	dither_tree_put_now(spare->leaf);
	dither_tree_put_now(spare->parent);
	/* Its references are its successor's. */
	if (spare->old)
		dither_node_bury(spare->old);
	*spare = (struct dither_tree_spare){ NULL };
}

/* The node that is being filled at @level, with room for one more. */
static struct dither_node *open_node(struct dither_tree_loader *loader,
				     u32 level);

/* Put the node at @level, if there is one, into one a level higher. */
static void close_node(struct dither_tree_loader *loader, u32 level)
{
	struct dither_node *node = loader->open[level];
	struct dither_node *parent;

	loader->open[level] = NULL;
	if (!node)
		return;
	parent = level + 1 < DITHER_TREE_LEVELS ? open_node(loader, level + 1) :
						  NULL;
	if (!parent) {
		loader->failed = true;
		dither_tree_put_now(node);
		return;
	}
	/* Both are in order. */
	parent->starts[parent->count] = level ? node->starts[0] :
						node->ranges[0].start;
	parent->children[parent->count++] = node;
}

static struct dither_node *open_node(struct dither_tree_loader *loader,
				     u32 level)
{
	u32 most = level ? DITHER_NODE_CHILDREN : DITHER_LEAF_RANGES;
	struct dither_node *node = loader->open[level];

	if (node && node->count == most) {
		close_node(loader, level);
		node = NULL;
	}
	if (node || loader->failed)
		return node;
	node = dither_node_make(loader->user, level);
	loader->open[level] = node;
	return node;
}

void dither_tree_load(struct dither_tree_loader *loader,
		      const struct dither_range *range)
{
	struct dither_node *leaf = loader->open[0];

	if (leaf && !range->file && !leaf->ranges[leaf->count - 1].file &&
	    leaf->ranges[leaf->count - 1].end == range->start) {
		leaf->ranges[leaf->count - 1].end = range->end;
		return;
	}
	leaf = open_node(loader, 0);
	if (!leaf) {
		loader->failed = true;
		return;
	}
	if (!leaf->count)
		leaf->low = range->start;
	leaf->ranges[leaf->count++] = *range;
	if (range->file)
		dither_node_share_file(range->file);
	loader->ranges++;
}

static bool is_highest(const struct dither_tree_loader *loader, u32 level)
{
	while (++level < DITHER_TREE_LEVELS) {
		if (loader->open[level])
			return false;
	}
	return true;
}

int dither_tree_loaded(struct dither_tree_loader *loader,
		       struct dither_node **made)
{
	u32 level;

	for (level = 0; level < DITHER_TREE_LEVELS - 1; level++) {
		if (!is_highest(loader, level))
			close_node(loader, level);
	}
	*made = NULL;
	for (level = 0; level < DITHER_TREE_LEVELS; level++) {
		if (!loader->failed && loader->open[level])
			*made = loader->open[level];
		else
			dither_tree_put_now(loader->open[level]);
	}
	return loader->failed ? -ENOMEM : 0;
}
