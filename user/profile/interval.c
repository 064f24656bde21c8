// SPDX-License-Identifier: GPL-2.0
/*
 * Wilson's score interval: unlike the textbook one it stays inside [0, 1] and
 * keeps its promise for the small shares of which a profile mostly consists.
 */
#include "interval.h"

#include <math.h>

#define Z_95 1.959963984540054 /* of the normal distribution, two-sided */
#define RULE_OF_THREE 3.0      /* -ln(.05), rounded up */

double interval_effective(double sum, double squares)
{
	return squares > 0 ? sum * sum / squares : 0;
}

struct interval interval_share(double weight, double total, double effective)
{
	struct interval interval = { 0, 1 };
	double share, centre, margin, spread;

	if (!(total > 0) || !(effective > 0))
		return interval;
	if (!(weight > 0)) {
		interval.high = fmin(1, RULE_OF_THREE / effective);
		return interval;
	}
	share = fmin(1, weight / total);
	spread = Z_95 * Z_95 / effective;
	centre = (share + spread / 2) / (1 + spread);
	margin = Z_95 / (1 + spread) *
		 sqrt(share * (1 - share) / effective + spread / 4 / effective);
	interval.low = fmax(0, centre - margin);
	interval.high = fmin(1, centre + margin);
	return interval;
}
