/* SPDX-License-Identifier: GPL-2.0 */
/* From a comparison to an answer that a build can act on. */
#ifndef PROFILE_VERDICT_H
#define PROFILE_VERDICT_H

#include <stdint.h>

#include "compare.h"

enum verdict_kind {
	VERDICT_OK,	      /* a regression as large would have been seen */
	VERDICT_REGRESSED,    /* a function grew, surely and too much */
	VERDICT_INCONCLUSIVE, /* too few samples to tell */
};

struct verdict {
	enum verdict_kind kind;
	size_t regressed;      /* functions */
	uint64_t more_samples; /* of each side, where inconclusive */
	double detectable;     /* share: the least that would be seen */
};

/*
 * @limit: the growth of a share that is too much, as a share; functions may
 * grow by COMPARE_RELATIVE of theirs at least. @samples: of the smaller side.
 */
struct verdict verdict_of(const struct comparison *comparison, double limit,
			  double samples);

/* Whether this one is a regression by itself. */
bool verdict_regressed(const struct change *change, double limit);

#endif
