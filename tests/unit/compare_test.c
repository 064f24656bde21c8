// SPDX-License-Identifier: GPL-2.0
/*
 * A program that goes through slow phases, sampled twice: nothing changed must
 * not be called a change, and a planted one must be found. Seeds are fixed, so
 * a run is the same each time.
 */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../user/stats/false_discovery.h"
#include "../../user/stats/student.h"
#include "../../user/stats/verdict.h"
#include "random_numbers.h"

#define SAMPLES 20000
#define PERIOD 1000000 /* ns */
#define FUNCTIONS 12
#define PHASES 3
#define PAIRS 200
#define LIMIT .01

struct run {
	struct profile *profile;
	struct sample_times times;
	struct compare_side side;
};

static uint64_t state;

/* 0 <= value < 1. */
static double draw(void)
{
	return (double)(random_next(&state) >> 11) / 9007199254740992.0;
}

/* How likely each function is in each phase: the first ones vary with it. */
static double weight_of(unsigned int function, unsigned int phase)
{
	static const double varying[PHASES][3] = { { 6, 1, 1 },
						   { 1, 6, 1 },
						   { 1, 1, 6 } };

	return function < 3 ? varying[phase][function] : 1;
}

static unsigned int choose(unsigned int phase)
{
	double sum = 0, at;

	for (unsigned int i = 0; i < FUNCTIONS; i++)
		sum += weight_of(i, phase);
	at = draw() * sum;
	for (unsigned int i = 0; i < FUNCTIONS - 1; i++) {
		at -= weight_of(i, phase);
		if (at < 0)
			return i;
	}
	return FUNCTIONS - 1;
}

/* Phases of @mean samples on average; @planted: more of function 7. */
static void sample(struct run *run, double mean, double planted)
{
	uint32_t names[2], functions[FUNCTIONS], main_name;
	unsigned int phase = (unsigned int)(draw() * PHASES);

	memset(run, 0, sizeof(*run));
	run->profile = profile_new();
	main_name = profile_name(run->profile, "main", 4);
	for (unsigned int i = 0; i < FUNCTIONS; i++) {
		char text[16];
		int length = snprintf(text, sizeof(text), "f%u", i);

		functions[i] = profile_name(run->profile, text, (size_t)length);
	}
	names[0] = main_name;
	for (unsigned int i = 0; i < SAMPLES; i++) {
		unsigned int function;

		if (draw() < 1 / mean)
			phase = (unsigned int)(draw() * PHASES);
		function = draw() < planted ? 7 : choose(phase);
		names[1] = functions[function];
		sample_times_add(&run->times, (uint64_t)i * PERIOD,
				 profile_add(run->profile, names, 2, 1), 1);
	}
	profile_finish(run->profile);
	run->side = (struct compare_side){ run->profile, &run->times, SAMPLES };
}

static void drop(struct run *run)
{
	profile_free(run->profile);
	sample_times_free(&run->times);
}

static const struct change *find(const struct comparison *comparison,
				 const char *name)
{
	size_t count;
	const struct change *changes = comparison_changes(comparison, &count);

	for (size_t i = 0; i < count; i++)
		if (!strcmp(changes[i].text, name))
			return &changes[i];
	return NULL;
}

static enum verdict_kind verdict_kind(const struct comparison *comparison)
{
	const struct verdict_rule rule = verdict_rule(comparison, LIMIT);

	return verdict_of(comparison, &rule).kind;
}

static bool is_regressed(const struct comparison *comparison,
			 const struct change *change)
{
	const struct verdict_rule rule = verdict_rule(comparison, LIMIT);

	return verdict_regressed(change, &rule);
}

