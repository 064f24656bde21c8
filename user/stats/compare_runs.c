// SPDX-License-Identifier: GPL-2.0
/*
 * A program goes through phases, so its samples are not independent, and a
 * test that takes them so finds changes where there are none. The variance of
 * a share therefore comes from blocks of time and how they follow each other:
 * by Newey and West or, where phases surely outlast blocks, as if each block
 * kept a part of the one before, whichever is more. Both estimates wobble: half
 * the degrees of freedom, and the fewer, the more alike blocks are.
 *
 * Of several recordings each is a cluster, and one more may differ from them as
 * they differ from each other: their variance is that of the ratio estimator,
 * with a degree of freedom less than there are recordings. It is never less than
 * what blocks make it.
 */
#include "compare_runs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

#define LAGS 2 /* blocks that may still be alike */
#define ALIKE_MOST .9
#define CHANCE 1.64 /* standard errors, which chance exceeds once in 20 */

static void read_run(struct compare_run *run, const struct compare_side *given,
		     struct string_table *names)
{
	const struct profile *profile = given->profile;

	run->given = given;
	blocks_sum(profile, given->times, COMPARE_BLOCKS, &run->blocks);
	for (size_t i = 0; i < run->blocks.count; i++)
		run->weight += run->blocks.weights[i];
	for (uint32_t i = 0; i < profile_names(profile); i++)
		string_table_add(names, profile_text(profile, i),
				 profile_text_length(profile, i));
}

void compare_runs_read(struct compare_runs *runs,
		       const struct compare_side *given, size_t count,
		       struct string_table *names)
{
	*runs = (struct compare_runs){
		.runs = alloc_zeroed(count, sizeof(*runs->runs)),
		.count = count,
	};
	for (size_t i = 0; i < count; i++) {
		read_run(&runs->runs[i], &given[i], names);
		runs->weight += runs->runs[i].weight;
		runs->samples += given[i].samples;
	}
}

void compare_runs_name(struct compare_runs *runs, struct string_table *names)
{
	size_t count = string_table_count(names);

	for (size_t i = 0; i < runs->count; i++) {
		struct compare_run *run = &runs->runs[i];
		const struct profile *profile = run->given->profile;

		run->names = alloc_resize(NULL, count + 1, sizeof(*run->names));
		memset(run->names, 0xff, (count + 1) * sizeof(*run->names));
		for (uint32_t j = 0; j < profile_names(profile); j++)
			run->names[string_table_add(
				names, profile_text(profile, j),
				profile_text_length(profile, j))] = j;
	}
}

void compare_runs_free(struct compare_runs *runs)
{
	for (size_t i = 0; i < runs->count; i++) {
		blocks_free(&runs->runs[i].blocks);
		free(runs->runs[i].names);
	}
	free(runs->runs);
}

/*
 * The correlation of a block with the next one, where its estimate @lag1 is
 * more than chance makes of independent blocks. The share's own estimate makes
 * it too small (Marriott and Pope).
 */
static double likeness(double lag1, double count)
{
	if (lag1 < CHANCE / sqrt(count))
		return 0;
	return fmin(ALIKE_MOST, lag1 + (1 + 3 * lag1) / count);
}

/* Of what the blocks' weights of one function vary about its share. */
static void estimate(const struct compare_run *run, const double *weights,
		     struct share *share)
{
	const struct blocks *blocks = &run->blocks;
	double rest[COMPARE_BLOCKS], own = 0, follow[LAGS] = { 0 }, sum;
	double count = (double)blocks->used, fewer;

	for (size_t i = 0; i < blocks->count; i++) {
		rest[i] = weights[i] - share->value * blocks->weights[i];
		own += rest[i] * rest[i];
	}
	if (!(own > 0))
		return;
	for (size_t lag = 1; lag <= LAGS; lag++)
		for (size_t i = 0; i + lag < blocks->count; i++)
			follow[lag - 1] += rest[i] * rest[i + lag];
	sum = own;
	for (size_t lag = 1; lag <= LAGS; lag++)
		sum += 2 * (1 - (double)lag / (LAGS + 1)) * follow[lag - 1];
	share->alike = likeness(follow[0] / own, count);
	fewer = (1 - share->alike) / (1 + share->alike);
	share->variance = fmax(sum, own / fewer) * count / (count - 1) /
			  (run->weight * run->weight);
	share->freedom = fmax(1, share->freedom * fewer);
}

