/* SPDX-License-Identifier: GPL-2.0 */
/* A side of a comparison: one recording of it, and all of them together. */
#ifndef STATS_COMPARE_SIDE_H
#define STATS_COMPARE_SIDE_H

#include <stddef.h>
#include <stdint.h>

#include "../profile/profile.h"
#include "../profile/sample_times.h"

/* Of equal length, into which the time of a recording is cut. */
#define COMPARE_BLOCKS 24

struct compare_side {
	const struct profile *profile; /* finished */
	const struct sample_times *times; /* NULL: times are not known */
	double samples; /* how many of equal weight it is worth */
};

/* What one side has to show, of all its recordings. */
struct compare_extent {
	double samples; /* of equal weight */
	size_t runs;	/* recordings */
	size_t blocks;	/* of COMPARE_BLOCKS each, with samples; 0: no times */
	uint64_t span;	/* ns from the first sample to the last; 0: no times */
};

#endif
