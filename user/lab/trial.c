// SPDX-License-Identifier: GPL-2.0
/*
 * Intervals and comparisons are those of report and diff themselves, from the
 * same sums: weights of 1, for the rate does not change.
 */
#include "trial.h"

#include <math.h>
#include <stdlib.h>

#include "../../kmod/core/schedule.h"
#include "../base/alloc.h"
#include "aa_comparison.h"
#include "theory.h"

#define ASTRAY .1
#define ALARM .05

struct trial trial_begin(const struct subject *subject,
			 const struct sampler *sampler, double rate)
{
	return (struct trial){
		.subject = subject,
		.sampler = *sampler,
		.rate = rate,
		.least = 1,
		.pair = subject->pairs ? pair_new() : NULL,
	};
}

void trial_see(void *context, uint64_t time, unsigned int function)
{
	struct trial *trial = context;

	if (trial->pair)
		pair_see(trial->pair, time, function);
}

double trial_share(const struct outcome *outcome)
{
	return outcome->samples ?
		       (double)outcome->count[0] / (double)outcome->samples :
		       0;
}

struct interval trial_interval(const struct outcome *outcome)
{
	double kept = (double)outcome->samples, lost = (double)outcome->lost;
	double count = (double)outcome->count[0];
	double effective = outcome->effective + lost;
	struct interval interval = interval_share(count, kept + lost, effective,
						  &confidence_usual);

	/* Lost samples are not missing at random: none was its, or all. */
	if (outcome->lost)
		interval.high = interval_share(count + lost, kept + lost,
					       effective, &confidence_usual)
					.high;
	interval.low = fmax(0, interval.low - outcome->slip);
	interval.high = fmin(1, interval.high + outcome->slip);
	return interval;
}

static double chi_square(const struct outcome *outcome)
{
	double n = (double)outcome->samples, sum = 0;

	for (unsigned int i = 0; i < outcome->functions; i++) {
		double expected = n * outcome->truth[i];
		double off = (double)outcome->count[i] - expected;

		if (expected > 0)
			sum += off * off / expected;
	}
	return theory_chi_square(sum, outcome->functions - 1);
}

static double distance(const struct outcome *outcome)
{
	double n = (double)outcome->samples, sum = 0;

	for (unsigned int i = 0; i < outcome->functions; i++)
		sum += fabs((double)outcome->count[i] / n - outcome->truth[i]);
	return sum / 2;
}

static void compare_runs(struct trial *trial, const struct outcome *outcome)
{
	double p, iid_p;

	if (!trial->pair || !pair_end(trial->pair, outcome, &p, &iid_p))
		return;
	trial->pairs++;
	trial->alarms += p < ALARM;
	trial->iid_alarms += iid_p < ALARM;
}

/* Sums, of which trial_end() makes means. */
void trial_add(struct trial *trial, const struct outcome *outcome)
{
	double n = (double)outcome->samples, truth = outcome->truth[0];
	double share = trial_share(outcome);
	struct interval interval = trial_interval(outcome);

	trial->chances = alloc_grow(trial->chances, trial->runs,
				    &trial->chance_room,
				    sizeof(*trial->chances));
	trial->chances[trial->runs++] = chi_square(outcome);
	trial->samples += outcome->samples;
	trial->lost += outcome->lost;
	trial->slip += outcome->slip;
	trial->truth += truth;
	trial->reported += share;
	trial->least = fmin(trial->least, share);
	trial->most = fmax(trial->most, share);
	trial->worst = fmax(trial->worst, fabs(share - truth));
	trial->covered += interval.low <= truth && truth <= interval.high;
	trial->variance +=
		n * (share - truth) * (share - truth) / (truth * (1 - truth));
	compare_runs(trial, outcome);
	if (!outcome->samples)
		return;
	trial->distance += distance(outcome);
	trial->floor +=
		theory_distance_floor(outcome->truth, outcome->functions, n);
}

void trial_end(struct trial *trial)
{
	double runs = trial->runs;

	if (trial->runs) {
		trial->truth /= runs;
		trial->reported /= runs;
		trial->covered /= runs;
		trial->distance /= runs;
		trial->floor /= runs;
		trial->variance /= runs;
		trial->slip /= runs;
	}
	trial->uniform = theory_uniform(trial->chances, trial->runs);
	if (trial->pairs) {
		trial->alarms /= trial->pairs;
		trial->iid_alarms /= trial->pairs;
	}
	free(trial->chances);
	pair_free(trial->pair);
	trial->chances = NULL;
	trial->pair = NULL;
}

struct trial trial_run(const struct model *model, const struct sampler *sampler,
		       double rate, unsigned int runs, uint64_t seed)
{
	struct trial trial = trial_begin(&model->subject, sampler, rate);
	struct outcome outcome;

	for (unsigned int i = 0; i < runs; i++) {
		model_sample(model, sampler, rate,
			     dither_schedule_draw(seed, i), &outcome,
			     trial.pair ? trial_see : NULL, &trial);
		trial_add(&trial, &outcome);
	}
	trial_end(&trial);
	return trial;
}

bool trial_is_astray(const struct trial *trial)
{
	return trial->worst > ASTRAY;
}

bool trial_holds(const struct trial *trial)
{
	return trial->covered >= TRIAL_COVERED_LEAST;
}
