/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a comparison to an answer that a build can act on. Below the least
 * number of samples or blocks of time (compare.h) no verdict is given. Above it:
 * - regressed: a function surely grew (struct measure, .changed), by the limit
 *   or more;
 * - ok: the intervals of all functions rule out a growth by the limit, and so
 *   they do for a function that neither side has seen; or both sides hold the
 *   same samples;
 * - inconclusive: everything else, with the cause.
 * Weight that was lost may have been any function's: it widens every interval.
 */
#ifndef STATS_VERDICT_H
#define STATS_VERDICT_H

#include <stdint.h>

#include "compare.h"

enum verdict_kind {
	VERDICT_OK,
	VERDICT_REGRESSED,
	VERDICT_INCONCLUSIVE,
};

/* Why it is inconclusive. */
enum verdict_cause {
	VERDICT_NO_CAUSE,
	VERDICT_FEW_SAMPLES, /* less than the least number of them */
	VERDICT_FEW_BLOCKS,
	VERDICT_LOST,	   /* what was lost is half of the limit, or more */
	VERDICT_PHASES,	   /* samples near in time are alike: they say less */
	VERDICT_RUNS,	   /* recordings of a side differ: they say less */
	VERDICT_IMPRECISE, /* intervals are too wide for the limit */
	VERDICT_CLOSE,	   /* precise, but a growth is too near to the limit */
};

/* Growth that is too much, and what may hide it: shares. */
struct verdict_rule {
	double limit;
	double lost[COMPARE_SIDES];
};

struct verdict {
	enum verdict_kind kind;
	enum verdict_cause cause;
	size_t regressed;  /* functions */
	double detectable; /* the largest growth that is not ruled out */
	/* The function whose growth is least sure to be below its limit. */
	const struct change *decisive; /* NULL: one that was never sampled */
	double growth, limit;	       /* what it may have grown by, and may */
	/* Where inconclusive, for either side; 0: not known, or none helps. */
	uint64_t more_samples;
	double seconds; /* to record, by the rates of these inputs */
	size_t runs;	/* recordings as long as these, instead or at all */
};

/*
 * @limit: the growth of a share that is too much, above 0; functions may grow
 * by COMPARE_RELATIVE of theirs at least.
 */
struct verdict_rule verdict_rule(const struct comparison *comparison,
				 double limit);
struct verdict verdict_of(const struct comparison *comparison,
			  const struct verdict_rule *rule);

/*
 * Samples of each side without which nothing is ok: fewer could miss a
 * function whose share is the limit.
 */
double verdict_least(double limit);

/* Whether this one is a regression by itself. */
bool verdict_regressed(const struct change *change,
		       const struct verdict_rule *rule);

#endif
