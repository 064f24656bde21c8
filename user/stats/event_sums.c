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

struct event_sums {
	unsigned int events;
	size_t width;  /* numbers a node: samples, sums, products */
	double *self;  /* by node */
	double *total; /* after event_sums_finish() */
	size_t nodes, room;
};

static size_t product_at(const struct event_sums *event_sums, unsigned int a,
			 unsigned int b)
{
	unsigned int low = a < b ? a : b, high = a < b ? b : a;

	/* The upper triangle, row by row, behind the sums. */
	return 1 + event_sums->events + (size_t)low * event_sums->events -
	       (size_t)low * (low + 1) / 2 + high;
}

struct event_sums *event_sums_new(unsigned int events)
{
	struct event_sums *event_sums = alloc_zeroed(1, sizeof(*event_sums));

	event_sums->events = events;
	event_sums->width = 1 + events + (size_t)events * (events + 1) / 2;
	return event_sums;
}

void event_sums_free(struct event_sums *event_sums)
{
	if (!event_sums)
		return;
	free(event_sums->self);
	free(event_sums->total);
	free(event_sums);
}

/* Nodes that nothing was added to yet hold zeros. */
static void reach(struct event_sums *event_sums, uint32_t node)
{
	size_t width = event_sums->width * sizeof(*event_sums->self);

	while (event_sums->nodes <= node) {
		event_sums->self = alloc_grow(event_sums->self,
					      event_sums->nodes,
					      &event_sums->room, width);
		memset(event_sums->self + event_sums->nodes * event_sums->width,
		       0, width);
		event_sums->nodes++;
	}
}

void event_sums_add(struct event_sums *event_sums, uint32_t node,
		    const double *values)
{
	double *at;

	reach(event_sums, node);
	at = event_sums->self + (size_t)node * event_sums->width;
	at[0]++;
	for (unsigned int a = 0; a < event_sums->events; a++) {
		at[1 + a] += values[a];
		for (unsigned int b = a; b < event_sums->events; b++)
			at[product_at(event_sums, a, b)] +=
				values[a] * values[b];
	}
}

void event_sums_finish(struct event_sums *event_sums,
		       const struct profile *profile)
{
	uint32_t nodes = profile_nodes(profile);
	size_t width = event_sums->width;

	if (nodes)
		reach(event_sums, nodes - 1);
	event_sums->total = alloc_zeroed(event_sums->nodes * width + 1,
					 sizeof(*event_sums->total));
	if (event_sums->nodes)
		memcpy(event_sums->total, event_sums->self,
		       event_sums->nodes * width * sizeof(*event_sums->total));
	/* Each node stands after its parent. */
	for (uint32_t node = nodes; node-- > PROFILE_ROOT + 1;) {
		uint32_t parent = profile_node(profile, node).parent;
		const double *from = event_sums->total + (size_t)node * width;
		double *to = event_sums->total + (size_t)parent * width;

		for (size_t i = 0; i < width; i++)
			to[i] += from[i];
	}
}

void event_sums_sum(const struct event_sums *event_sums, uint32_t node,
		    bool total, unsigned int a, unsigned int b,
		    struct ratio_sums *sums)
{
	const double *at = (total ? event_sums->total : event_sums->self) +
			   (size_t)node * event_sums->width;

	sums->samples += (uint64_t)at[0];
	sums->a += at[1 + a];
	sums->b += at[1 + b];
	sums->aa += at[product_at(event_sums, a, a)];
	sums->ab += at[product_at(event_sums, a, b)];
	sums->bb += at[product_at(event_sums, b, b)];
}

/* Student's t, expanded around the normal distribution. */
static double student(double freedom)
{
	double z = Z_95, z3 = z * z * z, z5 = z3 * z * z;

	return z + (z3 + z) / (4 * freedom) +
	       (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom * freedom);
}

double event_sums_ratio(const struct ratio_sums *sums,
			struct interval *interval)
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
