/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two profiles of the same program, before and after: how the share of each
 * function changed, and whether that is more than chance.
 */
#ifndef STATS_COMPARE_H
#define STATS_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "compare_side.h"
#include "share_difference.h"

/* Of each side, for anything to be a change; blocks, where times are known. */
#define COMPARE_SAMPLES_LEAST 100
#define COMPARE_BLOCKS_LEAST 12
#define COMPARE_FDR .05 /* of what is called a change, so much is none */

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
/*
 * The same of several recordings a side, or one of each: how a function's share
 * differs between them is in its interval. Both counts are 1, or both are more.
 */
struct comparison *compare_many(const struct compare_side *base,
				size_t base_count,
				const struct compare_side *now,
				size_t now_count, double fdr);
void comparison_free(struct comparison *comparison);

const struct change *comparison_changes(const struct comparison *comparison,
					size_t *count);

enum { COMPARE_BASE, COMPARE_NOW, COMPARE_SIDES };

/* @side: COMPARE_BASE or COMPARE_NOW. */
const struct compare_extent *
comparison_extent(const struct comparison *comparison, unsigned int side);

/* Whether a side has less than the least number of samples, or of blocks. */
bool comparison_few_samples(const struct comparison *comparison);
bool comparison_few_blocks(const struct comparison *comparison);

/* Whether both sides hold the same samples: every weight in every block. */
bool comparison_same(const struct comparison *comparison);

/*
 * The most that the share of a function which neither side has seen may have
 * grown by, at 95%; 1: no samples.
 */
double comparison_unseen(const struct comparison *comparison);

/*
 * Whether times were known of all; else samples of a recording count as
 * independent.
 */
bool comparison_timed(const struct comparison *comparison);

#endif
