/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How sure a share is: confidence intervals for weighted samples.
 */
#ifndef STATS_INTERVAL_H
#define STATS_INTERVAL_H

struct interval {
	double low; /* shares, 0 .. 1 */
	double high;
};

/* How often an interval is to hold the truth. */
struct confidence {
	double percent; /* of recordings */
	double z;	/* quantile of the normal distribution, two-sided */
	double nothing; /* what was never seen reaches up to that by samples */
};

extern const struct confidence confidence_usual; /* 95% */
/* @percent: above 0, below 100. */
struct confidence confidence_of(double percent);

/*
 * How many samples of equal weight would be as good: (sum of weights)^2 over
 * the sum of squared weights. 0 when there are none.
 */
double interval_effective(double sum, double squares);

/*
 * Of @share, 0 to 1, seen in @effective > 0 samples. @z: quantile, of the
 * normal or of Student's distribution. Never of width 0, and within [0, 1].
 */
struct interval interval_wilson(double share, double effective, double z);

/*
 * The interval of the share @weight / @total seen in @effective samples. A
 * share of nothing reaches up to 3 / @effective, by the usual confidence.
 * Without samples: 0 to 1.
 */
struct interval interval_share(double weight, double total, double effective,
			       const struct confidence *confidence);

#endif
