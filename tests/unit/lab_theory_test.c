// SPDX-License-Identifier: GPL-2.0
/* The lab's formulas against values that are known by other means. */
#include "unit.h"

#include <math.h>

#include "../../include/dither/abi.h"
#include "../../user/lab/theory.h"

#define MANY 1e9
#define UNIFORM DITHER_POLICY_UNIFORM

static double at_the_rate(double jitter)
{
	return theory_harmonic_ratio(UNIFORM, jitter, 1, MANY);
}

static void jitter(void)
{
	CU_ASSERT_DOUBLE_EQUAL(at_the_rate(.1), 30, .1);
	CU_ASSERT_DOUBLE_EQUAL(at_the_rate(.25), 4.5, .01);
	CU_ASSERT_DOUBLE_EQUAL(at_the_rate(.4), 1.61, .005);
	CU_ASSERT_DOUBLE_EQUAL(at_the_rate(.5), 1, 1e-6);
	CU_ASSERT_DOUBLE_EQUAL(at_the_rate(.85), .74, .005);
	CU_ASSERT_DOUBLE_EQUAL(at_the_rate(1), 1, 1e-6);
}

static void others(void)
{
	CU_ASSERT_DOUBLE_EQUAL(theory_harmonic_ratio(DITHER_POLICY_POISSON, 0,
						     .7, MANY),
			       1, 1e-6);
	CU_ASSERT_DOUBLE_EQUAL(theory_harmonic_ratio(DITHER_POLICY_STRATIFIED,
						     0, .5, MANY),
			       1 - 4 / (M_PI * M_PI), 1e-12);
	CU_ASSERT_DOUBLE_EQUAL(theory_harmonic_ratio(DITHER_POLICY_FIXED, 0, 3,
						     100),
			       100, 1e-6);
	CU_ASSERT_DOUBLE_EQUAL(theory_duty_ratio(DITHER_POLICY_STRATIFIED, 0,
						 .01, MANY, .1),
			       .037, .001);
	/* Half of a period, sampled twice in it: one in each half. */
	CU_ASSERT_DOUBLE_EQUAL(theory_duty_ratio(DITHER_POLICY_FIXED, 0, .5,
						 100, .5),
			       0, 1e-6);
}

static void floors(void)
{
	const double share[] = { .5, .5 }, sure[] = { 1, 0 };

	CU_ASSERT_DOUBLE_EQUAL(theory_distance_floor(share, 2, 100),
			       sqrt(.5 / (M_PI * 100)), 1e-12);
	CU_ASSERT_EQUAL(theory_distance_floor(sure, 2, 100), 0);
}

/* The 95% points of tables. */
static void chi_squares(void)
{
	CU_ASSERT_DOUBLE_EQUAL(theory_chi_square(3.841459, 1), .05, 1e-6);
	CU_ASSERT_DOUBLE_EQUAL(theory_chi_square(5.991465, 2), .05, 1e-6);
	CU_ASSERT_DOUBLE_EQUAL(theory_chi_square(15.507313, 8), .05, 1e-6);
	CU_ASSERT_EQUAL(theory_chi_square(0, 8), 1);
	CU_ASSERT(isnan(theory_chi_square(1, 3)));
	CU_ASSERT(isnan(theory_chi_square(1, 0)));
}

static void uniform(void)
{
	double values[100], twice;

	for (int i = 0; i < 100; i++)
		values[(i * 37) % 100] = (i + .5) / 100;
	CU_ASSERT_DOUBLE_EQUAL(theory_uniform(values, 100), 1, 1e-6);
	CU_ASSERT(values[0] < values[1]);
	/* Kolmogorov's 1.358 is the 5% point. */
	twice = 1.3581 / (10 + .12 + .011);
	for (int i = 0; i < 100; i++)
		values[i] = fmax(0, (i + 1) / 100. - twice);
	CU_ASSERT_DOUBLE_EQUAL(theory_uniform(values, 100), .05, .001);
	for (int i = 0; i < 100; i++)
		values[i] = 0;
	CU_ASSERT(theory_uniform(values, 100) < 1e-9);
	CU_ASSERT_EQUAL(theory_uniform(values, 0), 1);
}

static const struct unit_case cases[] = {
	{ "V of jitter is that of the table", jitter },
	{ "V of the other policies is that of the table", others },
	{ "the floor of the distance is that of two functions", floors },
	{ "chi-squares are as improbable as in tables", chi_squares },
	{ "what is uniform is told from what is not", uniform },
};

UNIT_MAIN("lab theory", cases)
