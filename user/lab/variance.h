/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of V: how far the mean of samples of a periodic workload scatters,
 * relative to independent samples, simulated beside the formula.
 */
#ifndef LAB_VARIANCE_H
#define LAB_VARIANCE_H

#include "model.h"

#define VARIANCE_SAMPLES 200 /* of a run */
#define VARIANCE_DUTY .1

struct ratio {
	double simulated, theory;
};

struct variance {
	struct sampler sampler;
	double turns; /* periods of the workload in a mean interval */
	struct ratio sine;
	struct ratio burst; /* busy for VARIANCE_DUTY of each period */
};

struct variance variance_run(const struct sampler *sampler, double turns,
			     unsigned int runs, uint64_t seed);

/* Simulation and formula are within 5% of each other. */
bool variance_agrees(const struct ratio *ratio);

#endif
