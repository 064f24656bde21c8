/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The difference of two shares: Welch's test with Yates's correction for
 * continuity, and Newcombe's interval, which is made of both shares' score
 * intervals. It has a width at shares of 0 and 1, and stays within [-1, 1].
 */
#ifndef STATS_SHARE_DIFFERENCE_H
#define STATS_SHARE_DIFFERENCE_H

#include "compare.h"

struct share {
	double value, weight;
	double variance, freedom; /* as blocks of time show; 0: not at all */
	double alike;		  /* as in struct measure */
};

/*
 * Fill @measure, but for .q and .changed. @samples: of equal weight, of both
 * sides; without any on one side the interval is all of [-1, 1].
 */
void share_difference(struct measure *measure, struct share base,
		      struct share now, const double samples[2]);

#endif
