/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What events were counted where in a profile's tree, and how sure the ratio
 * of two of them is: instructions per cycle, misses per instruction.
 */
#ifndef STATS_EVENT_SUMS_H
#define STATS_EVENT_SUMS_H

#include <stdbool.h>
#include <stdint.h>

#include "../profile/profile.h"
#include "interval.h"

struct event_sums;

/* Sums over samples of a numerator, a denominator and their products. */
struct ratio_sums {
	double a, b, aa, ab, bb;
	uint64_t samples;
};

/* For @events of them. */
struct event_sums *event_sums_new(unsigned int events);
void event_sums_free(struct event_sums *event_sums);

/* One sample at @node of the tree, with a value for each event. */
void event_sums_add(struct event_sums *event_sums, uint32_t node,
		    const double *values);

/* Sum up as profile_finish() does, once, after it. */
void event_sums_finish(struct event_sums *event_sums,
		       const struct profile *profile);

/*
 * Add to @sums the samples that end at @node, or with @total all that pass
 * it, for events @a and @b.
 */
void event_sums_sum(const struct event_sums *event_sums, uint32_t node,
		    bool total, unsigned int a, unsigned int b,
		    struct ratio_sums *sums);

/*
 * The sum of @sums->a over that of ->b, with its 95% interval; the interval is
 * 0 to infinity where fewer than two samples tell nothing of it. NAN: b is 0.
 */
double event_sums_ratio(const struct ratio_sums *sums,
			struct interval *interval);

#endif
