/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two profiles of the same program, before and after: how the share of each
 * function changed, and whether that is more than chance.
 */
#ifndef PROFILE_COMPARE_H
#define PROFILE_COMPARE_H

#include <stdbool.h>

#include "moments.h"
#include "profile.h"

#define COMPARE_BLOCKS 24
#define COMPARE_FDR .05	     /* of what is called a change, so much is none */
#define COMPARE_EFFECT .005  /* smaller changes of a share do not matter, */
#define COMPARE_RELATIVE .05 /* nor do those below this part of it */

struct compare_side {
	const struct profile *profile; /* finished */
	const struct moments *moments; /* NULL: times are not known */
	double samples; /* how many of equal weight it is worth */
};

struct measure {
	double base, now; /* shares */
	double base_weight, now_weight;
	double error;	  /* standard error of now - base */
	double low, high; /* 95% interval of now - base */
	double p, q;	  /* 1 where nothing was tested */
	bool tested;
	bool changed; /* surely, and by enough to matter */
};

struct change {
	const char *text; /* lives as long as the comparison */
	size_t length;
	struct measure self, total;
};

struct comparison;

/*
 * Compare all functions of both. What is changed comes first, then by the
 * change of self and of total, then by name.
 */
struct comparison *compare(const struct compare_side *base,
			   const struct compare_side *now, double fdr);
void comparison_free(struct comparison *comparison);

const struct change *comparison_changes(const struct comparison *comparison,
					size_t *count);

/* Whether times were known on both sides; else samples count as independent. */
bool comparison_timed(const struct comparison *comparison);

#endif
