// SPDX-License-Identifier: GPL-2.0
#include "verdict.h"

#include <math.h>
#include <string.h>

#include "../profile/synthetic_frames.h"
#include "student.h"

/* Where nothing grew, intervals of so many errors are below the limit in 80
 * of 100 tries. */
#define POWER_ERRORS 2.8
#define NORMAL_95 1.96
/* Of a function never seen in n samples the share is below this / n. */
#define NEVER_SEEN 4
/* Independent blocks are so many times as long as samples are alike. */
#define BLOCK_TIMES 3
#define MORE_MOST 1e15
#define ROUNDING 1e-9 /* of shares, which are sums of quotients */
#define TIMES_LEAST 1.1
#define TIMES_MOST 100 /* more is no advice where a growth is near the limit */
/* Of the error of independent samples: phases are what it is more by. */
#define PHASES_LEAST 1.5
/* Recordings of a side; fewer say too little of how they differ. */
#define RUNS_LEAST 3
#define RUNS_MOST 1000
#define RUNS_ADVISED 20 /* where one longer recording would do, too */

double verdict_least(double limit)
{
	return fmax(COMPARE_SAMPLES_LEAST, ceil(NEVER_SEEN / limit));
}

static bool is_lost(const struct change *change)
{
	return change->length == strlen(SYNTHETIC_LOST) &&
	       !memcmp(change->text, SYNTHETIC_LOST, change->length);
}

struct verdict_rule verdict_rule(const struct comparison *comparison,
				 double limit)
{
	struct verdict_rule rule = { .limit = limit };
	const struct change *changes;
	size_t count;

	changes = comparison_changes(comparison, &count);
	for (size_t i = 0; i < count; i++) {
		if (!is_lost(&changes[i]))
			continue;
		rule.lost[COMPARE_BASE] = changes[i].total.base;
		rule.lost[COMPARE_NOW] = changes[i].total.now;
	}
	return rule;
}

static double limit_of(const struct measure *measure,
		       const struct verdict_rule *rule)
{
	return fmax(rule->limit, COMPARE_RELATIVE * measure->base);
}

/* Even if all that the base lost was this function's. */
static bool has_grown(const struct measure *measure,
		      const struct verdict_rule *rule)
{
	double lost = rule->lost[COMPARE_BASE];

	return measure->changed &&
	       measure->now - measure->base - lost >=
		       limit_of(measure, rule) - ROUNDING &&
	       measure->low > lost;
}

/* Frames that no function ran in grow by what the machine did. */
static bool is_function(const struct change *change)
{
	return !synthetic_meaning(change->text, change->length);
}

bool verdict_regressed(const struct change *change,
		       const struct verdict_rule *rule)
{
	return is_function(change) && (has_grown(&change->self, rule) ||
				       has_grown(&change->total, rule));
}

/* The most that a share may have grown by. */
static double possible(const struct measure *measure,
		       const struct verdict_rule *rule)
{
	double most = fmin(measure->high, 1 - measure->base);

	return fmin(1, fmax(0, most + rule->lost[COMPARE_NOW]));
}

/* What it takes to be sure of all functions. */
struct need {
	double ratio; /* the worst of possible growth to its limit */
	double times; /* as many samples as there are; 0: intervals will do */
	double close; /* the same, where only nearness to the limit hinders */
	double error, wanted;	     /* of the one that .times is of */
	double close_error, nearest; /* … .close */
	bool phases;
};

static bool has_runs(const struct comparison *comparison)
{
	return comparison_extent(comparison, COMPARE_BASE)->runs > 1;
}

/* Blocks that are alike have to outlast what makes them so. */
static double times_of(const struct comparison *comparison,
		       const struct measure *measure, double wanted)
{
	/* Of as many degrees of freedom as independent blocks have. */
	double limit = comparison_timed(comparison) ?
			       student_limit(COMPARE_BLOCKS - 1) :
			       NORMAL_95;
	double times = pow(
		measure->error * POWER_ERRORS * limit / NORMAL_95 / wanted, 2);

	if (measure->alike > 0 && !has_runs(comparison))
		times = fmax(times, BLOCK_TIMES / -log(measure->alike));
	return fmax(TIMES_LEAST, times);
}

