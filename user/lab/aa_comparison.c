// SPDX-License-Identifier: GPL-2.0
/* See aa_comparison.h. */
#include "aa_comparison.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../stats/compare.h"

struct side {
	struct profile *profile;
	struct sample_times times;
	uint32_t nodes[SUBJECT_FUNCTIONS];
	double samples, count;
};

struct pair {
	struct side sides[2];
	unsigned int at;
};

static void open_side(struct side *side)
{
	char name[16];

	memset(side, 0, sizeof(*side));
	side->profile = profile_new();
	for (unsigned int i = 0; i < SUBJECT_FUNCTIONS; i++) {
		int length = snprintf(name, sizeof(name), "f%u", i);

		side->nodes[i] = profile_child(side->profile, PROFILE_ROOT,
					       profile_name(side->profile, name,
							    (size_t)length));
	}
}

static void close_side(struct side *side)
{
	sample_times_free(&side->times);
	profile_free(side->profile);
}

struct pair *pair_new(void)
{
	struct pair *pair = alloc_zeroed(1, sizeof(*pair));

	for (int i = 0; i < 2; i++)
		open_side(&pair->sides[i]);
	return pair;
}

void pair_free(struct pair *pair)
{
	if (!pair)
		return;
	for (int i = 0; i < 2; i++)
		close_side(&pair->sides[i]);
	free(pair);
}

void pair_see(struct pair *pair, uint64_t time, unsigned int function)
{
	struct side *side = &pair->sides[pair->at];

	profile_weigh(side->profile, side->nodes[function], 1);
	sample_times_add(&side->times, time, side->nodes[function], 1);
}

static double changed(struct side sides[2])
{
	struct compare_side given[2];
	struct comparison *comparison;
	const struct change *changes;
	double p = 1;
	size_t count;

	for (int i = 0; i < 2; i++) {
		profile_finish(sides[i].profile);
		given[i] = (struct compare_side){
			.profile = sides[i].profile,
			.times = &sides[i].times,
			.samples = sides[i].samples,
		};
	}
	comparison = compare(&given[0], &given[1], COMPARE_FDR);
	changes = comparison_changes(comparison, &count);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(changes[i].text, "f0"))
			p = changes[i].self.p;
	comparison_free(comparison);
	return p;
}

static double changed_iid(const struct side sides[2])
{
	const struct side *a = &sides[0], *b = &sides[1];
	double pooled = (a->count + b->count) / (a->samples + b->samples);
	double error =
		sqrt(pooled * (1 - pooled) * (1 / a->samples + 1 / b->samples));

	return error > 0 ? erfc(fabs(a->count / a->samples -
				     b->count / b->samples) /
				error / sqrt(2)) :
			   1;
}

bool pair_end(struct pair *pair, const struct outcome *outcome, double *p,
	      double *iid_p)
{
	struct side *side = &pair->sides[pair->at];

	side->samples = (double)outcome->samples;
	side->count = (double)outcome->count[0];
	pair->at = !pair->at;
	if (pair->at)
		return false;
	*p = changed(pair->sides);
	*iid_p = changed_iid(pair->sides);
	for (int i = 0; i < 2; i++) {
		close_side(&pair->sides[i]);
		open_side(&pair->sides[i]);
	}
	return true;
}
