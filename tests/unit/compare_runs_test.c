// SPDX-License-Identifier: GPL-2.0
/*
 * Several recordings a side, which differ by more than their samples tell: how
 * often intervals hold the truth, and what is called a regression. Seeds are
 * fixed.
 */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/report/check_sentence.h"
#include "../../user/stats/verdict.h"
#include "random_numbers.h"

#define RUNS_MOST 128
#define LIMIT .01
#define PERIOD 1000000 /* ns */

struct side {
	struct profile *profiles[RUNS_MOST];
	struct sample_times times[RUNS_MOST];
	struct compare_side runs[RUNS_MOST];
	size_t count;
};

/* Of a simulated side: recordings, their samples, "f"'s share and its spread. */
struct truth {
	size_t runs;
	unsigned int samples;
	double share, spread;
	bool timed, uneven;
};

static uint64_t state;

static double draw(void)
{
	return (double)(random_next(&state) >> 11) / 9007199254740992.0;
}

static double draw_normal(void)
{
	return sqrt(-2 * log(1 - draw())) * cos(2 * M_PI * draw());
}

static void begin_run(struct side *side, uint32_t nodes[2])
{
	struct profile *profile = profile_new();
	uint32_t names[2];

	side->profiles[side->count] = profile;
	names[0] = profile_name(profile, "main", 4);
	names[1] = profile_name(profile, "rest", 4);
	nodes[0] = profile_add(profile, names, 2, 0);
	names[1] = profile_name(profile, "f", 1);
	nodes[1] = profile_add(profile, names, 2, 0);
}

static void add(struct side *side, uint32_t node, uint64_t time)
{
	profile_weigh(side->profiles[side->count], node, 1);
	sample_times_add(&side->times[side->count], time, node, 1);
}

static void end_run(struct side *side, unsigned int samples, bool timed)
{
	size_t run = side->count++;

	profile_finish(side->profiles[run]);
	side->runs[run] = (struct compare_side){
		.profile = side->profiles[run],
		.times = timed ? &side->times[run] : NULL,
		.samples = samples,
	};
}

static void add_run(struct side *side, double share, unsigned int samples,
		    bool timed)
{
	uint32_t nodes[2];

	begin_run(side, nodes);
	for (unsigned int i = 0; i < samples; i++)
		add(side, nodes[draw() < share], (uint64_t)i * PERIOD);
	end_run(side, samples, timed);
}

static struct side *simulate(const struct truth *truth)
{
	struct side *side = calloc(1, sizeof(*side));

	for (size_t i = 0; i < truth->runs; i++)
		add_run(side, truth->share + truth->spread * draw_normal(),
			truth->uneven && i % 2 ? truth->samples / 2 :
						 truth->samples,
			truth->timed);
	return side;
}

static void drop(struct side *side)
{
	for (size_t i = 0; i < side->count; i++) {
		profile_free(side->profiles[i]);
		sample_times_free(&side->times[i]);
	}
	free(side);
}

static struct comparison *compare_sides(const struct side *base,
					const struct side *now)
{
	return compare_many(base->runs, base->count, now->runs, now->count,
			    COMPARE_FDR);
}

static const struct measure *find(const struct comparison *comparison,
				  const char *name)
{
	size_t count;
	const struct change *changes = comparison_changes(comparison, &count);

	for (size_t i = 0; i < count; i++)
		if (!strcmp(changes[i].text, name))
			return &changes[i].self;
	return NULL;
}

static struct verdict judge(const struct comparison *comparison)
{
	const struct verdict_rule rule = verdict_rule(comparison, LIMIT);

	return verdict_of(comparison, &rule);
}

struct outcome {
	double held, regressed, ok;
};

/* The truth of the new side is @growth more. */
static struct outcome try(const struct truth *truth, double growth,
			  unsigned int tries)
{
	struct truth more = *truth;
	struct outcome outcome = { 0 };

	more.share += growth;
	for (unsigned int i = 0; i < tries; i++) {
		struct side *base = simulate(truth), *now = simulate(&more);
		struct comparison *comparison = compare_sides(base, now);
		const struct measure *f = find(comparison, "f");
		struct verdict verdict = judge(comparison);

		outcome.held += f->low <= growth && growth <= f->high;
		outcome.regressed += verdict.kind == VERDICT_REGRESSED;
		outcome.ok += verdict.kind == VERDICT_OK;
		comparison_free(comparison);
		drop(base);
		drop(now);
	}
	outcome.held /= tries;
	outcome.regressed /= tries;
	outcome.ok /= tries;
	return outcome;
}

