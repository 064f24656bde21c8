/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Programs as models, whose truth is known: which function runs at any moment.
 * The module's schedule samples them in no time of their own.
 */
#ifndef LAB_MODEL_H
#define LAB_MODEL_H

#include <stddef.h>

#include "subject.h"

enum model_kind {
	MODEL_RECTANGLE, /* function 0 for .busy of every .period, else 1 */
	MODEL_PHASES,	 /* the same on average, lengths exponential */
	MODEL_MIXTURE,	 /* SUBJECT_FUNCTIONS in turns, by chance, unequal */
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
	struct subject subject;
	enum model_kind kind;
	enum model_view view;
	uint64_t busy, period; /* ns */
	bool aligned;	       /* the schedule begins amid function 1 */
};

extern const struct model models[];
extern const size_t model_count;

/*
 * Run @model for its seconds, sampled at @rate Hz. All chance comes from @seed.
 * @see, if any, is told of each sample.
 */
void model_sample(const struct model *model, const struct sampler *sampler,
		  double rate, uint64_t seed, struct outcome *outcome,
		  subject_see *see, void *context);

#endif
