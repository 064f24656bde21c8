// SPDX-License-Identifier: GPL-2.0
/* Folded stacks with two counts, as difffolded.pl writes them. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../user/text/folded_diff.h"

static struct profile *read_folded(const char *text,
				   struct folded_summary *summary)
{
	struct profile *profile = profile_new();
	FILE *input = fmemopen((void *)text, strlen(text), "r");
	struct lines *lines = lines_new(input, "in");

	CU_ASSERT_EQUAL(folded_read(lines, NULL, profile, summary, NULL), 0);
	lines_free(lines);
	fclose(input);
	profile_finish(profile);
	return profile;
}

static void expect_folded(struct profile *profile, const char *expected)
{
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	folded_write(profile, output);
	fclose(output);
	CU_ASSERT_STRING_EQUAL(text, expected);
	free(text);
	profile_free(profile);
}

static void parted(void)
{
	struct folded_summary summary;
	struct profile *both = read_folded("a;b 5 6\na;c 4 0\na;d\t0 3.5\n"
					   "a 1 2\na;b;e f 1.5 2\na;b 3 6\n"
					   "x 2 5\nx 2 6\n",
					   &summary);
	struct profile *first, *second;

	CU_ASSERT_TRUE(two_counts_are(&summary));
	two_counts_split(both, &first, &second);
	expect_folded(first, "a 1\na;b 8\na;b;e f 1.5\na;c 4\nx 4\n");
	expect_folded(second, "a 2\na;b 12\na;b;e f 2\na;d 3.5\nx 11\n");
	profile_free(both);
}

static void not_all(void)
{
	struct folded_summary summary;

	profile_free(read_folded("a;b 5 6\na;c 4\n", &summary));
	CU_ASSERT_FALSE(two_counts_are(&summary));
	/* One such line may well be a name that ends in a number. */
	profile_free(read_folded("a;b 5 6\n", &summary));
	CU_ASSERT_FALSE(two_counts_are(&summary));
	profile_free(read_folded("", &summary));
	CU_ASSERT_FALSE(two_counts_are(&summary));
}

static const struct unit_case cases[] = {
	{ "two counts a line are two profiles", parted },
	{ "two counts are told by all lines having them", not_all },
};

UNIT_MAIN("two_counts", cases)
