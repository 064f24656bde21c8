// SPDX-License-Identifier: GPL-2.0
/*
 * The rules of a verdict at their edges, and by simulation: how often intervals
 * hold the truth, also at shares of 0 and 1, how often nothing is called a
 * regression, and how often one is called ok. Seeds are fixed.
 */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/report/check_sentence.h"
#include "../../user/stats/verdict.h"
#include "random_numbers.h"

#define LIMIT .01
#define SECOND 1000000000ULL

/* One function of share @share, "main" and "rest" for the others. */
struct input {
	struct profile *profile;
	struct sample_times times;
	struct compare_side side;
};

static uint64_t state;

static double draw(void)
{
	return (double)(random_next(&state) >> 11) / 9007199254740992.0;
}

static void begin(struct input *input)
{
	memset(input, 0, sizeof(*input));
	input->profile = profile_new();
}

static void add(struct input *input, const char *name, double weight)
{
	uint32_t names[2];

	names[0] = profile_name(input->profile, "main", 4);
	names[1] = profile_name(input->profile, name, strlen(name));
	profile_add(input->profile, names, 2, weight);
}

static void add_at(struct input *input, const char *name, uint64_t time)
{
	uint32_t names[2];

	names[0] = profile_name(input->profile, "main", 4);
	names[1] = profile_name(input->profile, name, strlen(name));
	sample_times_add(&input->times, time,
			 profile_add(input->profile, names, 2, 1), 1);
}

static void end(struct input *input, bool timed)
{
	profile_finish(input->profile);
	input->side = (struct compare_side){
		.profile = input->profile,
		.times = timed ? &input->times : NULL,
		.samples = profile_total(input->profile),
	};
}

static void drop(struct input *input)
{
	profile_free(input->profile);
	sample_times_free(&input->times);
}

/* "f" has @hits of @count samples, a millisecond apart if @timed. */
static void make(struct input *input, unsigned int hits, unsigned int count,
		 bool timed)
{
	begin(input);
	for (unsigned int i = 0; timed && i < count; i++)
		add_at(input,
		       (uint64_t)(i + 1) * hits / count >
				       (uint64_t)i * hits / count ?
			       "f" :
			       "rest",
		       i * (SECOND / 1000));
	if (!timed && hits)
		add(input, "f", hits);
	if (!timed && count > hits)
		add(input, "rest", count - hits);
	end(input, timed);
}

static struct verdict judge(const struct input *base, const struct input *now,
			    double limit, char **sentence)
{
	struct comparison *comparison =
		compare(&base->side, &now->side, COMPARE_FDR);
	const struct verdict_rule rule = verdict_rule(comparison, limit);
	struct verdict verdict = verdict_of(comparison, &rule);

	CU_ASSERT(verdict.detectable >= 0 && verdict.detectable <= 1);
	if (verdict.kind != VERDICT_INCONCLUSIVE) {
		CU_ASSERT_EQUAL(verdict.cause, VERDICT_NO_CAUSE);
		CU_ASSERT_EQUAL(verdict.more_samples, 0);
		CU_ASSERT_EQUAL(verdict.seconds, 0);
	}
	if (sentence)
		*sentence = check_sentence(comparison, &verdict, &rule);
	verdict.decisive = NULL; /* does not outlive the comparison */
	comparison_free(comparison);
	return verdict;
}

/* Of so many samples of "f" a side. */
static struct verdict counts(unsigned int base_hits, unsigned int base_count,
			     unsigned int now_hits, unsigned int now_count,
			     bool timed)
{
	struct input base, now;
	struct verdict verdict;

	make(&base, base_hits, base_count, timed);
	make(&now, now_hits, now_count, timed);
	verdict = judge(&base, &now, LIMIT, NULL);
	drop(&base);
	drop(&now);
	return verdict;
}

static void few(void)
{
	static const unsigned int all[] = { 0, 1, 2, 10, 99 };
	struct verdict verdict;

	for (size_t i = 0; i < 5; i++) {
		for (int timed = 0; timed < 2; timed++) {
			/* The same, another function, against enough. */
			verdict = counts(all[i], all[i], all[i], all[i], timed);
			CU_ASSERT_EQUAL(verdict.kind, VERDICT_INCONCLUSIVE);
			CU_ASSERT_EQUAL(verdict.cause, VERDICT_FEW_SAMPLES);
			CU_ASSERT_EQUAL(verdict.more_samples, 400 - all[i]);
			verdict = counts(0, all[i], all[i], all[i], timed);
			CU_ASSERT_EQUAL(verdict.cause, VERDICT_FEW_SAMPLES);
			CU_ASSERT_EQUAL(verdict.regressed, 0);
			verdict = counts(0, 10000, all[i], all[i], timed);
			CU_ASSERT_EQUAL(verdict.cause, VERDICT_FEW_SAMPLES);
			verdict = counts(0, all[i], 10000, 10000, timed);
			CU_ASSERT_EQUAL(verdict.cause, VERDICT_FEW_SAMPLES);
		}
	}
}

