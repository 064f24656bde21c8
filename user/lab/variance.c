// SPDX-License-Identifier: GPL-2.0
/* See variance.h. */
#include "variance.h"

#include <math.h>

#include "../../kmod/core/schedule.h"
#include "theory.h"

#define PERIOD 1000000ULL
#define TOLERANCE .05
/* Phases of the runs: as even as can be, as many as there are. */
#define GOLDEN .6180339887498949

static void sample(const struct sampler *sampler, double turns, uint64_t seed,
		   double phase, double *sine, double *burst)
{
	struct dither_schedule schedule;

	*sine = *burst = 0;
	dither_schedule_start(&schedule, sampler->policy, sampler->jitter_ppm,
			      PERIOD, seed, 0, 0);
	for (int i = 0; i < VARIANCE_SAMPLES; i++) {
		double at = (double)schedule.due / PERIOD * turns + phase;

		at -= floor(at);
		*sine += cos(2 * M_PI * at);
		*burst += at < VARIANCE_DUTY;
		dither_schedule_pass(&schedule, schedule.due);
	}
	*sine /= VARIANCE_SAMPLES;
	*burst /= VARIANCE_SAMPLES;
}

struct variance variance_run(const struct sampler *sampler, double turns,
			     unsigned int runs, uint64_t seed)
{
	double jitter = sampler->jitter_ppm / 1e6, sines = 0, bursts = 0;
	struct variance variance = {
		.sampler = *sampler,
		.turns = turns,
		.sine.theory = theory_harmonic_ratio(sampler->policy, jitter,
						     turns, VARIANCE_SAMPLES),
		.burst.theory = theory_duty_ratio(sampler->policy, jitter,
						  turns, VARIANCE_SAMPLES,
						  VARIANCE_DUTY),
	};

	for (unsigned int i = 0; i < runs; i++) {
		double sine, burst;

		sample(sampler, turns, dither_schedule_draw(seed, i),
		       i * GOLDEN, &sine, &burst);
		sines += sine * sine;
		bursts += (burst - VARIANCE_DUTY) * (burst - VARIANCE_DUTY);
	}
	/* A sine's variance is 1/2. */
	variance.sine.simulated = 2 * VARIANCE_SAMPLES * sines / runs;
	variance.burst.simulated = VARIANCE_SAMPLES * bursts / runs /
				   (VARIANCE_DUTY * (1 - VARIANCE_DUTY));
	return variance;
}

bool variance_agrees(const struct ratio *ratio)
{
	return fabs(ratio->simulated / ratio->theory - 1) <= TOLERANCE;
}
