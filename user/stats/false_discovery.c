// SPDX-License-Identifier: GPL-2.0
#include "false_discovery.h"

#include <math.h>
#include <stdlib.h>

#include "../base/alloc.h"

static int by_value(const void *left, const void *right)
{
	const double *const *a = left, *const *b = right;

	return (**a > **b) - (**a < **b);
}

void discovery_q(const double *p, double *q, size_t count)
{
	const double **order = alloc_zeroed(count + 1, sizeof(*order));
	double least = 1;

	for (size_t i = 0; i < count; i++)
		order[i] = &p[i];
	if (count)
		qsort(order, count, sizeof(*order), by_value);
	/* From the largest p down: the minimum of p * count / rank so far. */
	for (size_t i = count; i-- > 0;) {
		least = fmin(least,
			     *order[i] * (double)count / (double)(i + 1));
		q[order[i] - p] = least;
	}
	free(order);
}
