// SPDX-License-Identifier: GPL-2.0
/* See shares.h. */
#include "shares.h"

#include <math.h>

struct interval shares_interval(const struct shares *shares, double weight)
{
	struct interval interval = interval_share(
		weight, shares->total, shares->effective, &shares->confidence);

	if (shares->lost > 0)
		interval.high = interval_share(fmin(weight + shares->lost,
						    shares->total),
					       shares->total, shares->effective,
					       &shares->confidence)
					.high;
	return interval;
}

bool shares_is_noise(const struct shares *shares, double weight)
{
	/* What was lost blurs all alike, and is drawn by itself. */
	struct interval interval = interval_share(
		weight, shares->total, shares->effective, &shares->confidence);

	return (interval.high - interval.low) / 2 * shares->total > weight;
}