/* Which side has less does not matter. */
static void least(void)
{
	CU_ASSERT_EQUAL(counts(0, 100, 100, 100, false).kind,
			VERDICT_REGRESSED);
	CU_ASSERT_EQUAL(counts(0, 99, 100, 100, false).kind,
			VERDICT_INCONCLUSIVE);
	CU_ASSERT_EQUAL(counts(0, 100, 99, 99, false).kind,
			VERDICT_INCONCLUSIVE);
	CU_ASSERT_EQUAL(counts(399, 399, 399, 399, false).cause,
			VERDICT_FEW_SAMPLES);
	CU_ASSERT_EQUAL(counts(400, 400, 400, 400, false).kind, VERDICT_OK);
	CU_ASSERT_EQUAL(counts(400, 400, 399, 399, false).cause,
			VERDICT_FEW_SAMPLES);
	CU_ASSERT_EQUAL(verdict_least(.01), 400);
	CU_ASSERT_EQUAL(verdict_least(.001), 4000);
	CU_ASSERT_EQUAL(verdict_least(.5), COMPARE_SAMPLES_LEAST);
}

/* 1,200 samples at @used times that are far apart. */
static void blocks(void)
{
	struct input base, now;

	for (unsigned int used = 1; used <= COMPARE_BLOCKS; used++) {
		bool enough = used >= COMPARE_BLOCKS_LEAST;
		struct verdict verdict;

		begin(&base);
		for (unsigned int i = 0; i < 1200; i++) {
			unsigned int at = i % used;

			at = at == used - 1 && at ? COMPARE_BLOCKS - 1 : at;
			add_at(&base, "f", at * SECOND);
		}
		end(&base, true);
		make(&now, 0, 1200, true);
		verdict = judge(&base, &now, LIMIT, NULL);
		CU_ASSERT_EQUAL(verdict.kind, enough ? VERDICT_REGRESSED :
						       VERDICT_INCONCLUSIVE);
		CU_ASSERT_EQUAL(verdict.cause,
				enough ? VERDICT_NO_CAUSE : VERDICT_FEW_BLOCKS);
		verdict = judge(&now, &base, LIMIT, NULL);
		CU_ASSERT_EQUAL(verdict.kind == VERDICT_REGRESSED, enough);
		verdict = judge(&base, &base, LIMIT, NULL);
		CU_ASSERT_EQUAL(verdict.kind,
				enough ? VERDICT_OK : VERDICT_INCONCLUSIVE);
		drop(&base);
		drop(&now);
	}
}

/* Intervals of width 0 would make these sure of anything. */
static void extremes(void)
{
	static const unsigned int sizes[] = { 100, 1000, 100000 };

	for (size_t i = 0; i < 3; i++) {
		for (int timed = 0; timed < (sizes[i] > 1000 ? 1 : 2);
		     timed++) {
			unsigned int n = sizes[i];
			struct input none, all;
			struct comparison *comparison;
			const struct change *changes;
			size_t count;

			make(&none, 0, n, timed);
			make(&all, n, n, timed);
			comparison =
				compare(&none.side, &none.side, COMPARE_FDR);
			changes = comparison_changes(comparison, &count);
			for (size_t j = 0; j < count; j++) {
				const struct measure *total = &changes[j].total;

				CU_ASSERT(total->high > 1. / n);
				CU_ASSERT(total->low < -1. / n);
				CU_ASSERT(total->high < 5. / n);
			}
			comparison_free(comparison);
			comparison =
				compare(&none.side, &all.side, COMPARE_FDR);
			changes = comparison_changes(comparison, &count);
			for (size_t j = 0; j < count; j++) {
				const struct measure *self = &changes[j].self;

				CU_ASSERT(self->high <= 1 && self->low >= -1);
				CU_ASSERT(self->low < self->high);
				CU_ASSERT(self->p >= 0 && self->q <= 1);
			}
			comparison_free(comparison);
			CU_ASSERT_EQUAL(judge(&none, &all, LIMIT, NULL).kind,
					VERDICT_REGRESSED);
			drop(&none);
			drop(&all);
		}
	}
}