static void need_of(const struct comparison *comparison,
		    const struct measure *measure,
		    const struct verdict_rule *rule, struct need *need)
{
	double limit = limit_of(measure, rule) - rule->lost[COMPARE_NOW];
	double difference = measure->now - measure->base, times;

	if (!(limit > 0))
		return;
	if (measure->high - difference < limit * NORMAL_95 / POWER_ERRORS) {
		times = times_of(comparison, measure, fabs(limit - difference));
		if (times < need->close)
			return;
		need->close = times;
		need->close_error = measure->error;
		need->nearest = fabs(limit - difference);
		return;
	}
	times = times_of(comparison, measure, limit);
	if (times < need->times)
		return;
	need->times = times;
	need->error = measure->error;
	need->wanted = limit;
	need->phases = (measure->alike > 0 && !has_runs(comparison)) ||
		       measure->error > PHASES_LEAST * measure->chance;
}

static void weigh_up(struct verdict *verdict,
		     const struct comparison *comparison,
		     const struct change *change, const struct measure *measure,
		     const struct verdict_rule *rule, struct need *need)
{
	double most = possible(measure, rule);
	double ratio = most / limit_of(measure, rule);

	verdict->detectable = fmax(most, verdict->detectable);
	if (ratio > need->ratio) {
		need->ratio = ratio;
		verdict->decisive = change;
		verdict->growth = most;
		verdict->limit = limit_of(measure, rule);
	}
	if (ratio >= 1)
		need_of(comparison, measure, rule, need);
}

/* The variance of a difference is that of two sides which are as long as this. */
static double harmonic_mean(double a, double b)
{
	return a > 0 && b > 0 ? 2 / (1 / a + 1 / b) : 0;
}

/* Half the width of intervals of so many runs, of which @one is the error. */
static double width_of(double one, size_t runs)
{
	return one / sqrt((double)runs) * POWER_ERRORS / NORMAL_95 *
	       student_limit(2 * (double)(runs - 1));
}

/*
 * How many recordings of a side, each as those that there are, make intervals
 * small enough; 0: too many. The more, the narrower.
 */
static size_t runs_for(const struct comparison *comparison, double error,
		       double wanted)
{
	double have = harmonic_mean(
		(double)comparison_extent(comparison, COMPARE_BASE)->runs,
		(double)comparison_extent(comparison, COMPARE_NOW)->runs);
	double one = error * sqrt(have);
	size_t least = RUNS_LEAST, most = RUNS_MOST;

	if (has_runs(comparison))
		least = (size_t)fmax(RUNS_LEAST, floor(have) + 1);
	if (least > most || width_of(one, most) > wanted)
		return 0;
	while (least < most) {
		size_t middle = (least + most) / 2;

		if (width_of(one, middle) > wanted)
			least = middle + 1;
		else
			most = middle;
	}
	return least;
}

/* Where a side has several recordings, it is more of them that help. */
static void advise_runs(struct verdict *verdict,
			const struct comparison *comparison, double error,
			double wanted)
{
	verdict->runs = runs_for(comparison, error, wanted);
	if (has_runs(comparison))
		verdict->seconds = 0;
	else if (verdict->runs > RUNS_ADVISED || !(verdict->seconds > 0))
		verdict->runs = 0;
}

/* @times: as much as there is. Both sides are to be equally long. */
static void extend(struct verdict *verdict, const struct comparison *comparison,
		   double times)
{
	const struct compare_extent *base =
		comparison_extent(comparison, COMPARE_BASE);
	const struct compare_extent *now =
		comparison_extent(comparison, COMPARE_NOW);
	double samples = harmonic_mean(base->samples, now->samples) * times -
			 fmin(base->samples, now->samples);
	double span = harmonic_mean((double)base->span, (double)now->span);

	verdict->more_samples =
		(uint64_t)ceil(fmin(MORE_MOST, fmax(1, samples)));
	if (comparison_timed(comparison))
		verdict->seconds = span / 1e9 * times;
}

