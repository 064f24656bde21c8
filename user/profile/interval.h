/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How sure a share is: 95% confidence intervals for weighted samples.
 */
#ifndef PROFILE_INTERVAL_H
#define PROFILE_INTERVAL_H

struct interval {
	double low; /* shares, 0 .. 1 */
	double high;
};

/*
 * How many samples of equal weight would be as good: (sum of weights)^2 over
 * the sum of squared weights. 0 when there are none.
 */
double interval_effective(double sum, double squares);

/*
 * The interval of the share @weight / @total seen in @effective samples. A
 * share of nothing reaches up to 3 / @effective. Without samples: 0 to 1.
 */
struct interval interval_share(double weight, double total, double effective);

#endif