/* Slow phases, and shares of a half: nothing that intervals would settle. */
static void itself(void)
{
	struct input input, other;

	begin(&input);
	begin(&other);
	for (unsigned int i = 0; i < 2000; i++) {
		add_at(&input, i < 1000 ? "f" : "rest", i * (SECOND / 1000));
		add_at(&other, i < 1001 ? "f" : "rest", i * (SECOND / 1000));
	}
	end(&input, true);
	end(&other, true);
	CU_ASSERT_EQUAL(judge(&input, &input, LIMIT, NULL).kind, VERDICT_OK);
	CU_ASSERT_EQUAL(judge(&input, &other, LIMIT, NULL).kind,
			VERDICT_INCONCLUSIVE);
	drop(&input);
	drop(&other);
	CU_ASSERT_EQUAL(counts(500, 1000, 500, 1000, false).kind, VERDICT_OK);
	CU_ASSERT_EQUAL(counts(500, 1000, 501, 1000, false).kind,
			VERDICT_INCONCLUSIVE);
}

/* In the user's units, and it is enough. */
static void advice(void)
{
	struct input base, now;
	struct verdict verdict;
	char *sentence;

	begin(&base);
	begin(&now);
	/* Phases of 4 s in 20 s of two sides that differ. */
	for (unsigned int i = 0; i < 20000; i++) {
		uint64_t time = i * (SECOND / 1000);

		add_at(&base, i / 4000 % 2 ? "f" : "rest", time);
		add_at(&now, (i + 100) / 4000 % 2 ? "f" : "rest", time);
	}
	end(&base, true);
	end(&now, true);
	verdict = judge(&base, &now, LIMIT, &sentence);
	CU_ASSERT_EQUAL(verdict.cause, VERDICT_PHASES);
	/*
	 * Of the 5 phases of .5 the error is .316 at least, and 2.5 points are
	 * allowed: (2.8 * .316 / .025)^2 * 20 s by the normal law.
	 */
	CU_ASSERT(verdict.seconds > 25000);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(sentence, ", or choose a larger --max-regression"));
	CU_ASSERT_PTR_NOT_NULL(strstr(sentence, "phases"));
	CU_ASSERT_PTR_NOT_NULL(strstr(sentence, " a side"));
	CU_ASSERT_PTR_NOT_NULL(strstr(sentence, "record at least "));
	free(sentence);
	drop(&base);
	drop(&now);
	make(&base, 1000, 2000, true);
	make(&now, 1001, 2000, true);
	verdict = judge(&base, &now, LIMIT, &sentence);
	CU_ASSERT_EQUAL(verdict.cause, VERDICT_IMPRECISE);
	/*
	 * 5% of a half are never too much: (2.8 / .025)^2 * 2 * .25 = 6,272
	 * samples by the normal law, at 1 kHz.
	 */
	CU_ASSERT(verdict.seconds > 6.2 && verdict.seconds < 7.2);
	CU_ASSERT_PTR_NOT_NULL(strstr(sentence, "its limit is 2.50 points"));
	CU_ASSERT_PTR_NOT_NULL(strstr(sentence, " s a side"));
	free(sentence);
	drop(&base);
	drop(&now);
	make(&base, 1000, 2000, false);
	make(&now, 1001, 2000, false);
	verdict = judge(&base, &now, LIMIT, &sentence);
	CU_ASSERT_EQUAL(verdict.seconds, 0);
	CU_ASSERT(labs((long)verdict.more_samples - 4272) < 10);
	CU_ASSERT_PTR_NOT_NULL(strstr(sentence, "more samples a side"));
	free(sentence);
	drop(&base);
	drop(&now);
}

/* 0 and 5 of 100: .05 - .01 by an error of .02208, two-sided. */
static void continuity(void)
{
	struct comparison *comparison;
	const struct change *changes;
	struct input base, now;
	size_t count;

	make(&base, 0, 100, false);
	make(&now, 5, 100, false);
	comparison = compare(&base.side, &now.side, COMPARE_FDR);
	changes = comparison_changes(comparison, &count);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(changes[i].text, "f"))
			CU_ASSERT_DOUBLE_EQUAL(changes[i].self.p, .0701, 2e-4);
	comparison_free(comparison);
	drop(&base);
	drop(&now);
}

static void near(void)
{
	struct verdict verdict =
		counts(100000, 1000000, 110000, 1000000, false);

	CU_ASSERT_EQUAL(verdict.kind, VERDICT_REGRESSED);
	verdict = counts(100000, 1000000, 109990, 1000000, false);
	CU_ASSERT_EQUAL(verdict.kind, VERDICT_INCONCLUSIVE);
	CU_ASSERT_EQUAL(verdict.cause, VERDICT_CLOSE);
	verdict = counts(100000, 1000000, 108000, 1000000, false);
	CU_ASSERT_EQUAL(verdict.kind, VERDICT_OK);
	CU_ASSERT(verdict.detectable > .008 && verdict.detectable < .01);
}

