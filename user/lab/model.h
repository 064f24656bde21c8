/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Programs as models, whose truth is known: which function runs at any moment.
 * The module's schedule samples them in no time of their own.
 */
#ifndef LAB_MODEL_H
#define LAB_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_FUNCTIONS 9

enum model_kind {
	MODEL_RECTANGLE, /* function 0 for .busy of every .period, else 1 */
	MODEL_PHASES,	 /* the same on average, lengths exponential */
	MODEL_MIXTURE,	 /* MODEL_FUNCTIONS in turns, by chance, unequal */
};

/* What becomes of a sample. */
enum model_view {
	VIEW_PLAIN,
	VIEW_MASKED, /* interrupts are off in function 0: it comes at its end,
		      * late, and is told by that
		      */
	VIEW_IDLE,   /* the CPU sleeps in function 1: cells pass as idle */
	VIEW_RING,   /* a small ring; samples of function 0 are large */
};

struct model {
	const char *experiment, *name;
	enum model_kind kind;
	enum model_view view;
	uint64_t busy, period; /* ns */
	double rate;	       /* Hz that it is made for */
	double seconds;
	bool aligned;	  /* the schedule begins amid function 1 */
	bool pairs;	  /* runs are compared with each other, too */
	const char *note; /* what the numbers mean where that is not plain */
};

extern const struct model models[];
extern const size_t model_count;

struct model_policy {
	uint32_t policy; /* enum dither_policy */
	uint32_t jitter_ppm;
};

struct model_run {
	unsigned int functions;
	double truth[MODEL_FUNCTIONS]; /* shares of the run's time */
	uint64_t count[MODEL_FUNCTIONS];
	uint64_t samples; /* sum of .count */
	uint64_t lost;
};

typedef void model_see(void *context, uint64_t time, unsigned int function);

/*
 * Run @model for its seconds, sampled at @rate Hz. All chance comes from @seed.
 * @see, if any, is told of each sample.
 */
void model_sample(const struct model *model, const struct model_policy *policy,
		  double rate, uint64_t seed, struct model_run *run,
		  model_see *see, void *context);

#endif
