/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One side of a comparison: shares of its functions and their variance, from
 * blocks of time within a recording, or from how recordings differ where a side
 * has several.
 */
#ifndef STATS_COMPARE_RUNS_H
#define STATS_COMPARE_RUNS_H

#include "../base/string_table.h"
#include "blocks.h"
#include "compare_side.h"
#include "share_difference.h"

struct compare_run {
	const struct compare_side *given;
	struct blocks blocks;
	double weight;
	uint32_t *names; /* by common name: that of the profile, or NONE */
};

struct compare_runs {
	struct compare_run *runs;
	size_t count;
	double weight, samples;
};

/* Their functions go to @names, which both sides share. */
void compare_runs_read(struct compare_runs *runs,
		       const struct compare_side *given, size_t count,
		       struct string_table *names);
/* After both sides were read. */
void compare_runs_name(struct compare_runs *runs, struct string_table *names);
void compare_runs_free(struct compare_runs *runs);

struct share compare_runs_self(const struct compare_runs *runs, uint32_t name);
struct share compare_runs_total(const struct compare_runs *runs, uint32_t name);

struct compare_extent compare_runs_extent(const struct compare_runs *runs);

/* Whether both hold the same samples, of so many functions, run by run. */
bool compare_runs_same(const struct compare_runs *base,
		       const struct compare_runs *now, size_t names);

#endif