static struct input with_lost(double lost, double hits)
{
	uint32_t name;
	struct input input;

	begin(&input);
	add(&input, "f", hits);
	add(&input, "rest", 100000 - hits - lost);
	name = profile_name(input.profile, "[lost]", 6);
	if (lost > 0)
		profile_add(input.profile, &name, 1, lost);
	end(&input, false);
	return input;
}

static enum verdict_cause cause_of(double base_lost, double base_hits,
				   double now_lost, double now_hits,
				   enum verdict_kind wanted)
{
	struct input base = with_lost(base_lost, base_hits);
	struct input now = with_lost(now_lost, now_hits);
	struct verdict verdict = judge(&base, &now, LIMIT, NULL);

	CU_ASSERT_EQUAL(verdict.kind, wanted);
	drop(&base);
	drop(&now);
	return verdict.cause;
}

static void lost(void)
{
	CU_ASSERT_EQUAL(cause_of(0, 1000, 2000, 1001, VERDICT_INCONCLUSIVE),
			VERDICT_LOST);
	CU_ASSERT_EQUAL(cause_of(0, 1000, 200, 1001, VERDICT_OK),
			VERDICT_NO_CAUSE);
	CU_ASSERT_EQUAL(cause_of(0, 1000, 2000, 9000, VERDICT_REGRESSED),
			VERDICT_NO_CAUSE);
	/* A growth of .3 points, and .8 that may be of the same function. */
	CU_ASSERT_EQUAL(cause_of(0, 1000, 800, 1300, VERDICT_INCONCLUSIVE),
			VERDICT_LOST);
	CU_ASSERT_EQUAL(cause_of(0, 1000, 400, 1700, VERDICT_INCONCLUSIVE),
			VERDICT_CLOSE);
	CU_ASSERT_EQUAL(cause_of(0, 1000, 400, 1300, VERDICT_OK),
			VERDICT_NO_CAUSE);
	/* All functions shrank, but one that was not seen may be what was lost. */
	CU_ASSERT_EQUAL(cause_of(0, 50000, 999, 49500, VERDICT_INCONCLUSIVE),
			VERDICT_LOST);
	CU_ASSERT_EQUAL(cause_of(0, 50000, 900, 49550, VERDICT_OK),
			VERDICT_NO_CAUSE);
	/* Of 4.5 points at least .5 are growth, and that is not too much. */
	CU_ASSERT_EQUAL(cause_of(4000, 1000, 0, 5500, VERDICT_INCONCLUSIVE),
			VERDICT_CLOSE);
	/* The base's may have been this function's. */
	CU_ASSERT_EQUAL(cause_of(9000, 1000, 0, 9000, VERDICT_INCONCLUSIVE),
			VERDICT_CLOSE);
}

static unsigned int sampled(double share, unsigned int count)
{
	unsigned int hits = 0;

	for (unsigned int i = 0; i < count; i++)
		hits += draw() < share;
	return hits;
}

/* Of 95% intervals of a difference, how many hold it. */
static double coverage(double base_share, double now_share, unsigned int count,
		       unsigned int runs)
{
	unsigned int held = 0;

	for (unsigned int run = 0; run < runs; run++) {
		struct input base, now;
		struct comparison *comparison;
		const struct change *changes;
		double low = 0, high = 0;
		size_t all;

		make(&base, sampled(base_share, count), count, false);
		make(&now, sampled(now_share, count), count, false);
		comparison = compare(&base.side, &now.side, COMPARE_FDR);
		changes = comparison_changes(comparison, &all);
		for (size_t i = 0; i < all; i++)
			if (!strcmp(changes[i].text, "f")) {
				low = changes[i].self.low;
				high = changes[i].self.high;
			}
		/* Not in any: what was never seen has an interval, too. */
		if (!(high > low)) {
			high = comparison_unseen(comparison);
			low = -high;
		}
		held += low <= now_share - base_share &&
			high >= now_share - base_share;
		comparison_free(comparison);
		drop(&base);
		drop(&now);
	}
	return (double)held / runs;
}

