// SPDX-License-Identifier: GPL-2.0
/*
 * Intervals and comparisons are those of report and diff themselves, from the
 * same sums: weights of 1, for the rate does not change.
 */
#include "trial.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../kmod/schedule.h"
#include "../base/alloc.h"
#include "../profile/compare.h"
#include "../profile/interval.h"
#include "theory.h"

#define ASTRAY .1
#define COVERED_LEAST .92
#define ALARM .05

/* One of two runs that are compared. */
struct side {
	struct profile *profile;
	struct moments moments;
	uint32_t nodes[MODEL_FUNCTIONS];
	struct model_run run;
};

static void open_side(struct side *side)
{
	char name[16];

	memset(side, 0, sizeof(*side));
	side->profile = profile_new();
	for (unsigned int i = 0; i < MODEL_FUNCTIONS; i++) {
		int length = snprintf(name, sizeof(name), "f%u", i);

		side->nodes[i] = profile_child(side->profile, PROFILE_ROOT,
					       profile_name(side->profile, name,
							    (size_t)length));
	}
}

static void see(void *context, uint64_t time, unsigned int function)
{
	struct side *side = context;

	profile_weigh(side->profile, side->nodes[function], 1);
	moments_add(&side->moments, time, side->nodes[function], 1);
}

static void close_side(struct side *side)
{
	moments_free(&side->moments);
	profile_free(side->profile);
}

/* The p of function 0's change. */
static double changed(struct side sides[2])
{
	struct compare_side given[2];
	struct comparison *comparison;
	const struct change *changes;
	double p = 1;
	size_t count;

	for (int i = 0; i < 2; i++) {
		profile_finish(sides[i].profile);
		given[i] = (struct compare_side){
			.profile = sides[i].profile,
			.moments = &sides[i].moments,
			.samples = (double)sides[i].run.samples,
		};
	}
	comparison = compare(&given[0], &given[1], COMPARE_FDR);
	changes = comparison_changes(comparison, &count);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(changes[i].text, "f0"))
			p = changes[i].self.p;
	comparison_free(comparison);
	return p;
}

/* The same if each sample were of its own. */
static double changed_iid(const struct side sides[2])
{
	double n[2], x[2], pooled, error;

	for (int i = 0; i < 2; i++) {
		n[i] = (double)sides[i].run.samples;
		x[i] = (double)sides[i].run.count[0];
	}
	pooled = (x[0] + x[1]) / (n[0] + n[1]);
	error = sqrt(pooled * (1 - pooled) * (1 / n[0] + 1 / n[1]));
	return error > 0 ?
		       erfc(fabs(x[0] / n[0] - x[1] / n[1]) / error / sqrt(2)) :
		       1;
}

static struct interval interval_of(const struct model_run *run)
{
	double kept = (double)run->samples, lost = (double)run->lost;
	double effective = interval_effective(kept + lost, kept + lost);
	double count = (double)run->count[0];
	struct interval interval =
		interval_share(count, kept + lost, effective);

	/* Lost samples are not missing at random: none was its, or all. */
	if (run->lost)
		interval.high =
			interval_share(count + lost, kept + lost, effective)
				.high;
	return interval;
}

static double chi_square(const struct model_run *run)
{
	double n = (double)run->samples, sum = 0;

	for (unsigned int i = 0; i < run->functions; i++) {
		double expected = n * run->truth[i];
		double off = (double)run->count[i] - expected;

		if (expected > 0)
			sum += off * off / expected;
	}
	return theory_chi_square(sum, run->functions - 1);
}

static double distance(const struct model_run *run)
{
	double n = (double)run->samples, sum = 0;

	for (unsigned int i = 0; i < run->functions; i++)
		sum += fabs((double)run->count[i] / n - run->truth[i]);
	return sum / 2;
}

/* Sums, of which finish() makes means. */
static void add(struct trial *trial, const struct model_run *run)
{
	double n = (double)run->samples, truth = run->truth[0];
	double share = n > 0 ? (double)run->count[0] / n : 0;
	struct interval interval = interval_of(run);

	trial->samples += run->samples;
	trial->lost += run->lost;
	trial->truth += truth;
	trial->reported += share;
	trial->least = fmin(trial->least, share);
	trial->most = fmax(trial->most, share);
	trial->worst = fmax(trial->worst, fabs(share - truth));
	trial->covered += interval.low <= truth && truth <= interval.high;
	trial->variance +=
		n * (share - truth) * (share - truth) / (truth * (1 - truth));
	if (!run->samples)
		return;
	trial->distance += distance(run);
	trial->floor += theory_distance_floor(run->truth, run->functions, n);
}

static void finish(struct trial *trial, double *chances)
{
	double runs = trial->runs;

	trial->truth /= runs;
	trial->reported /= runs;
	trial->covered /= runs;
	trial->distance /= runs;
	trial->floor /= runs;
	trial->variance /= runs;
	trial->uniform = theory_uniform(chances, trial->runs);
	if (trial->pairs) {
		trial->alarms /= trial->pairs;
		trial->iid_alarms /= trial->pairs;
	}
}

static void compare_sides(struct trial *trial, struct side sides[2])
{
	trial->pairs++;
	trial->alarms += changed(sides) < ALARM;
	trial->iid_alarms += changed_iid(sides) < ALARM;
}

struct trial trial_run(const struct model *model,
		       const struct model_policy *policy, double rate,
		       unsigned int runs, uint64_t seed)
{
	struct trial trial = {
		.model = model,
		.policy = *policy,
		.rate = rate,
		.runs = runs,
		.least = 1,
	};
	double *chances = alloc_zeroed(runs, sizeof(*chances));
	struct side sides[2];

	for (unsigned int i = 0; i < runs; i++) {
		struct side *side = &sides[i % 2];

		if (model->pairs)
			open_side(side);
		model_sample(model, policy, rate, dither_schedule_draw(seed, i),
			     &side->run, model->pairs ? see : NULL, side);
		add(&trial, &side->run);
		chances[i] = chi_square(&side->run);
		if (!model->pairs)
			continue;
		if (i % 2)
			compare_sides(&trial, sides);
		if (i % 2 || i + 1 == runs)
			for (unsigned int j = 0; j <= i % 2; j++)
				close_side(&sides[j]);
	}
	finish(&trial, chances);
	free(chances);
	return trial;
}

bool trial_is_astray(const struct trial *trial)
{
	return trial->worst > ASTRAY;
}

bool trial_holds(const struct trial *trial)
{
	return trial->covered >= COVERED_LEAST;
}
