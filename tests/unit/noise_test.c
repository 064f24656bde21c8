// SPDX-License-Identifier: GPL-2.0
/*
 * Shares beside what was lost, and which of them are no more than noise. Limits
 * are Wilson's, as tables have them: of 5 in 100 they are 2.15% and 11.18%.
 */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "../../user/stats/noise.h"
#include "folded_text.h"

static struct shares of_hundred(double lost)
{
	return (struct shares){
		.total = 100,
		.lost = lost,
		.effective = 100,
		.confidence = confidence_usual,
	};
}

static void expect_interval(struct interval interval, double low, double high)
{
	CU_ASSERT_DOUBLE_EQUAL(interval.low, low, 5e-5);
	CU_ASSERT_DOUBLE_EQUAL(interval.high, high, 5e-5);
}

static void bounds(void)
{
	struct shares shares = of_hundred(0);

	expect_interval(shares_interval(&shares, 5), .0215, .1118);
	/* Five, or all ten that were lost and these five. */
	shares = of_hundred(10);
	expect_interval(shares_interval(&shares, 5), .0215, .2328);
	expect_interval(shares_interval(&shares, 95), .8882, 1);
}

static void confidences(void)
{
	struct confidence most = confidence_of(99), least = confidence_of(90);

	CU_ASSERT_DOUBLE_EQUAL(most.z, 2.5758293, 1e-7);
	CU_ASSERT_DOUBLE_EQUAL(least.z, 1.6448536, 1e-7);
	CU_ASSERT_DOUBLE_EQUAL(most.nothing, 4.6051702, 1e-7);
	CU_ASSERT_EQUAL(confidence_of(95).z, confidence_usual.z);
	CU_ASSERT_EQUAL(confidence_of(95).nothing, 3);
}

/* By the law of small numbers, below z * z * (1 + sqrt(2)) / 2 = 4.64. */
static void few_samples(void)
{
	struct shares shares = of_hundred(0);

	CU_ASSERT_TRUE(shares_is_noise(&shares, 4));
	CU_ASSERT_FALSE(shares_is_noise(&shares, 5));
	shares.total = shares.effective = 1e6;
	CU_ASSERT_TRUE(shares_is_noise(&shares, 4));
	CU_ASSERT_FALSE(shares_is_noise(&shares, 5));
	/* At 99%: 8.01. */
	shares.confidence = confidence_of(99);
	CU_ASSERT_TRUE(shares_is_noise(&shares, 8));
	CU_ASSERT_FALSE(shares_is_noise(&shares, 9));
	/* Weights of two are half as many samples. */
	shares.confidence = confidence_usual;
	shares.effective = 5e5;
	CU_ASSERT_TRUE(shares_is_noise(&shares, 8));
	CU_ASSERT_FALSE(shares_is_noise(&shares, 10));
}

static void expect_sure(const char *text, const char *expected)
{
	struct profile *profile = read_text(text), *sure;
	struct shares shares = of_hundred(0);
	char *folded = NULL;
	size_t length;
	FILE *output = open_memstream(&folded, &length);

	sure = profile_without_noise(profile, &shares, NULL);
	folded_write(sure, output);
	fclose(output);
	CU_ASSERT_STRING_EQUAL(folded, expected);
	CU_ASSERT_EQUAL(profile_node(sure, PROFILE_ROOT).total,
			profile_node(profile, PROFILE_ROOT).total);
	free(folded);
	profile_free(profile);
	profile_free(sure);
}

static void one_frame(void)
{
	expect_sure("m;a 50\nm;b;c 3\nm;b;d 1\nm;e 4\nm 30\nn 2\nn;o 1\n"
		    "p;q 5\np;r 4\n",
		    "[noise] 3\nm 30\nm;[noise] 8\nm;a 50\np;[noise] 4\n"
		    "p;q 5\n");
	/* Alone they are noise, their caller is not. */
	expect_sure("m;a 3\nm;b 3\nx 94\n", "m;[noise] 6\nx 94\n");
	/* What was lost was counted. */
	expect_sure("[lost] 1\nx 99\n", "[lost] 1\nx 99\n");
}

static void places(void)
{
	struct profile *profile = read_text("m;a;b 2\nm;c 98\n"), *sure;
	struct shares shares = of_hundred(0);
	uint32_t *map, noise;

	sure = profile_without_noise(profile, &shares, &map);
	for (uint32_t i = 0; i < profile_nodes(profile); i++) {
		uint32_t name = profile_node(profile, i).name;
		const char *text =
			name == PROFILE_NONE ? "" : profile_text(profile, name);
		uint32_t there = profile_node(sure, map[i]).name;

		noise = !strcmp(text, "a") || !strcmp(text, "b");
		if (name != PROFILE_NONE)
			CU_ASSERT_STRING_EQUAL(profile_text(sure, there),
					       noise ? "[noise]" : text);
	}
	CU_ASSERT_EQUAL(map[PROFILE_ROOT], PROFILE_ROOT);
	free(map);
	profile_free(profile);
	profile_free(sure);
}

static const struct unit_case cases[] = {
	{ "what was lost may all have been of one function, or none", bounds },
	{ "confidences have the quantiles of the normal distribution",
	  confidences },
	{ "a share of few samples is noise, whatever the total", few_samples },
	{ "noise becomes one frame, and widths still add up", one_frame },
	{ "each frame has a place in the profile without noise", places },
};

UNIT_MAIN("noise", cases)
