// SPDX-License-Identifier: GPL-2.0
/*
 * The sets of mappings.h: height-balanced search trees whose nodes are counted
 * and shared. Functions borrow the trees they are given and return one that
 * the caller owns.
 */
#include "mappings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "../base/alloc.h"

struct mappings {
	struct mappings *left, *right;
	struct mapping mapping;
	size_t owners;
	int height;
};

struct mappings *mappings_share(struct mappings *mappings)
{
	if (mappings)
		mappings->owners++;
	return mappings;
}

void mappings_drop(struct mappings *mappings)
{
	if (!mappings || --mappings->owners)
		return;
	mappings_drop(mappings->left);
	mappings_drop(mappings->right);
	free(mappings);
}

static int height(const struct mappings *tree)
{
	return tree ? tree->height : 0;
}

static struct mappings *node(struct mappings *left,
			     const struct mapping *mapping,
			     struct mappings *right)
{
	struct mappings *tree = alloc_zeroed(1, sizeof(*tree));

	tree->left = mappings_share(left);
	tree->right = mappings_share(right);
	tree->mapping = *mapping;
	tree->owners = 1;
	tree->height = 1 + (height(left) > height(right) ? height(left) :
							   height(right));
	return tree;
}

/* node(), dropping the subtrees. */
static struct mappings *node_of(struct mappings *left,
				const struct mapping *mapping,
				struct mappings *right)
{
	struct mappings *tree = node(left, mapping, right);

	mappings_drop(left);
	mappings_drop(right);
	return tree;
}

/* A balanced node; the heights differ by three at most. */
static struct mappings *balance(struct mappings *left,
				const struct mapping *mapping,
				struct mappings *right)
{
	struct mappings *inner;

	if (height(left) > height(right) + 2) {
		inner = left->right;
		if (height(left->left) >= height(inner))
			return node_of(mappings_share(left->left),
				       &left->mapping,
				       node(inner, mapping, right));
		return node_of(node(left->left, &left->mapping, inner->left),
			       &inner->mapping,
			       node(inner->right, mapping, right));
	}
	if (height(right) > height(left) + 2) {
		inner = right->left;
		if (height(right->right) >= height(inner))
			return node_of(node(left, mapping, inner),
				       &right->mapping,
				       mappings_share(right->right));
		return node_of(node(left, mapping, inner->left),
			       &inner->mapping,
			       node(inner->right, &right->mapping,
				    right->right));
	}
	return node(left, mapping, right);
}

/* All of @left, then @mapping, then all of @right; of any heights. */
static struct mappings *join(struct mappings *left,
			     const struct mapping *mapping,
			     struct mappings *right)
{
	struct mappings *part, *tree;

	if (left && height(left) > height(right) + 2) {
		part = join(left->right, mapping, right);
		tree = balance(left->left, &left->mapping, part);
	} else if (right && height(right) > height(left) + 2) {
		part = join(left, mapping, right->left);
		tree = balance(part, &right->mapping, right->right);
	} else {
		return node(left, mapping, right);
	}
	mappings_drop(part);
	return tree;
}

/* Those that start before @address, and those that do not. */
static void split(struct mappings *tree, uint64_t address,
		  struct mappings **before, struct mappings **after)
{
	struct mappings *part;

	if (!tree) {
		*before = NULL;
		*after = NULL;
	} else if (tree->mapping.start < address) {
		split(tree->right, address, &part, after);
		*before = join(tree->left, &tree->mapping, part);
		mappings_drop(part);
	} else {
		split(tree->left, address, before, &part);
		*after = join(part, &tree->mapping, tree->right);
		mappings_drop(part);
	}
}

/* The mapping that starts last. */
static const struct mapping *last(const struct mappings *tree)
{
	if (!tree)
		return NULL;
	while (tree->right)
		tree = tree->right;
	return &tree->mapping;
}

/* Join in place: *tree becomes *tree, @mapping, nothing. */
static void append(struct mappings **tree, const struct mapping *mapping)
{
	struct mappings *longer = join(*tree, mapping, NULL);

	mappings_drop(*tree);
	*tree = longer;
}

/* Cut *tree's last mapping, if it reaches beyond, down to @address. */
static void trim(struct mappings **tree, uint64_t address)
{
	const struct mapping *at = last(*tree);
	struct mappings *before, *after;
	struct mapping shorter;

	if (!at || at->end <= address)
		return;
	shorter = *at;
	shorter.end = address;
	split(*tree, shorter.start, &before, &after);
	mappings_drop(after);
	mappings_drop(*tree);
	*tree = before;
	append(tree, &shorter);
}

struct mappings *mappings_replace(struct mappings *mappings,
				  const struct mapping *mapping)
{
	struct mappings *before, *rest, *under, *after, *with, *tree;
	const struct mapping *crossing;
	struct mapping remainder;
	bool remains = false;

	split(mappings, mapping->start, &before, &rest);
	split(rest, mapping->end, &under, &after);
	mappings_drop(rest);
	/* Only one can reach beyond the end: they do not overlap. */
	crossing = under ? last(under) : last(before);
	if (crossing && crossing->end > mapping->end) {
		remains = true;
		remainder = *crossing;
		remainder.offset += mapping->end - remainder.start;
		remainder.start = mapping->end;
	}
	mappings_drop(under);
	trim(&before, mapping->start);
	if (remains) {
		with = join(NULL, &remainder, after);
		mappings_drop(after);
		after = with;
	}
	tree = join(before, mapping, after);
	mappings_drop(before);
	mappings_drop(after);
	return tree;
}

const struct mapping *mappings_find(const struct mappings *mappings,
				    uint64_t address)
{
	while (mappings) {
		if (address < mappings->mapping.start)
			mappings = mappings->left;
		else if (address >= mappings->mapping.end)
			mappings = mappings->right;
		else
			return &mappings->mapping;
	}
	return NULL;
}
