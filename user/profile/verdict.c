// SPDX-License-Identifier: GPL-2.0
/* See verdict.h. */
#include "verdict.h"

#include <math.h>

/* A change of so many standard errors is found in 80 of 100 tries, at .05. */
#define POWER_ERRORS 2.8

static double limit_of(const struct measure *measure, double limit)
{
	return fmax(limit, COMPARE_RELATIVE * measure->base);
}

static bool has_grown(const struct measure *measure, double limit)
{
	return measure->changed &&
	       measure->now - measure->base >= limit_of(measure, limit);
}

bool verdict_regressed(const struct change *change, double limit)
{
	return has_grown(&change->self, limit) ||
	       has_grown(&change->total, limit);
}

static void require(struct verdict *verdict, const struct measure *measure,
		    double limit, double samples)
{
	double least = POWER_ERRORS * measure->error, times, more;

	if (!measure->tested)
		return;
	verdict->detectable = fmax(verdict->detectable, least);
	times = least / limit_of(measure, limit);
	more = ceil(samples * (times * times - 1));
	if (more > (double)verdict->more_samples)
		verdict->more_samples = more < 1e15 ? (uint64_t)more :
						      (uint64_t)1e15;
}

struct verdict verdict_of(const struct comparison *comparison, double limit,
			  double samples)
{
	struct verdict verdict = { VERDICT_OK, 0, 0, 0 };
	const struct change *changes;
	size_t count;

	changes = comparison_changes(comparison, &count);
	for (size_t i = 0; i < count; i++) {
		verdict.regressed += verdict_regressed(&changes[i], limit);
		require(&verdict, &changes[i].self, limit, samples);
		require(&verdict, &changes[i].total, limit, samples);
	}
	if (verdict.regressed)
		verdict.kind = VERDICT_REGRESSED;
	else if (verdict.more_samples || !count)
		verdict.kind = VERDICT_INCONCLUSIVE;
	return verdict;
}
