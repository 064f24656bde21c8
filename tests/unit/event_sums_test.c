// SPDX-License-Identifier: GPL-2.0
/* Ratios of events along the tree, and how sure they are. */
#include "unit.h"

#include <math.h>

#include "../../user/stats/event_sums.h"

static uint32_t add(struct profile *profile, const char *a, const char *b)
{
	uint32_t names[2] = { profile_name(profile, a, 1),
			      profile_name(profile, b, 1) };

	return profile_add(profile, names, 2, 1);
}

static struct ratio_sums sums_of(const struct event_sums *event_sums,
				 uint32_t node, bool total)
{
	struct ratio_sums sums = { 0 };

	event_sums_sum(event_sums, node, total, 0, 1, &sums);
	return sums;
}

static void along_the_tree(void)
{
	struct profile *profile = profile_new();
	struct event_sums *event_sums = event_sums_new(2);
	const double fast[] = { 300, 100 }, slow[] = { 20, 100 };
	uint32_t b = add(profile, "a", "b"), c = add(profile, "a", "c");
	struct ratio_sums sums;
	struct interval interval;

	event_sums_add(event_sums, b, fast);
	event_sums_add(event_sums, c, slow);
	event_sums_add(event_sums, c, slow);
	profile_finish(profile);
	event_sums_finish(event_sums, profile);
	sums = sums_of(event_sums, b, false);
	CU_ASSERT_DOUBLE_EQUAL(event_sums_ratio(&sums, &interval), 3, 1e-12);
	sums = sums_of(event_sums, c, true);
	CU_ASSERT_EQUAL(sums.samples, 2);
	CU_ASSERT_DOUBLE_EQUAL(event_sums_ratio(&sums, &interval), .2, 1e-12);
	sums = sums_of(event_sums, PROFILE_ROOT, true);
	CU_ASSERT_EQUAL(sums.samples, 3);
	CU_ASSERT_DOUBLE_EQUAL(event_sums_ratio(&sums, &interval), 340. / 300,
			       1e-12);
	sums = sums_of(event_sums, PROFILE_ROOT, false);
	CU_ASSERT_EQUAL(sums.samples, 0);
	event_sums_free(event_sums);
	profile_free(profile);
}

/* A generator of our own: the same everywhere. */
static double chance(uint64_t *random)
{
	*random = *random * 6364136223846793005ULL + 1442695040888963407ULL;
	return (double)(*random >> 11) / 9007199254740992.;
}

/* Ratios of @samples samples, true value 1.2; whether the interval holds it. */
static bool covers(uint64_t *random, int samples)
{
	struct ratio_sums sums = { 0 };
	struct interval interval;

	for (int i = 0; i < samples; i++) {
		double b = 500 + 1000 * chance(random);
		double a = b * (.7 + chance(random));

		sums.samples++;
		sums.a += a;
		sums.b += b;
		sums.aa += a * a;
		sums.ab += a * b;
		sums.bb += b * b;
	}
	event_sums_ratio(&sums, &interval);
	return interval.low <= 1.2 && interval.high >= 1.2;
}

static void coverage(void)
{
	static const int sizes[] = { 5, 20, 200 };
	uint64_t random = 1;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		int held = 0;

		for (int run = 0; run < 2000; run++)
			held += covers(&random, sizes[i]);
		if (!(held > 1840 && held < 1960))
			printf("# %d of 2000 with %d samples\n", held,
			       sizes[i]);
		CU_ASSERT(held > 1840 && held < 1960);
	}
}

static void too_few(void)
{
	struct ratio_sums one = { 3, 2, 9, 6, 4, 1 }, none = { 0 };
	struct interval interval;

	CU_ASSERT_DOUBLE_EQUAL(event_sums_ratio(&one, &interval), 1.5, 1e-12);
	CU_ASSERT(isinf(interval.high));
	CU_ASSERT(isnan(event_sums_ratio(&none, &interval)));
}

static void every_pair(void)
{
	struct profile *profile = profile_new();
	struct event_sums *event_sums = event_sums_new(6);
	const double values[] = { 1, 2, 4, 8, 16, 32 };
	uint32_t node = add(profile, "a", "b");

	event_sums_add(event_sums, node, values);
	event_sums_add(event_sums, node, values);
	profile_finish(profile);
	event_sums_finish(event_sums, profile);
	for (unsigned int a = 0; a < 6; a++) {
		for (unsigned int b = 0; b < 6; b++) {
			struct ratio_sums sums = { 0 };

			event_sums_sum(event_sums, node, false, a, b, &sums);
			CU_ASSERT_EQUAL(sums.a, 2 * values[a]);
			CU_ASSERT_EQUAL(sums.ab, 2 * values[a] * values[b]);
			CU_ASSERT_EQUAL(sums.bb, 2 * values[b] * values[b]);
		}
	}
	event_sums_free(event_sums);
	profile_free(profile);
}

static const struct unit_case cases[] = {
	{ "counts add up along the tree as weights do", along_the_tree },
	{ "the interval of a ratio holds the truth in 95 of 100 cases",
	  coverage },
	{ "one sample tells a ratio, but not how sure it is", too_few },
	{ "every pair of six events has sums of its own", every_pair },
};

UNIT_MAIN("measures", cases)