/* Pairs without a change, in phases of so many samples. */
static void expect_none(double length)
{
	unsigned int regressed = 0, independent = 0;

	state = 6;
	for (int i = 0; i < PAIRS; i++) {
		struct comparison *comparison;
		struct run base, now;

		sample(&base, length, 0);
		sample(&now, length, 0);
		comparison = compare(&base.side, &now.side, COMPARE_FDR);
		regressed += verdict_kind(comparison) == VERDICT_REGRESSED;
		comparison_free(comparison);
		/* What it would say if it believed in independence. */
		base.side.times = now.side.times = NULL;
		comparison = compare(&base.side, &now.side, COMPARE_FDR);
		independent += verdict_kind(comparison) == VERDICT_REGRESSED;
		comparison_free(comparison);
		drop(&base);
		drop(&now);
	}
	printf("# %d pairs without a change, phases of %.1f s: %u called "
	       "regressed (%u if samples were taken as independent)\n",
	       PAIRS, length * PERIOD / 1e9, regressed, independent);
	CU_ASSERT(regressed <= PAIRS / 20);
	/* Else the program would be too tame to show anything. */
	CU_ASSERT(independent > PAIRS / 2);
}

static void null_pairs(void)
{
	expect_none(500);
}

/* Blocks are of .83 s. */
static void slow_phases(void)
{
	expect_none(2000);
	expect_none(4000);
}

static void planted(void)
{
	unsigned int found = 0, named = 0;
	struct comparison *comparison;
	const struct change *change;
	struct run base, now;

	state = 7;
	for (int i = 0; i < PAIRS; i++) {
		sample(&base, 500, 0);
		/* Of the 5.9% that function 7 has, so much more makes 7.9%. */
		sample(&now, 500, .02 / (1 - 1 / 17.));
		comparison = compare(&base.side, &now.side, COMPARE_FDR);
		found += verdict_kind(comparison) == VERDICT_REGRESSED;
		change = find(comparison, "f7");
		named += is_regressed(comparison, change);
		comparison_free(comparison);
		drop(&base);
		drop(&now);
	}
	printf("# %d pairs with 2 points more of f7: %u called regressed, %u "
	       "name f7\n",
	       PAIRS, found, named);
	CU_ASSERT(named >= PAIRS * 4 / 5);
}

static struct profile *counts(const char *a, double a_count, const char *b,
			      double b_count)
{
	struct profile *profile = profile_new();
	uint32_t name = profile_name(profile, a, strlen(a));

	profile_add(profile, &name, 1, a_count);
	name = profile_name(profile, b, strlen(b));
	profile_add(profile, &name, 1, b_count);
	profile_finish(profile);
	return profile;
}

static void vanished(void)
{
	struct profile *one = counts("old", 400, "rest", 600);
	struct profile *other = counts("fresh", 300, "rest", 700);
	struct compare_side base = { one, NULL, 1000 };
	struct compare_side now = { other, NULL, 1000 };
	struct comparison *comparison = compare(&base, &now, COMPARE_FDR);
	const struct change *old = find(comparison, "old");
	const struct change *fresh = find(comparison, "fresh");

	CU_ASSERT_PTR_NOT_NULL_FATAL(old);
	CU_ASSERT_PTR_NOT_NULL_FATAL(fresh);
	CU_ASSERT_FALSE(comparison_timed(comparison));
	CU_ASSERT_EQUAL(old->self.base, .4);
	CU_ASSERT_EQUAL(old->self.now, 0);
	CU_ASSERT_EQUAL(old->self.base_weight, 400);
	CU_ASSERT(old->self.changed);
	CU_ASSERT_FALSE(is_regressed(comparison, old));
	CU_ASSERT_EQUAL(fresh->total.base, 0);
	CU_ASSERT(is_regressed(comparison, fresh));
	CU_ASSERT_EQUAL(verdict_kind(comparison), VERDICT_REGRESSED);
	comparison_free(comparison);
	profile_free(one);
	profile_free(other);
}

static void enough(void)
{
	struct profile *one = counts("a", 10000, "b", 90000);
	struct profile *other = counts("a", 10040, "b", 89960);
	struct compare_side base = { one, NULL, 1e5 };
	struct compare_side now = { other, NULL, 1e5 };
	struct comparison *comparison = compare(&base, &now, COMPARE_FDR);

	CU_ASSERT_EQUAL(verdict_kind(comparison), VERDICT_OK);
	comparison_free(comparison);
	profile_free(one);
	profile_free(other);
}

