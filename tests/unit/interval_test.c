// SPDX-License-Identifier: GPL-2.0
/* Confidence intervals against values worked out by hand and by simulation. */
#include "unit.h"

#include <math.h>
#include <stdint.h>

#include "../../user/stats/interval.h"

static int close_to(double value, double expected)
{
	return fabs(value - expected) < 5e-4;
}

static void wilson(void)
{
	struct interval interval =
		interval_share(10, 100, 100, &confidence_usual);

	CU_ASSERT(close_to(interval.low, .0552));
	CU_ASSERT(close_to(interval.high, .1744));
	interval = interval_share(1, 2, 10, &confidence_usual);
	CU_ASSERT(close_to(interval.low, .2366));
	CU_ASSERT(close_to(interval.high, .7634));
}

static void nothing_seen(void)
{
	struct interval interval =
		interval_share(0, 300, 300, &confidence_usual);

	CU_ASSERT_EQUAL(interval.low, 0);
	CU_ASSERT_DOUBLE_EQUAL(interval.high, .01, 1e-12);
	interval = interval_share(0, 2, 2, &confidence_usual);
	CU_ASSERT_EQUAL(interval.high, 1);
}

static void everything_seen(void)
{
	struct interval interval =
		interval_share(50, 50, 50, &confidence_usual);

	CU_ASSERT(interval.low > .9 && interval.low < 1);
	CU_ASSERT_DOUBLE_EQUAL(interval.high, 1, 1e-12);
}

static void no_samples(void)
{
	struct interval interval = interval_share(0, 0, 0, &confidence_usual);

	CU_ASSERT_EQUAL(interval.low, 0);
	CU_ASSERT_EQUAL(interval.high, 1);
}

static void weights(void)
{
	/* 100 samples of weight 1 and 100 of weight 4. */
	double effective = interval_effective(500, 100 + 1600);
	struct interval all_equal =
		interval_share(50, 500, 200, &confidence_usual);
	struct interval weighted =
		interval_share(50, 500, effective, &confidence_usual);

	CU_ASSERT(close_to(effective, 147.0588));
	CU_ASSERT_EQUAL(interval_effective(8, 8), 8);
	CU_ASSERT_EQUAL(interval_effective(0, 0), 0);
	CU_ASSERT(weighted.low < all_equal.low);
	CU_ASSERT(weighted.high > all_equal.high);
}

/* A small generator of its own, so that the test is the same everywhere. */
static double uniform(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (double)(*state >> 11) / 9007199254740992.0;
}

static void coverage(void)
{
	static const double shares[] = { .01, .05, .3, .5, .9 };
	uint64_t state = 88172645463325252ULL;

	for (int s = 0; s < 5; s++) {
		int held = 0;

		for (int run = 0; run < 2000; run++) {
			struct interval interval;
			double hits = 0;

			for (int i = 0; i < 400; i++)
				hits += uniform(&state) < shares[s];
			interval = interval_share(hits, 400, 400,
						  &confidence_usual);
			held += interval.low <= shares[s] &&
				shares[s] <= interval.high;
		}
		CU_ASSERT(held > 2000 * .92 && held < 2000 * .985);
	}
}

static const struct unit_case cases[] = {
	{ "shares have Wilson's interval", wilson },
	{ "a share of nothing reaches up to three over n", nothing_seen },
	{ "a share of everything reaches one and not zero width",
	  everything_seen },
	{ "without samples nothing is known", no_samples },
	{ "unequal weights are worth fewer samples and widen the interval",
	  weights },
	{ "about 95 of 100 intervals hold the truth", coverage },
};

UNIT_MAIN("interval", cases)
