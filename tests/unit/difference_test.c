// SPDX-License-Identifier: GPL-2.0
/* Differential pictures, and stacks the other way round. */
#include <stdlib.h>
#include <string.h>

#include "../../user/profile/reverse.h"
#include "../../user/render/svg.h"
#include "folded_text.h"

static uint32_t find(const struct profile *profile, const char *name)
{
	for (uint32_t i = 1; i < profile_nodes(profile); i++)
		if (!strcmp(profile_text(profile,
					 profile_node(profile, i).name),
			    name))
			return i;
	return PROFILE_NONE;
}

static void parents(void)
{
	struct profile *base = read_text("m;a;x 1\nm;a;y 1\nm;b 2\n");
	struct profile *now = read_text("m;a;x 3\nm;a;z 3\nm;b 2\n");
	struct difference *difference = difference_new(now, base, false);

	/* All children of a grew, and so did a. */
	CU_ASSERT_EQUAL(difference_total(difference, find(now, "a")), .25);
	CU_ASSERT_EQUAL(difference_self(difference, find(now, "a")), 0);
	CU_ASSERT_EQUAL(difference_total(difference, find(now, "x")), .125);
	CU_ASSERT_EQUAL(difference_total(difference, find(now, "z")), .375);
	CU_ASSERT_EQUAL(difference_total(difference, find(now, "b")), -.25);
	CU_ASSERT_EQUAL(difference_total(difference, PROFILE_ROOT), 0);
	CU_ASSERT_EQUAL(difference_colour(difference, PROFILE_ROOT),
			DIFFERENCE_SAME);
	CU_ASSERT_EQUAL(difference_colour(difference, find(now, "z")),
			DIFFERENCE_GREW);
	difference_free(difference);
	profile_free(base);
	profile_free(now);
}

static void drawn(void)
{
	struct profile *base = read_text("a 1\nb 3\n");
	struct profile *now = read_text("a 3\nb 1\n");
	struct difference *difference = difference_new(now, base, false);
	struct svg_options options;
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	svg_defaults(&options);
	options.difference = difference;
	CU_ASSERT_EQUAL(svg_write(now, &options, output, NULL), 0);
	fclose(output);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "<title>a\n3 samples, 75.00%; "
					    "+50.00 points, self +50.00<"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "; -50.00 points, self -50.00<"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "fill=\"#d6604d\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "fill=\"#4393c3\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, ">shrank</text>"));
	free(text);
	difference_free(difference);
	profile_free(base);
	profile_free(now);
}

static void gone(void)
{
	struct profile *base = read_text("m;a;x 2\nm;b;y 1\nm;<c>_[k];z 3\n"
					 "m;d 1\nm;e 1\nm;f 2\n");
	struct profile *now = read_text("m;a 10\n");
	struct difference *difference = difference_new(now, base, false);
	const struct difference_gone *found;
	struct svg_options options;
	char *text = NULL;
	size_t count, length;
	FILE *output;

	/* What was below b and c is not told again. */
	found = difference_gone(difference, find(now, "m"), &count);
	CU_ASSERT_EQUAL_FATAL(count, 5);
	CU_ASSERT_STRING_EQUAL(found[0].name, "<c>_[k]");
	CU_ASSERT_EQUAL(found[0].change, -.3);
	CU_ASSERT_STRING_EQUAL(found[2].name, "b");
	found = difference_gone(difference, find(now, "a"), &count);
	CU_ASSERT_EQUAL_FATAL(count, 1);
	CU_ASSERT_STRING_EQUAL(found[0].name, "x");
	difference_gone(difference, PROFILE_ROOT, &count);
	CU_ASSERT_EQUAL(count, 0);
	CU_ASSERT_DOUBLE_EQUAL(difference_gone_all(difference), -1, 1e-9);

	svg_defaults(&options);
	options.difference = difference;
	output = open_memstream(&text, &length);
	CU_ASSERT_EQUAL(svg_write(now, &options, output, NULL), 0);
	fclose(output);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "<title>m\n10 samples, 100.00%; +0.00 points, "
			     "self +0.00\nonly in the other profile: "
			     "&lt;c&gt; -30.00, f -20.00, b -10.00, "
			     "and 2 more</title>"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "only in the other profile: "
					    "-100.00 points"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, ">unchanged</text>"));
	free(text);
	difference_free(difference);
	profile_free(base);
	profile_free(now);
}

static void negated(void)
{
	struct profile *base = read_text("m;a 1\nm;b 3\n");
	struct profile *now = read_text("m;a 4\n");
	struct difference *difference = difference_new(now, base, true);
	const struct difference_gone *found;
	size_t count;

	CU_ASSERT_EQUAL(difference_total(difference, find(now, "a")), -.75);
	CU_ASSERT_EQUAL(difference_self(difference, find(now, "a")), -.75);
	CU_ASSERT_EQUAL(difference_total(difference, find(now, "m")), 0);
	CU_ASSERT_EQUAL(difference_colour(difference, find(now, "a")),
			DIFFERENCE_SHRANK);
	found = difference_gone(difference, find(now, "m"), &count);
	CU_ASSERT_EQUAL_FATAL(count, 1);
	CU_ASSERT_EQUAL(found[0].change, .75);
	difference_free(difference);
	profile_free(base);
	profile_free(now);
}

static void reversed(void)
{
	struct profile *profile = read_text("m;a;x 1\nm;b;x 2\nm 4\n");
	struct profile *other = profile_reversed(profile);
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	folded_write(other, output);
	fclose(output);
	CU_ASSERT_STRING_EQUAL(text, "m 4\nx;a;m 1\nx;b;m 2\n");
	free(text);
	profile_free(other);
	profile_free(profile);
}

static const struct unit_case cases[] = {
	{ "a parent changed by what its children did", parents },
	{ "growth is red, shrinking blue, and the figures say how much",
	  drawn },
	{ "frames that vanished are told where they were", gone },
	{ "negated, growth is what the other profile has more", negated },
	{ "reversed, callers stand above what they call", reversed },
};

UNIT_MAIN("difference", cases)
