/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shares of a profile, and how sure they are where part of what was to be
 * sampled is lost: that is not lost at random, so all of it, or nothing, may
 * have been of any one function.
 */
#ifndef STATS_SHARES_H
#define STATS_SHARES_H

#include <stdbool.h>

#include "interval.h"

struct shares {
	double total;	  /* weight of all, what was lost included */
	double lost;	  /* weight of that */
	double effective; /* samples that .total is worth; 0: no interval holds */
	struct confidence confidence;
};

/* What holds the share of @weight: [x/(n+D), (x+D)/(n+D)], by both ends' limits. */
struct interval shares_interval(const struct shares *shares, double weight);

/*
 * Whether a share is no more than noise: half of its interval is wider than
 * the share itself. Of many samples, at 95%, those seen in less than five.
 */
bool shares_is_noise(const struct shares *shares, double weight);

#endif
