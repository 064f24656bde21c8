/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The runs of dither lab run: each experiment by each sampler in turn, again
 * and again, counted beside its program's truth.
 */
#ifndef LAB_LAB_CASES_H
#define LAB_LAB_CASES_H

#include "lab_options.h"
#include "runner.h"
#include "trial.h"

/* Lateness, ns, by its binary logarithm; 0 counts as 1. */
#define LAB_LATENESS 32

struct lab_point {
	double truth, reported;
	struct interval interval;
};

/* An experiment by a sampler at a rate. */
struct lab_case {
	const struct experiment *experiment;
	struct trial trial;
	struct lab_point *points; /* a run each */
	size_t point_count, point_room;
	uint64_t lateness[LAB_LATENESS]; /* samples */
	uint64_t overruns;
	unsigned int failed; /* runs that came to nothing */
};

struct lab_left_out {
	const struct subject *subject;
	char *reason;
};

struct lab_cases {
	struct lab_case *items; /* those of an experiment stand together */
	size_t count;
	struct lab_left_out *left_out;
	size_t left_out_count, left_out_room;
	uint64_t seed;
	unsigned int repeat;
	int cpu;
	unsigned int failed; /* runs */
	uint64_t recordings; /* by dither, */
	uint64_t replayed;   /* … and those that are as their seed promises */
};

/* What there is to do. */
void lab_cases_plan(struct lab_cases *cases, const struct lab_options *options);

/* What came out of one more run. */
void lab_cases_add(struct lab_case *item, const struct outcome *outcome);

/*
 * Do it. What fails is told and counted, unless it ends everything: then
 * EXIT_CANNOT. The trials are ended in any case.
 */
int lab_cases_run(struct lab_cases *cases, const struct runner *runner);

void lab_cases_free(struct lab_cases *cases);

#endif
