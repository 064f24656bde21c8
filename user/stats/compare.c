// SPDX-License-Identifier: GPL-2.0
/*
 * A program goes through phases, so its samples are not independent, and a
 * test that takes them so finds changes where there are none. The variance of
 * a share therefore comes from blocks of time and how they follow each other:
 * by Newey and West or, where phases surely outlast blocks, as if each block
 * kept a part of the one before, whichever is more; never less than that of
 * independent samples. Both estimates wobble: half the degrees of freedom, and
 * the fewer, the more alike blocks are. share_difference.h tests each function's
 * self and total, then Benjamini's and Hochberg's procedure judges all that are
 * large enough to matter.
 */
#include "compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/bytes.h"
#include "../base/string_table.h"
#include "blocks.h"
#include "false_discovery.h"
#include "interval.h"
#include "share_difference.h"

#define LAGS 2 /* blocks that may still be alike */
#define ALIKE_MOST .9
#define CHANCE 1.64 /* standard errors, which chance exceeds once in 20 */

struct comparison {
	struct intern *names;
	struct change *changes;
	size_t count;
	struct compare_extent extents[COMPARE_SIDES];
	bool timed, same;
};

struct side {
	const struct compare_side *given;
	struct blocks blocks;
	double weight;
	uint32_t *names; /* by common name: that of the profile, or NONE */
};

static void read_side(struct side *side, const struct compare_side *given)
{
	side->given = given;
	blocks_sum(given->profile, given->moments, COMPARE_BLOCKS,
		   &side->blocks);
	side->weight = 0;
	for (size_t i = 0; i < side->blocks.count; i++)
		side->weight += side->blocks.weights[i];
}

static void name_side(struct side *side, struct intern *names, size_t count)
{
	const struct profile *profile = side->given->profile;

	side->names = alloc_resize(NULL, count + 1, sizeof(*side->names));
	memset(side->names, 0xff, (count + 1) * sizeof(*side->names));
	for (uint32_t i = 0; i < profile_names(profile); i++)
		side->names[intern_add(names, profile_text(profile, i),
				       profile_text_length(profile, i))] = i;
}

static void add_names(const struct profile *profile, struct intern *names)
{
	for (uint32_t i = 0; i < profile_names(profile); i++)
		intern_add(names, profile_text(profile, i),
			   profile_text_length(profile, i));
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
static void estimate(const struct side *side, const double *weights,
		     struct share *share)
{
	const struct blocks *blocks = &side->blocks;
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
			  (side->weight * side->weight);
	share->freedom = fmax(1, share->freedom * fewer);
}

static struct share share_of(const struct side *side, const double *sums,
			     uint32_t name)
{
	size_t count = side->blocks.count, used = side->blocks.used;
	struct share share = { .freedom = 1e6 };

	if (side->given->moments)
		share.freedom = used > 2 ? ((double)used - 1) / 2 : 1;

	if (name == PROFILE_NONE || !(side->weight > 0))
		return share;
	for (size_t i = 0; i < count; i++)
		share.weight += sums[name * count + i];
	share.value = share.weight / side->weight;
	if (used > 1)
		estimate(side, sums + name * count, &share);
	return share;
}

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

static void fill(struct comparison *comparison, const struct side sides[2])
{
	const double samples[] = { sides[0].given->samples,
				   sides[1].given->samples };
	const struct blocks *base = &sides[0].blocks, *now = &sides[1].blocks;
	size_t used = 0;

	for (uint32_t i = 0; i < comparison->count; i++) {
		uint32_t a = sides[0].names[i], b = sides[1].names[i];
		struct change change = {
			.text = intern_text(comparison->names, i),
			.length = intern_length(comparison->names, i),
		};

		share_difference(&change.self,
				 share_of(&sides[0], base->self, a),
				 share_of(&sides[1], now->self, b), samples);
		share_difference(&change.total,
				 share_of(&sides[0], base->total, a),
				 share_of(&sides[1], now->total, b), samples);
		if (change.total.base > 0 || change.total.now > 0)
			comparison->changes[used++] = change;
	}
	comparison->count = used;
}

static bool equal(const double *a, const double *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (a[i] < b[i] || a[i] > b[i])
			return false;
	return true;
}

static bool same(const struct side sides[2], size_t names)
{
	const struct blocks *base = &sides[0].blocks, *now = &sides[1].blocks;
	size_t count = base->count;

	if (count != now->count || base->span != now->span ||
	    !equal(&sides[0].given->samples, &sides[1].given->samples, 1) ||
	    !equal(base->weights, now->weights, count))
		return false;
	for (size_t i = 0; i < names; i++) {
		uint32_t a = sides[0].names[i], b = sides[1].names[i];

		if (a == PROFILE_NONE || b == PROFILE_NONE ||
		    !equal(base->self + a * count, now->self + b * count,
			   count) ||
		    !equal(base->total + a * count, now->total + b * count,
			   count))
			return false;
	}
	return true;
}

static struct compare_extent extent_of(const struct side *side)
{
	bool timed = side->given->moments;

	return (struct compare_extent){
		.samples = side->given->samples,
		.blocks = timed ? side->blocks.used : 0,
		.span = side->blocks.span,
	};
}

struct comparison *compare(const struct compare_side *base,
			   const struct compare_side *now, double fdr)
{
	struct comparison *comparison = alloc_zeroed(1, sizeof(*comparison));
	struct side sides[COMPARE_SIDES];

	comparison->names = intern_new();
	comparison->timed = base->moments && now->moments;
	add_names(base->profile, comparison->names);
	add_names(now->profile, comparison->names);
	comparison->count = intern_count(comparison->names);
	comparison->changes = alloc_zeroed(comparison->count + 1,
					   sizeof(*comparison->changes));
	read_side(&sides[0], base);
	read_side(&sides[1], now);
	for (int i = 0; i < 2; i++)
		name_side(&sides[i], comparison->names, comparison->count);
	for (int i = 0; i < 2; i++)
		comparison->extents[i] = extent_of(&sides[i]);
	comparison->same = same(sides, comparison->count);
	fill(comparison, sides);
	judge(comparison, fdr);
	if (comparison->count)
		qsort(comparison->changes, comparison->count,
		      sizeof(*comparison->changes), by_change);
	for (int i = 0; i < 2; i++) {
		blocks_free(&sides[i].blocks);
		free(sides[i].names);
	}
	return comparison;
}

void comparison_free(struct comparison *comparison)
{
	if (!comparison)
		return;
	intern_free(comparison->names);
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
