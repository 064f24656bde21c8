/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A subject sampled many times in one way: what report would have said each
 * time, beside the truth. Runs are added one by one; trials may take turns.
 */
#ifndef LAB_TRIAL_H
#define LAB_TRIAL_H

#include "../stats/interval.h"
#include "model.h"

struct trial {
	const struct subject *subject;
	struct sampler sampler;
	double rate; /* Hz */
	unsigned int runs;
	uint64_t samples, lost; /* of all runs */

	/* Of function 0, means over the runs; shares. */
	double truth, reported;
	double least, most; /* reported */
	double worst;	    /* largest error of a run */
	double slip;	    /* mean of what lateness may have moved, a share */
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

	/* While runs are added: */
	double *chances;
	size_t chance_room;
	struct pair *pair; /* NULL unless runs are compared */
};

/* The means hold after trial_end(). */
struct trial trial_begin(const struct subject *subject,
			 const struct sampler *sampler, double rate);

/* Tell of the samples of a run, in any order, then of what came out of it. */
void trial_see(void *trial, uint64_t time, unsigned int function);
void trial_add(struct trial *trial, const struct outcome *outcome);

void trial_end(struct trial *trial);

/* All of it of a model, whose chances follow from @seed. */
struct trial trial_run(const struct model *model, const struct sampler *sampler,
		       double rate, unsigned int runs, uint64_t seed);

/* What report would say of function 0. */
double trial_share(const struct outcome *outcome);
struct interval trial_interval(const struct outcome *outcome);

/* It is off by more than 10 points of 100 in some run. */
bool trial_is_astray(const struct trial *trial);
/* The truth lies in the interval in at least so many runs. */
#define TRIAL_COVERED_LEAST .92
bool trial_holds(const struct trial *trial);

#endif
