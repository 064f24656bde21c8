// SPDX-License-Identifier: GPL-2.0
/*
 * The shares of each function's self and total, with the variance that
 * compare_runs.h finds and never less than that of independent samples, are
 * tested by share_difference.h; then Benjamini's and Hochberg's procedure judges
 * all that are large enough to matter.
 */
#include "compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/bytes.h"
#include "../base/string_table.h"
#include "compare_runs.h"
#include "false_discovery.h"
#include "interval.h"
#include "share_difference.h"

struct comparison {
	struct string_table *names;
	struct change *changes;
	size_t count;
	struct compare_extent extents[COMPARE_SIDES];
	bool timed, same;
};

static double effect_of(const struct measure *measure)
{
	return fmax(COMPARE_EFFECT, COMPARE_RELATIVE * measure->base);
}

static void judge(struct comparison *comparison, double fdr)
{
	struct measure **tested =
		alloc_zeroed(2 * comparison->count + 1, sizeof(*tested));
	double *p = alloc_zeroed(2 * comparison->count + 1, sizeof(*p));
	double *q = alloc_zeroed(2 * comparison->count + 1, sizeof(*q));
	size_t count = 0;
	bool enough = !comparison_few_samples(comparison) &&
		      !comparison_few_blocks(comparison);

	for (size_t i = 0; i < comparison->count; i++) {
		struct change *change = &comparison->changes[i];

		if (change->self.tested)
			tested[count++] = &change->self;
		if (change->total.tested)
			tested[count++] = &change->total;
	}
	for (size_t i = 0; i < count; i++)
		p[i] = tested[i]->p;
	discovery_q(p, q, count);
	for (size_t i = 0; i < count; i++) {
		struct measure *one = tested[i];

		one->q = q[i];
		one->changed = enough && q[i] < fdr &&
			       (one->low > effect_of(one) ||
				one->high < -effect_of(one));
	}
	free(tested);
	free(p);
	free(q);
}

static double size_of(const struct measure *measure)
{
	return fabs(measure->now - measure->base);
}

static int by_change(const void *left, const void *right)
{
	const struct change *a = left, *b = right;
	int a_changed = a->self.changed + a->total.changed;
	int b_changed = b->self.changed + b->total.changed;

	if (a_changed != b_changed)
		return b_changed - a_changed;
	if (size_of(&a->self) != size_of(&b->self))
		return size_of(&a->self) < size_of(&b->self) ? 1 : -1;
	if (size_of(&a->total) != size_of(&b->total))
		return size_of(&a->total) < size_of(&b->total) ? 1 : -1;
	return bytes_compare(a->text, a->length, b->text, b->length);
}

static void fill(struct comparison *comparison,
		 const struct compare_runs sides[2])
{
	const double samples[] = { sides[0].samples, sides[1].samples };
	size_t used = 0;

	for (uint32_t i = 0; i < comparison->count; i++) {
		struct change change = {
			.text = string_table_text(comparison->names, i),
			.length = string_table_length(comparison->names, i),
		};

		share_difference(&change.self, compare_runs_self(&sides[0], i),
				 compare_runs_self(&sides[1], i), samples);
		share_difference(&change.total,
				 compare_runs_total(&sides[0], i),
				 compare_runs_total(&sides[1], i), samples);
		if (change.total.base > 0 || change.total.now > 0)
			comparison->changes[used++] = change;
	}
	comparison->count = used;
}

static bool all_timed(const struct compare_side *runs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!runs[i].times)
			return false;
	return true;
}

struct comparison *compare_many(const struct compare_side *base,
				size_t base_count,
				const struct compare_side *now,
				size_t now_count, double fdr)
{
	struct comparison *comparison = alloc_zeroed(1, sizeof(*comparison));
	struct compare_runs sides[COMPARE_SIDES];

	comparison->names = string_table_new();
	comparison->timed = all_timed(base, base_count) &&
			    all_timed(now, now_count);
	compare_runs_read(&sides[0], base, base_count, comparison->names);
	compare_runs_read(&sides[1], now, now_count, comparison->names);
	comparison->count = string_table_count(comparison->names);
	comparison->changes = alloc_zeroed(comparison->count + 1,
					   sizeof(*comparison->changes));
	for (int i = 0; i < COMPARE_SIDES; i++) {
		compare_runs_name(&sides[i], comparison->names);
		comparison->extents[i] = compare_runs_extent(&sides[i]);
	}
	comparison->same =
		compare_runs_same(&sides[0], &sides[1], comparison->count);
	fill(comparison, sides);
	judge(comparison, fdr);
	if (comparison->count)
		qsort(comparison->changes, comparison->count,
		      sizeof(*comparison->changes), by_change);
	for (int i = 0; i < COMPARE_SIDES; i++)
		compare_runs_free(&sides[i]);
	return comparison;
}

struct comparison *compare(const struct compare_side *base,
			   const struct compare_side *now, double fdr)
{
	return compare_many(base, 1, now, 1, fdr);
}

void comparison_free(struct comparison *comparison)
{
	if (!comparison)
		return;
	string_table_free(comparison->names);
	free(comparison->changes);
	free(comparison);
}

const struct change *comparison_changes(const struct comparison *comparison,
					size_t *count)
{
	*count = comparison->count;
	return comparison->changes;
}

const struct compare_extent *
comparison_extent(const struct comparison *comparison, unsigned int side)
{
	return &comparison->extents[side];
}

bool comparison_few_samples(const struct comparison *comparison)
{
	const struct compare_extent *extents = comparison->extents;

	return extents[COMPARE_BASE].samples < COMPARE_SAMPLES_LEAST ||
	       extents[COMPARE_NOW].samples < COMPARE_SAMPLES_LEAST;
}

bool comparison_few_blocks(const struct comparison *comparison)
{
	const struct compare_extent *extents = comparison->extents;

	return comparison->timed &&
	       (extents[COMPARE_BASE].blocks < COMPARE_BLOCKS_LEAST ||
		extents[COMPARE_NOW].blocks < COMPARE_BLOCKS_LEAST);
}

bool comparison_same(const struct comparison *comparison)
{
	return comparison->same;
}

double comparison_unseen(const struct comparison *comparison)
{
	double samples = comparison->extents[COMPARE_NOW].samples;

	return samples > 0 ?
		       interval_wilson(0, samples, confidence_usual.z).high :
		       1;
}

bool comparison_timed(const struct comparison *comparison)
{
	return comparison->timed;
}
