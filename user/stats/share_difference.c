// SPDX-License-Identifier: GPL-2.0
#include "share_difference.h"

#include <math.h>

#include "interval.h"
#include "student.h"

/*
 * As many independent samples as have the variance of @share: of its own chance
 * where the share itself has none.
 */
static double worth(const struct share *share, double pooled, double samples)
{
	double chance = pooled * (1 - pooled);

	return chance > 0 && share->variance > 0 ?
		       fmin(samples, chance / share->variance) :
		       samples;
}

/* Newcombe's interval of now - base; @worth: their independent samples. */
static void set_interval(struct measure *measure, const double worth[2],
			 double limit)
{
	struct interval base, now;
	double difference = measure->now - measure->base;

	base = interval_wilson(fmin(1, measure->base), worth[0], limit);
	now = interval_wilson(fmin(1, measure->now), worth[1], limit);
	measure->low = fmax(-1, difference - hypot(measure->now - now.low,
						   base.high - measure->base));
	measure->high = fmin(1, difference + hypot(now.high - measure->now,
						   measure->base - base.low));
}

/* Of a difference that is too small for so few samples: 0 (Yates). */
static double probability(const struct measure *measure, const double worth[2],
			  double freedom)
{
	double step = (1 / worth[0] + 1 / worth[1]) / 2;
	double difference = fabs(measure->now - measure->base) - step;

	return student_probability(fmax(0, difference) / measure->error,
				   freedom);
}

static double welch(const struct share *base, const struct share *now)
{
	double sum = base->variance + now->variance;

	if (!(sum > 0))
		return base->freedom + now->freedom;
	return sum * sum /
	       (base->variance * base->variance / base->freedom +
		now->variance * now->variance / now->freedom);
}

void share_difference(struct measure *measure, struct share base,
		      struct share now, const double samples[2])
{
	double pooled, chance, freedom, worths[2];

	*measure = (struct measure){
		.base = base.value,
		.now = now.value,
		.base_weight = base.weight,
		.now_weight = now.weight,
		.low = -1,
		.high = 1,
		.p = 1,
		.q = 1,
		.alike = fmax(base.alike, now.alike),
	};
	if (!(samples[0] > 0) || !(samples[1] > 0))
		return;
	pooled = (base.value * samples[0] + now.value * samples[1]) /
		 (samples[0] + samples[1]);
	chance = fmax(0, pooled * (1 - pooled));
	base.variance = fmax(base.variance, chance / samples[0]);
	now.variance = fmax(now.variance, chance / samples[1]);
	worths[0] = worth(&base, pooled, samples[0]);
	worths[1] = worth(&now, pooled, samples[1]);
	measure->chance = sqrt(chance / samples[0] + chance / samples[1]);
	measure->error = sqrt(base.variance + now.variance);
	freedom = welch(&base, &now);
	/* What can be no large change is none of those that are tested. */
	measure->tested = fmax(base.value, now.value) >= COMPARE_EFFECT;
	set_interval(measure, worths,
		     measure->tested ? student_limit(freedom) : 2);
	if (measure->tested && measure->error > 0)
		measure->p = probability(measure, worths, freedom);
}
