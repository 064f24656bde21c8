/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What experiments have in common, be they of models or of programs: what is
 * sampled, by what, and what came out of a run.
 */
#ifndef LAB_SUBJECT_H
#define LAB_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "../../include/dither/abi.h"

#define SUBJECT_FUNCTIONS 9

struct subject {
	const char *experiment, *name;
	double rate;	  /* Hz that it is made for */
	double seconds;	  /* of a run */
	bool pairs;	  /* runs are compared with each other, too */
	const char *note; /* what the numbers mean where that is not plain */
};

struct sampler {
	uint32_t policy; /* enum dither_policy */
	uint32_t jitter_ppm;
	bool perf; /* perf's cpu-clock instead; then .policy is FIXED */
};

struct outcome {
	unsigned int functions;
	double truth[SUBJECT_FUNCTIONS]; /* shares of the run's time */
	uint64_t count[SUBJECT_FUNCTIONS];
	uint64_t samples; /* sum of .count */
	double effective; /* as many of equal weight would be as good */
	uint64_t lost;
	/*
	 * The share that lateness may have moved from one function to another:
	 * a sample shows what runs when it is taken, not when it was due. It
	 * is how often a second the program begins, by the mean lateness.
	 */
	double slip;
};

/* Of each sample: when, and the function. */
typedef void subject_see(void *context, uint64_t time, unsigned int function);

#endif
