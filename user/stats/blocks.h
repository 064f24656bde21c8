/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A profile cut into equal pieces of its time. Samples near in time are alike,
 * pieces far longer than that are not: they tell how much a share varies.
 */
#ifndef STATS_BLOCKS_H
#define STATS_BLOCKS_H

#include "../profile/profile.h"
#include "../profile/sample_times.h"

struct blocks {
	size_t count, used; /* .used: those with a weight */
	uint64_t span;	    /* ns from the first sample to the last */
	double *weights;    /* of each block */
	/* By name of the profile, then block: [name * count + block]. */
	double *self, *total;
};

/*
 * Sums of a finished profile. @moments NULL: when samples were taken is not
 * known, and it is one block.
 */
void blocks_sum(const struct profile *profile, const struct sample_times *times,
		size_t count, struct blocks *blocks);
void blocks_free(struct blocks *blocks);

#endif
