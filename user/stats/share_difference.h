/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The difference of two shares: Welch's test with Yates's correction for
 * continuity, and Newcombe's interval, which is made of both shares' score
 * intervals. It has a width at shares of 0 and 1, and stays within [-1, 1].
 */
#ifndef STATS_SHARE_DIFFERENCE_H
#define STATS_SHARE_DIFFERENCE_H

#include <stdbool.h>

#define COMPARE_EFFECT .005  /* smaller changes of a share do not matter, */
#define COMPARE_RELATIVE .05 /* nor do those below this part of it */

struct measure {
	double base, now; /* shares */
	double base_weight, now_weight;
	double error;  /* standard error of now - base, 0: both are 0 or 1 */
	double chance; /* … that it would have if samples were independent */
	double low, high; /* 95% interval of now - base, never of width 0 */
	double p, q;	  /* 1 where nothing was tested */
	/* How alike blocks of time are to the next: 0 not at all, below 1. */
	double alike;
	bool tested;
	bool changed; /* surely, by enough to matter, and of enough samples */
};

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
