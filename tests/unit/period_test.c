// SPDX-License-Identifier: GPL-2.0
/* Distances between samples that events make, as the module draws them. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "../../kmod/core/period.h"

#define DRAWS 100000
#define TARGET 1000000ULL /* ns: 1 kHz */

static double drawn[DRAWS];

static int ascending(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* The largest distance of the empirical from the uniform distribution. */
static double kolmogorov(void)
{
	double most = 0;

	qsort(drawn, DRAWS, sizeof(*drawn), ascending);
	for (int i = 0; i < DRAWS; i++) {
		most = fmax(most, fabs(drawn[i] - (double)i / DRAWS));
		most = fmax(most, fabs(drawn[i] - (double)(i + 1) / DRAWS));
	}
	return most;
}

static void uniform(void)
{
	struct dither_period period;
	double mean = 0;

	dither_period_start(&period, 42, 0, 0, 1000000, 0);
	for (int i = 0; i < DRAWS; i++) {
		double value = (double)dither_period_draw(&period);

		mean += value / DRAWS;
		drawn[i] = (value / 1e6 - .25) / 1.5;
		CU_ASSERT_FATAL(drawn[i] >= 0 && drawn[i] <= 1);
	}
	CU_ASSERT(fabs(mean - 1e6) < 5e3);
	/* 1.95: one in a thousand. */
	CU_ASSERT(kolmogorov() * sqrt(DRAWS) < 1.95);
}

static void independent(void)
{
	struct dither_period period;
	double sum = 0, before = 0;

	dither_period_start(&period, 7, 3, 2, 1000000, 0);
	for (int i = 0; i < DRAWS; i++) {
		double value = (double)dither_period_draw(&period) / 1e6 - 1;

		sum += value * before;
		before = value;
	}
	/* Variance .75^2 / 3; four standard errors. */
	CU_ASSERT(fabs(sum / DRAWS) < 4 * .1875 / sqrt(DRAWS));
}

static void repeatable(void)
{
	struct dither_period a, b, other;
	int differ = 0;

	dither_period_start(&a, 1, 2, 3, 5000, 0);
	dither_period_start(&b, 1, 2, 3, 5000, 0);
	dither_period_start(&other, 1, 2, 4, 5000, 0);
	for (int i = 0; i < 100; i++) {
		uint64_t first = dither_period_draw(&a);

		CU_ASSERT_EQUAL(dither_period_draw(&b), first);
		differ += dither_period_draw(&other) != first;
	}
	CU_ASSERT(differ > 90);
}

static void smallest(void)
{
	struct dither_period period;

	dither_period_start(&period, 1, 0, 0, 1, 0);
	for (int i = 0; i < 1000; i++)
		CU_ASSERT_EQUAL_FATAL(dither_period_draw(&period), 1);
	dither_period_start(&period, 1, 0, 0, 0, 0);
	CU_ASSERT_EQUAL(dither_period_draw(&period), 1);
}

static void largest(void)
{
	struct dither_period period;

	dither_period_start(&period, 1, 0, 0, ~0ULL, 0);
	period.shift = DITHER_SHIFT_MAX;
	for (int i = 0; i < 1000; i++)
		CU_ASSERT_FATAL(dither_period_draw(&period) <=
				DITHER_EVENT_PERIOD_MAX / 4 * 7);
}

static void means(void)
{
	struct dither_period period;

	dither_period_start(&period, 1, 0, 0, 100, 0);
	dither_period_draw(&period);
	CU_ASSERT_EQUAL(dither_period_mean(&period, 0), 100);
	CU_ASSERT_EQUAL(dither_period_mean(&period, 2), 100);
	period.wanted = 200;
	dither_period_draw(&period);
	period.shift = 1;
	dither_period_draw(&period);
	CU_ASSERT_EQUAL(dither_period_mean(&period, 0), 400);
	CU_ASSERT_EQUAL(dither_period_mean(&period, 1), 200);
	CU_ASSERT_EQUAL(dither_period_mean(&period, 2), 100);
}

/* Events that come at @rate a ns; the rate of samples that results. */
static double settle(struct dither_period *period, double rate, int samples)
{
	double time = 0;

	for (int i = 0; i < samples; i++) {
		uint64_t events = dither_period_draw(period);
		double ns = (double)events / rate;

		time += ns;
		dither_period_adapt(period, events, (uint64_t)ns);
	}
	return samples / time * 1e9;
}

static void follows(void)
{
	static const double rates[] = { 4, 1, .01, 1e-4, 3e-5 };

	for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
		struct dither_period period;
		double hertz;

		dither_period_start(&period, 9, 0, 0, 100000, TARGET);
		settle(&period, rates[i], 200);
		hertz = settle(&period, rates[i], 2000);
		if (!(hertz > 900 && hertz < 1100))
			printf("# %g Hz\n", hertz);
		CU_ASSERT(hertz > 900 && hertz < 1100);
	}
}

static void fixed(void)
{
	struct dither_period period;

	dither_period_start(&period, 9, 0, 0, 5000, 0);
	settle(&period, 1, 100);
	CU_ASSERT_EQUAL(period.wanted, 5000);
}

static void silence(void)
{
	struct dither_period period;

	dither_period_start(&period, 9, 0, 0, 1000000, TARGET);
	dither_period_adapt(&period, 1000000, 3600ULL * 1000000000);
	CU_ASSERT(period.wanted >= 700000);
	dither_period_adapt(&period, 1000000, 0);
	CU_ASSERT(period.wanted <= 4000000);
	dither_period_adapt(&period, ~0ULL >> 1, 1);
	CU_ASSERT(period.wanted <= DITHER_EVENT_PERIOD_MAX);
}

static const struct unit_case cases[] = {
	{ "distances are uniform in a quarter to seven quarters of the mean",
	  uniform },
	{ "one distance tells nothing of the next", independent },
	{ "the same seed, CPU and event draw the same distances", repeatable },
	{ "a distance is never nothing", smallest },
	{ "a mean beyond all bounds is cut", largest },
	{ "the mean in force at earlier draws is remembered", means },
	{ "the frequency is met whatever the rate of events", follows },
	{ "without a target the mean stays", fixed },
	{ "a long silence moves the mean by one step only", silence },
};

UNIT_MAIN("period", cases)