static void covered(void)
{
	static const double shares[][2] = {
		{ 0, 0 },     { 0, .01 },     { .001, .001 }, { .01, .01 },
		{ .01, .02 }, { .1, .15 },    { .5, .5 },     { .5, .9 },
		{ .99, .99 }, { .999, .999 }, { 1, 1 },	      { 1, .99 },
		{ .05, 0 },
	};
	static const unsigned int sizes[] = { 100, 400, 4000 };
	double least = 1;

	state = 11;
	for (size_t i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
		for (size_t j = 0; j < 3; j++) {
			double held = coverage(shares[i][0], shares[i][1],
					       sizes[j], 500);

			least = fmin(least, held);
			/* 3.5 standard errors of 500 runs below 95%. */
			if (held < .916)
				printf("# %g to %g of %u: %.1f%%\n",
				       shares[i][0], shares[i][1], sizes[j],
				       100 * held);
			CU_ASSERT(held >= .916);
		}
	}
	printf("# the least of 39 coverages: %.1f%% (95%% wanted)\n",
	       100 * least);
}

/* Independent samples of 20 functions, of very different shares. */
static void make_many(struct input *input, unsigned int count, double planted)
{
	unsigned int hits[20] = { 0 };

	for (unsigned int i = 0; i < count; i++) {
		double at = draw();
		unsigned int function = 0;

		if (draw() < planted) {
			hits[5]++;
			continue;
		}
		while (function < 19 && at < .5) {
			at *= 2;
			function++;
		}
		hits[function]++;
	}
	begin(input);
	for (unsigned int i = 0; i < 20; i++) {
		char name[8];

		snprintf(name, sizeof(name), "f%u", i);
		if (hits[i])
			add(input, name, hits[i]);
	}
	end(input, false);
}

static void tally(unsigned int count, double planted, unsigned int runs,
		  unsigned int kinds[3])
{
	memset(kinds, 0, 3 * sizeof(*kinds));
	for (unsigned int i = 0; i < runs; i++) {
		struct input base, now;

		make_many(&base, count, 0);
		make_many(&now, count, planted);
		kinds[judge(&base, &now, LIMIT, NULL).kind]++;
		drop(&base);
		drop(&now);
	}
}

/* At the least number of samples, where the normal law is worst, too. */
static void false_alarms(void)
{
	static const unsigned int sizes[] = { 100, 400, 2000, 100000 };
	unsigned int kinds[3];

	state = 12;
	for (size_t i = 0; i < 4; i++) {
		unsigned int runs = sizes[i] > 2000 ? 40 : 400;

		tally(sizes[i], 0, runs, kinds);
		printf("# %u pairs of %u samples without a change: %u "
		       "regressed, %u ok\n",
		       runs, sizes[i], kinds[VERDICT_REGRESSED],
		       kinds[VERDICT_OK]);
		CU_ASSERT(kinds[VERDICT_REGRESSED] <= runs / 20);
	}
	CU_ASSERT(kinds[VERDICT_OK] >= 32);
}

/* f5 has 1/64 and grows by just more than the limit. */
static void missed(void)
{
	static const unsigned int sizes[] = { 400, 2000, 10000, 100000 };
	unsigned int kinds[3];

	state = 13;
	for (size_t i = 0; i < 4; i++) {
		unsigned int runs = sizes[i] > 10000 ? 40 : 200;

		tally(sizes[i], .0103, runs, kinds);
		printf("# %u pairs of %u samples, 1.01 points more: %u ok, %u "
		       "regressed\n",
		       runs, sizes[i], kinds[VERDICT_OK],
		       kinds[VERDICT_REGRESSED]);
		CU_ASSERT(kinds[VERDICT_OK] <= runs / 20);
	}
	tally(100000, .02, 40, kinds);
	CU_ASSERT(kinds[VERDICT_REGRESSED] >= 38);
}

static const struct unit_case cases[] = {
	{ "0 to 99 samples a side give no verdict, whatever they are", few },
	{ "from 100 samples a side on there are regressions, from 400 on an ok",
	  least },
	{ "samples in one block of time, or in less than 12, give no verdict",
	  blocks },
	{ "shares of 0 and 1 have intervals of a width, within [-1, 1]",
	  extremes },
	{ "a profile against itself is ok, phases or not", itself },
	{ "an inconclusive verdict says how long to record", advice },
	{ "the test of a few samples is corrected for continuity", continuity },
	{ "a growth near the limit is neither ok nor a regression", near },
	{ "what was lost may have been any function's", lost },
	{ "95% intervals hold the truth, at shares of 0 and 1, too", covered },
	{ "at most 5% of equal pairs are called regressed, at 100 samples, too",
	  false_alarms },
	{ "at most 5% of pairs with a growth beyond the limit are called ok",
	  missed },
};

UNIT_MAIN("verdict", cases)