/* Benjamini and Hochberg: p and q by hand, in any order. */
static void discoveries(void)
{
	static const struct {
		double p[5], q[5];
		size_t count;
	} tables[] = {
		{ { .01, .04, .041 }, { .03, .041, .041 }, 3 },
		{ { .041, .01, .04 }, { .041, .03, .041 }, 3 },
		/* .008 * 5, .03 * 5 / 2 = .075 > .036 * 5 / 3 = .06 … */
		{ { .9, .03, .008, .04, .036 }, { .9, .05, .04, .05, .05 }, 5 },
		{ { .5 }, { .5 }, 1 },
		{ { .2, .2 }, { .2, .2 }, 2 },
		{ { 0, 1 }, { 0, 1 }, 2 },
		{ { .6, .7, .8 }, { .8, .8, .8 }, 3 },
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		double q[5];

		discovery_q(tables[i].p, q, tables[i].count);
		for (size_t j = 0; j < tables[i].count; j++)
			CU_ASSERT_DOUBLE_EQUAL(q[j], tables[i].q[j], 1e-12);
	}
	discovery_q(NULL, NULL, 0);
}

static struct profile *stacks(const double weights[4])
{
	static const char *const texts[] = { "inner", "small", "large",
					     "rest" };
	struct profile *profile = profile_new();
	uint32_t names[2];

	names[1] = profile_name(profile, texts[0], strlen(texts[0]));
	for (int i = 1; i < 4; i++) {
		names[0] = profile_name(profile, texts[i], strlen(texts[i]));
		profile_add(profile, names, 2, weights[i]);
	}
	profile_finish(profile);
	return profile;
}

/* Self of neither changes; total of the one less than that of the other. */
static void order(void)
{
	static const double before[] = { 0, 3000, 3000, 4000 };
	static const double after[] = { 0, 3020, 2960, 4020 };
	struct profile *one = stacks(before), *other = stacks(after);
	struct compare_side base = { one, NULL, 1e4 },
			    now = { other, NULL, 1e4 };
	struct comparison *comparison = compare(&base, &now, COMPARE_FDR);
	size_t count;
	const struct change *changes = comparison_changes(comparison, &count);

	CU_ASSERT_EQUAL_FATAL(count, 4);
	CU_ASSERT_STRING_EQUAL(changes[0].text, "large");
	CU_ASSERT_STRING_EQUAL(changes[1].text, "rest");
	CU_ASSERT_STRING_EQUAL(changes[2].text, "small");
	CU_ASSERT_STRING_EQUAL(changes[3].text, "inner");
	comparison_free(comparison);
	profile_free(one);
	profile_free(other);
}

static void student(void)
{
	/* From tables. */
	CU_ASSERT_DOUBLE_EQUAL(student_limit(1), 12.7062, 1e-4);
	CU_ASSERT_DOUBLE_EQUAL(student_limit(10), 2.2281, 1e-4);
	CU_ASSERT_DOUBLE_EQUAL(student_limit(46), 2.0129, 1e-4);
	CU_ASSERT_DOUBLE_EQUAL(student_limit(1e6), 1.95996, 1e-4);
	CU_ASSERT_DOUBLE_EQUAL(student_probability(2.7638, 10), .02, 1e-5);
	CU_ASSERT_DOUBLE_EQUAL(student_probability(0, 5), 1, 1e-12);
}

static const struct unit_case cases[] = {
	{ "phases alone are no regression: at most 5% of 200 pairs",
	  null_pairs },
	{ "nor are phases that outlast the blocks of time", slow_phases },
	{ "2 points more are found and named in 80% of 200 pairs", planted },
	{ "what vanished and what is new is compared, too", vanished },
	{ "with enough samples a small change is ok", enough },
	{ "q of p as Benjamini and Hochberg have it, never falling as p grows",
	  discoveries },
	{ "where self changed alike, the larger change of total comes first",
	  order },
	{ "Student's distribution is that of the tables", student },
};

UNIT_MAIN("compare", cases)
