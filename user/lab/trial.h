/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model sampled many times by one policy: what report would have said each
 * time, beside the truth.
 */
#ifndef LAB_TRIAL_H
#define LAB_TRIAL_H

#include "model.h"

struct trial {
	const struct model *model;
	struct model_policy policy;
	double rate; /* Hz */
	unsigned int runs;
	uint64_t samples, lost; /* of all runs */

	/* Of function 0, means over the runs; shares. */
	double truth, reported;
	double least, most; /* reported */
	double worst;	    /* largest error of a run */
	double covered; /* part of the runs whose 95% interval has the truth */

	double distance; /* total variation distance, mean, */
	double floor;	 /* … and expected of independent samples */
	double variance; /* V: n (p - truth)^2 / (truth (1 - truth)), mean */
	/*
	 * Chi-square of the counts against the truth, for each run as p: how
	 * probable it is that these are uniform. 0 too, where the policy errs
	 * less than chance.
	 */
	double uniform;

	/* Of pairs of runs, which differ by chance only; 0 where none were. */
	unsigned int pairs;
	double alarms;	   /* part called changed, p < .05, by dither diff */
	double iid_alarms; /* … if samples were independent */
};

struct trial trial_run(const struct model *model,
		       const struct model_policy *policy, double rate,
		       unsigned int runs, uint64_t seed);

/* Fixed is off by more than 10 points of 100 in some run. */
bool trial_is_astray(const struct trial *trial);
/* The truth lies in the interval in at least 92 of 100 runs. */
bool trial_holds(const struct trial *trial);

#endif