static void covered(void)
{
	struct truth truth = { .samples = 300, .share = .2 };
	double least = 1, sum = 0;

	state = 3;
	for (unsigned int i = 0; i < 24; i++) {
		struct outcome outcome;

		truth.runs = (const size_t[]){ 2, 3, 6 }[i % 3];
		truth.spread = (const double[]){ 0, .04 }[i / 3 % 2];
		truth.timed = i / 6 % 2;
		truth.uneven = i / 12;
		outcome = try(&truth, 0, 200);
		least = fmin(least, outcome.held);
		sum += outcome.held;
		CU_ASSERT(outcome.regressed <= .04);
	}
	printf("# of 24 coverages the least is %.1f%%, the mean %.1f%% (95%% "
	       "wanted)\n",
	       least * 100, sum / 24 * 100);
	CU_ASSERT(least > .9 && sum / 24 > .94);
	/* One recording a side shows nothing of how they differ. */
	truth = (struct truth){ 1, 300, .2, .04, true, false };
	CU_ASSERT(try(&truth, 0, 200).held < .75);
}

static void found(void)
{
	struct truth truth = { 5, 2000, .2, .01, true, false };

	state = 4;
	CU_ASSERT(try(&truth, .05, 40).regressed > .9);
	truth.timed = false;
	CU_ASSERT(try(&truth, .05, 40).regressed > .9);
	truth.spread = 0;
	truth.samples = 4000;
	CU_ASSERT(try(&truth, 0, 40).regressed <= .02);
}

/* What is advised is enough, most often, and is said. */
static void advised(void)
{
	struct truth truth = { 3, 2000, .2, .02, true, false };
	struct side *base, *now;
	struct comparison *comparison;
	struct verdict verdict;
	struct verdict_rule rule;
	char *text, wanted[64];

	state = 5;
	base = simulate(&truth);
	now = simulate(&truth);
	comparison = compare_sides(base, now);
	rule = verdict_rule(comparison, LIMIT);
	verdict = verdict_of(comparison, &rule);
	CU_ASSERT_EQUAL(verdict.kind, VERDICT_INCONCLUSIVE);
	CU_ASSERT(verdict.runs > 3 && verdict.runs < 1000);
	CU_ASSERT(!(verdict.seconds > 0));
	CU_ASSERT_EQUAL(verdict.cause, VERDICT_RUNS);
	text = check_sentence(comparison, &verdict, &rule);
	sprintf(wanted, "; record at least %zu runs a side", verdict.runs);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, wanted));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "recordings of a side differ"));
	printf("# %s\n", text);
	free(text);
	comparison_free(comparison);
	drop(base);
	drop(now);
	/* By what recordings of this spread need: error * 2.8 below the limit. */
	truth.runs = 20;
	truth.spread = .003;
	CU_ASSERT(try(&truth, 0, 40).ok > .8);
}

/* A recording in phases: one that is longer will do, or several. */
static void phases(void)
{
	struct side *sides[2];
	struct comparison *comparison;
	struct verdict verdict;
	struct verdict_rule rule;
	uint32_t nodes[2];
	char *text;

	for (int i = 0; i < 2; i++) {
		sides[i] = calloc(1, sizeof(*sides[i]));
		begin_run(sides[i], nodes);
		for (unsigned int j = 0; j < 20000; j++)
			add(sides[i],
			    nodes[(j / 50 + (unsigned int)i) % 40 > 0],
			    (uint64_t)j * PERIOD);
		end_run(sides[i], 20000, true);
	}
	comparison = compare_sides(sides[0], sides[1]);
	rule = verdict_rule(comparison, LIMIT);
	verdict = verdict_of(comparison, &rule);
	CU_ASSERT_EQUAL(verdict.kind, VERDICT_INCONCLUSIVE);
	text = check_sentence(comparison, &verdict, &rule);
	printf("# %s\n", text);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " a side, or "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " runs a side"));
	CU_ASSERT(verdict.runs >= 3 && verdict.runs <= 20);
	free(text);
	comparison_free(comparison);
	drop(sides[0]);
	drop(sides[1]);
}

static void extents(void)
{
	struct truth truth = { 3, 100, .5, 0, true, false };
	struct side *side, *other;
	struct comparison *comparison;

	state = 6;
	side = simulate(&truth);
	comparison = compare_sides(side, side);
	CU_ASSERT_EQUAL(comparison_extent(comparison, COMPARE_NOW)->runs, 3);
	CU_ASSERT_EQUAL(comparison_extent(comparison, COMPARE_NOW)->blocks, 72);
	CU_ASSERT_EQUAL(comparison_extent(comparison, COMPARE_NOW)->samples,
			300);
	CU_ASSERT_EQUAL(comparison_extent(comparison, COMPARE_NOW)->span,
			3 * 99ULL * PERIOD);
	CU_ASSERT_TRUE(comparison_same(comparison));
	comparison_free(comparison);
	other = simulate(&truth);
	comparison = compare_sides(side, other);
	CU_ASSERT_FALSE(comparison_same(comparison));
	comparison_free(comparison);
	drop(side);
	drop(other);
}

static const struct unit_case cases[] = {
	{ "intervals hold the truth where recordings differ by themselves",
	  covered },
	{ "a planted growth is found, and none where there is none", found },
	{ "an unsure answer says how many recordings are needed", advised },
	{ "phases in one recording may be met by several", phases },
	{ "several recordings have their samples, blocks and time together",
	  extents },
};

UNIT_MAIN("compare_runs", cases)
