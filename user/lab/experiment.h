/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The reference experiments with programs that log their own truth: those of
 * tests/workloads/lab, by whose names they go.
 */
#ifndef LAB_EXPERIMENT_H
#define LAB_EXPERIMENT_H

#include <stddef.h>

#include "subject.h"

#define EXPERIMENT_ARGUMENTS 4

enum experiment_view {
	EXPERIMENT_PLAIN,
	EXPERIMENT_MASKED,  /* time with interrupts off is looked for */
	EXPERIMENT_ASLEEP,  /* idle CPUs are not sampled */
	EXPERIMENT_STOPPED, /* the reader is stopped, the ring is small */
};

/* Stands for the sampler's rate in Hz among the arguments. */
#define EXPERIMENT_RATE "RATE"

struct experiment {
	struct subject subject;
	enum experiment_view view;
	bool sweep; /* the program takes a phase, ns, behind the CPU */
	const char *program;
	/* After the seconds, before the CPU; NULL: no more. */
	const char *arguments[EXPERIMENT_ARGUMENTS + 1];
	/* Of a periodic one; 0 of others. */
	double hertz, duty;
	double begins; /* how often a second it wakes up and works */
};

extern const struct experiment experiments[];
extern const size_t experiment_count;

/* A module that must be loaded, or NULL. */
const char *experiment_needs(const struct experiment *experiment);

#endif
