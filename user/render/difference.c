// SPDX-License-Identifier: GPL-2.0
/* See difference.h. */
#include "difference.h"

#include <math.h>
#include <stdlib.h>

#include "../base/alloc.h"
#include "../base/bytes.h"

#define STEPS 255

struct difference {
	const struct profile *now, *base;
	uint32_t *match; /* by node of now: of base, or PROFILE_NONE */
	double greatest; /* change of a share, in total */
	bool negate;
	struct difference_gone *gone; /* by parent, the greatest first */
	size_t gone_count, gone_room;
};

static double share(double weight, const struct profile *profile)
{
	double total = profile_total(profile);

	return total > 0 ? weight / total : 0;
}

static double change(const struct difference *difference, double now,
		     double base)
{
	return difference->negate ? base - now : now - base;
}

static int by_name(const struct difference *difference, uint32_t now,
		   uint32_t base)
{
	uint32_t a = profile_node(difference->now, now).name;
	uint32_t b = profile_node(difference->base, base).name;

	return bytes_compare(profile_text(difference->now, a),
			     profile_text_length(difference->now, a),
			     profile_text(difference->base, b),
			     profile_text_length(difference->base, b));
}

static void add_gone(struct difference *difference, uint32_t parent,
		     uint32_t base)
{
	struct profile_node node = profile_node(difference->base, base);

	if (!(node.total > 0))
		return;
	difference->gone = alloc_grow(difference->gone, difference->gone_count,
				      &difference->gone_room,
				      sizeof(*difference->gone));
	difference->gone[difference->gone_count++] = (struct difference_gone){
		.parent = parent,
		.name = profile_text(difference->base, node.name),
		.length = profile_text_length(difference->base, node.name),
		.change = change(difference, 0,
				 share(node.total, difference->base)),
	};
}

/* Both lists of children are sorted by name. */
static void match_children(struct difference *difference, uint32_t now,
			   uint32_t base)
{
	uint32_t a = profile_node(difference->now, now).first_child;
	uint32_t b = profile_node(difference->base, base).first_child;

	while (b != PROFILE_NONE) {
		int order = a == PROFILE_NONE ? 1 : by_name(difference, a, b);

		if (!order)
			difference->match[a] = b;
		if (order > 0)
			add_gone(difference, now, b);
		if (order <= 0)
			a = profile_node(difference->now, a).next_sibling;
		if (order >= 0)
			b = profile_node(difference->base, b).next_sibling;
	}
}

static int by_parent(const void *left, const void *right)
{
	const struct difference_gone *a = left, *b = right;
	double one = fabs(a->change), other = fabs(b->change);

	if (a->parent != b->parent)
		return (a->parent > b->parent) - (a->parent < b->parent);
	if (one < other || one > other)
		return (one < other) - (one > other);
	return bytes_compare(a->name, a->length, b->name, b->length);
}

struct difference *difference_new(const struct profile *now,
				  const struct profile *base, bool negate)
{
	struct difference *difference = alloc_zeroed(1, sizeof(*difference));
	uint32_t count = profile_nodes(now);

	difference->now = now;
	difference->base = base;
	difference->negate = negate;
	difference->match = alloc_resize(NULL, count, sizeof(uint32_t));
	for (uint32_t i = 0; i < count; i++)
		difference->match[i] = PROFILE_NONE;
	difference->match[PROFILE_ROOT] = PROFILE_ROOT;
	/* Parents have smaller numbers, so theirs is known by then. */
	for (uint32_t i = 0; i < count; i++)
		if (difference->match[i] != PROFILE_NONE)
			match_children(difference, i, difference->match[i]);
	if (difference->gone_count)
		qsort(difference->gone, difference->gone_count,
		      sizeof(*difference->gone), by_parent);
	for (uint32_t i = 0; i < count; i++)
		difference->greatest =
			fmax(difference->greatest,
			     fabs(difference_total(difference, i)));
	return difference;
}

void difference_free(struct difference *difference)
{
	if (!difference)
		return;
	free(difference->match);
	free(difference->gone);
	free(difference);
}

double difference_total(const struct difference *difference, uint32_t node)
{
	uint32_t match = difference->match[node];
	double now = share(profile_node(difference->now, node).total,
			   difference->now);

	if (match == PROFILE_NONE)
		return change(difference, now, 0);
	return change(difference, now,
		      share(profile_node(difference->base, match).total,
			    difference->base));
}

double difference_self(const struct difference *difference, uint32_t node)
{
	uint32_t match = difference->match[node];
	double now = share(profile_node(difference->now, node).self,
			   difference->now);

	if (match == PROFILE_NONE)
		return change(difference, now, 0);
	return change(difference, now,
		      share(profile_node(difference->base, match).self,
			    difference->base));
}

const struct difference_gone *
difference_gone(const struct difference *difference, uint32_t node,
		size_t *count)
{
	const struct difference_gone *gone = difference->gone;
	size_t low = 0, high = difference->gone_count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (gone[middle].parent < node)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < difference->gone_count; end++)
		if (gone[end].parent != node)
			break;
	*count = end - low;
	return gone ? gone + low : NULL;
}

double difference_gone_all(const struct difference *difference)
{
	double sum = 0;

	for (size_t i = 0; i < difference->gone_count; i++)
		sum += difference->gone[i].change;
	return sum;
}

uint32_t difference_colour(const struct difference *difference, uint32_t node)
{
	double by = difference_total(difference, node);
	uint32_t to = by < 0 ? DIFFERENCE_SHRANK : DIFFERENCE_GREW;
	uint32_t place = 0, colour = 0;

	if (difference->greatest > 0)
		place = (uint32_t)floor(
			fabs(by) / difference->greatest * STEPS + 0.5);
	for (unsigned int shift = 0; shift < 24; shift += 8)
		colour |= ((DIFFERENCE_SAME >> shift & 0xff) * (STEPS - place) +
			   (to >> shift & 0xff) * place + STEPS / 2) /
				  STEPS
			  << shift;
	return colour;
}