static struct verdict inconclusive(struct verdict verdict,
				   enum verdict_cause cause)
{
	verdict.kind = VERDICT_INCONCLUSIVE;
	verdict.cause = cause;
	return verdict;
}

static double fewest(const struct comparison *comparison)
{
	return fmin(comparison_extent(comparison, COMPARE_BASE)->samples,
		    comparison_extent(comparison, COMPARE_NOW)->samples);
}

/* The side with fewer samples tells how long it takes to have enough. */
static struct verdict few_samples(struct verdict verdict,
				  const struct comparison *comparison,
				  double least)
{
	double samples = fewest(comparison);
	unsigned int side =
		comparison_extent(comparison, COMPARE_BASE)->samples > samples ?
			COMPARE_NOW :
			COMPARE_BASE;
	double span = (double)comparison_extent(comparison, side)->span;

	verdict.detectable = 1;
	verdict.more_samples = (uint64_t)ceil(fmin(MORE_MOST, least - samples));
	if (samples > 1)
		verdict.seconds = span / 1e9 * least / samples;
	return inconclusive(verdict, VERDICT_FEW_SAMPLES);
}

static struct verdict by_intervals(struct verdict verdict,
				   const struct comparison *comparison,
				   const struct verdict_rule *rule)
{
	struct need need = { 0 };
	const struct change *changes;
	size_t count;

	verdict.detectable =
		fmin(1, verdict.detectable + rule->lost[COMPARE_NOW]);
	verdict.growth = verdict.detectable;
	verdict.limit = rule->limit;
	need.ratio = verdict.detectable / rule->limit;
	changes = comparison_changes(comparison, &count);
	for (size_t i = 0; i < count; i++) {
		if (!is_function(&changes[i]))
			continue;
		weigh_up(&verdict, comparison, &changes[i], &changes[i].self,
			 rule, &need);
		weigh_up(&verdict, comparison, &changes[i], &changes[i].total,
			 rule, &need);
	}
	if (need.ratio < 1)
		return verdict;
	/* More samples would not help. */
	if (2 * rule->lost[COMPARE_NOW] >= rule->limit)
		return inconclusive(verdict, VERDICT_LOST);
	if (!(need.times > 0)) {
		if (need.close < TIMES_MOST) {
			extend(&verdict, comparison, need.close);
			advise_runs(&verdict, comparison, need.close_error,
				    need.nearest);
		}
		return inconclusive(verdict, VERDICT_CLOSE);
	}
	extend(&verdict, comparison, need.times);
	advise_runs(&verdict, comparison, need.error, need.wanted);
	if (!need.phases)
		return inconclusive(verdict, VERDICT_IMPRECISE);
	return inconclusive(verdict, has_runs(comparison) ? VERDICT_RUNS :
							    VERDICT_PHASES);
}

struct verdict verdict_of(const struct comparison *comparison,
			  const struct verdict_rule *rule)
{
	struct verdict verdict = { .kind = VERDICT_OK };
	double least = verdict_least(rule->limit);
	const struct change *changes;
	size_t count;

	if (comparison_few_samples(comparison))
		return few_samples(verdict, comparison, least);
	if (comparison_few_blocks(comparison)) {
		verdict.detectable = 1;
		return inconclusive(verdict, VERDICT_FEW_BLOCKS);
	}
	changes = comparison_changes(comparison, &count);
	for (size_t i = 0; i < count; i++)
		verdict.regressed += verdict_regressed(&changes[i], rule);
	if (fewest(comparison) < least && !verdict.regressed)
		return few_samples(verdict, comparison, least);
	verdict.detectable = comparison_unseen(comparison);
	if (comparison_same(comparison))
		return verdict;
	verdict = by_intervals(verdict, comparison, rule);
	if (verdict.regressed) {
		verdict.kind = VERDICT_REGRESSED;
		verdict.cause = VERDICT_NO_CAUSE;
		verdict.more_samples = 0;
		verdict.seconds = 0;
		verdict.runs = 0;
	}
	return verdict;
}