/* @sums: the blocks' of all functions, self or total. */
static struct share share_of(const struct compare_run *run, const double *sums,
			     uint32_t common)
{
	size_t count = run->blocks.count, used = run->blocks.used;
	struct share share = { .freedom = 1e6 };
	uint32_t name = run->names[common];

	if (run->given->times)
		share.freedom = used > 2 ? ((double)used - 1) / 2 : 1;
	if (name == PROFILE_NONE || !(run->weight > 0))
		return share;
	for (size_t i = 0; i < count; i++)
		share.weight += sums[name * count + i];
	share.value = share.weight / run->weight;
	if (used > 1)
		estimate(run, sums + name * count, &share);
	return share;
}

static const double *sums_of(const struct compare_run *run, bool total)
{
	return total ? run->blocks.total : run->blocks.self;
}

static struct share all_shares(const struct compare_runs *runs, bool total,
			       uint32_t name)
{
	double own = 0, within = 0, count = (double)runs->count, rest;
	struct share all = { .freedom = count - 1 };

	if (runs->count == 1)
		return share_of(runs->runs, sums_of(runs->runs, total), name);
	for (size_t i = 0; i < runs->count; i++) {
		const struct compare_run *run = &runs->runs[i];
		struct share one = share_of(run, sums_of(run, total), name);

		all.weight += one.weight;
		all.alike = fmax(all.alike, one.alike);
		within += one.variance * run->weight * run->weight;
	}
	if (!(runs->weight > 0))
		return all;
	all.value = all.weight / runs->weight;
	for (size_t i = 0; i < runs->count; i++) {
		const struct compare_run *run = &runs->runs[i];

		rest = share_of(run, sums_of(run, total), name).weight -
		       all.value * run->weight;
		own += rest * rest;
	}
	all.variance = fmax(within, own * count / (count - 1)) /
		       (runs->weight * runs->weight);
	return all;
}

struct share compare_runs_self(const struct compare_runs *runs, uint32_t name)
{
	return all_shares(runs, false, name);
}

struct share compare_runs_total(const struct compare_runs *runs, uint32_t name)
{
	return all_shares(runs, true, name);
}

struct compare_extent compare_runs_extent(const struct compare_runs *runs)
{
	struct compare_extent extent = {
		.samples = runs->samples,
		.runs = runs->count,
	};

	for (size_t i = 0; i < runs->count; i++) {
		const struct compare_run *run = &runs->runs[i];

		extent.blocks += run->given->times ? run->blocks.used : 0;
		extent.span += run->blocks.span;
	}
	return extent;
}

static bool equal(const double *a, const double *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (a[i] < b[i] || a[i] > b[i])
			return false;
	return true;
}

static bool same_run(const struct compare_run *base,
		     const struct compare_run *now, size_t names)
{
	size_t count = base->blocks.count;

	if (count != now->blocks.count ||
	    base->blocks.span != now->blocks.span ||
	    !equal(&base->given->samples, &now->given->samples, 1) ||
	    !equal(base->blocks.weights, now->blocks.weights, count))
		return false;
	for (size_t i = 0; i < names; i++) {
		uint32_t a = base->names[i], b = now->names[i];

		if (a == PROFILE_NONE && b == PROFILE_NONE)
			continue;
		if (a == PROFILE_NONE || b == PROFILE_NONE ||
		    !equal(base->blocks.self + a * count,
			   now->blocks.self + b * count, count) ||
		    !equal(base->blocks.total + a * count,
			   now->blocks.total + b * count, count))
			return false;
	}
	return true;
}

bool compare_runs_same(const struct compare_runs *base,
		       const struct compare_runs *now, size_t names)
{
	if (base->count != now->count)
		return false;
	for (size_t i = 0; i < base->count; i++)
		if (!same_run(&base->runs[i], &now->runs[i], names))
			return false;
	return true;
}
