// SPDX-License-Identifier: GPL-2.0
/*
 * Sums and products of a sample's counts add up along the tree like weights;
 * from them comes the variance of a ratio of sums, to first order:
 * sum((a - R b)^2) / (sum b)^2.
 */
#include "event_sums.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

#define Z_95 1.959963984540054

struct measures {
	unsigned int events;
	size_t width;  /* numbers a node: samples, sums, products */
	double *self;  /* by node */
	double *total; /* after measures_finish() */
	size_t nodes, room;
};

static size_t product_at(const struct measures *measures, unsigned int a,
			 unsigned int b)
{
	unsigned int low = a < b ? a : b, high = a < b ? b : a;

	/* The upper triangle, row by row, behind the sums. */
	return 1 + measures->events + (size_t)low * measures->events -
	       (size_t)low * (low + 1) / 2 + high;
}

struct measures *measures_new(unsigned int events)
{
	struct measures *measures = alloc_zeroed(1, sizeof(*measures));

	measures->events = events;
	measures->width = 1 + events + (size_t)events * (events + 1) / 2;
	return measures;
}

void measures_free(struct measures *measures)
{
	if (!measures)
		return;
	free(measures->self);
	free(measures->total);
	free(measures);
}

/* Nodes that nothing was added to yet hold zeros. */
static void reach(struct measures *measures, uint32_t node)
{
	size_t width = measures->width * sizeof(*measures->self);

	while (measures->nodes <= node) {
		measures->self = alloc_grow(measures->self, measures->nodes,
					    &measures->room, width);
		memset(measures->self + measures->nodes * measures->width, 0,
		       width);
		measures->nodes++;
	}
}

void measures_add(struct measures *measures, uint32_t node,
		  const double *values)
{
	double *at;

	reach(measures, node);
	at = measures->self + (size_t)node * measures->width;
	at[0]++;
	for (unsigned int a = 0; a < measures->events; a++) {
		at[1 + a] += values[a];
		for (unsigned int b = a; b < measures->events; b++)
			at[product_at(measures, a, b)] += values[a] * values[b];
	}
}

void measures_finish(struct measures *measures, const struct profile *profile)
{
	uint32_t nodes = profile_nodes(profile);
	size_t width = measures->width;

	if (nodes)
		reach(measures, nodes - 1);
	measures->total = alloc_zeroed(measures->nodes * width + 1,
				       sizeof(*measures->total));
	if (measures->nodes)
		memcpy(measures->total, measures->self,
		       measures->nodes * width * sizeof(*measures->total));
	/* Each node stands after its parent. */
	for (uint32_t node = nodes; node-- > PROFILE_ROOT + 1;) {
		uint32_t parent = profile_node(profile, node).parent;
		const double *from = measures->total + (size_t)node * width;
		double *to = measures->total + (size_t)parent * width;

		for (size_t i = 0; i < width; i++)
			to[i] += from[i];
	}
}

void measures_sum(const struct measures *measures, uint32_t node, bool total,
		  unsigned int a, unsigned int b, struct ratio_sums *sums)
{
	const double *at = (total ? measures->total : measures->self) +
			   (size_t)node * measures->width;

	sums->samples += (uint64_t)at[0];
	sums->a += at[1 + a];
	sums->b += at[1 + b];
	sums->aa += at[product_at(measures, a, a)];
	sums->ab += at[product_at(measures, a, b)];
	sums->bb += at[product_at(measures, b, b)];
}

/* Student's t, expanded around the normal distribution. */
static double student(double freedom)
{
	double z = Z_95, z3 = z * z * z, z5 = z3 * z * z;

	return z + (z3 + z) / (4 * freedom) +
	       (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom * freedom);
}

double measures_ratio(const struct ratio_sums *sums, struct interval *interval)
{
	double n = (double)sums->samples;
	double ratio, squares, margin, t;

	*interval = (struct interval){ 0, INFINITY };
	if (!(sums->b > 0))
		return NAN;
	ratio = sums->a / sums->b;
	if (sums->samples < 2)
		return ratio;
	squares = sums->aa - 2 * ratio * sums->ab + ratio * ratio * sums->bb;
	t = student(n - 1);
	margin = t * sqrt(fmax(0, squares) * n / (n - 1)) / sums->b;
	interval->low = fmax(0, ratio - margin);
	interval->high = ratio + margin;
	return ratio;
}
