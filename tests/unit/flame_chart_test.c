// SPDX-License-Identifier: GPL-2.0
/* Flame charts: the order of time, or of lines. */
#include "pictures.h"

#include "../../user/profile/flame_chart.h"

/* "name@start+total" for each frame, depth first, after its level in blanks. */
static char *tree_of(const struct chart *chart)
{
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	for (uint32_t i = profile_next(chart->profile, PROFILE_ROOT);
	     i != PROFILE_NONE; i = profile_next(chart->profile, i)) {
		struct profile_node node = profile_node(chart->profile, i);

		for (uint32_t up = node.parent; up != PROFILE_ROOT;
		     up = profile_node(chart->profile, up).parent)
			fputc(' ', output);
		fprintf(output, "%s@%g+%g\n",
			profile_text(chart->profile, node.name),
			chart->starts[i], node.total);
	}
	fclose(output);
	return text;
}

static void expect_chart(const char *folded, unsigned int lanes,
			 const char *expected)
{
	struct sample_times order = { 0 };
	struct profile *profile = read_ordered(folded, &order);
	struct chart chart;
	char *text;

	chart_make(profile, &order, lanes, &chart);
	text = tree_of(&chart);
	CU_ASSERT_STRING_EQUAL(text, expected);
	CU_ASSERT_EQUAL(profile_total(chart.profile), profile_total(profile));
	CU_ASSERT_EQUAL(profile_node(chart.profile, PROFILE_ROOT).total,
			profile_total(profile));
	free(text);
	chart_free(&chart);
	sample_times_free(&order);
	profile_free(profile);
}

static void order_of_lines(void)
{
	expect_chart("m;b 1\nm;a 2\nm;b 3\n", 0,
		     "m@0+6\n b@0+1\n a@1+2\n b@3+3\n");
}

static void neighbours(void)
{
	expect_chart("m;a;x 1\nm;a;y 2\nm;a;y 3\nn 1\nm;a 1\n", 0,
		     "m@0+6\n a@0+6\n  x@0+1\n  y@1+5\nn@6+1\n"
		     "m@7+1\n a@7+1\n");
}

/* The time in m itself stands between, and keeps its place. */
static void own_time(void)
{
	expect_chart("m;a 1\nm 2\nm;a 3\n", 0, "m@0+6\n a@0+1\n a@3+3\n");
}

static void lanes(void)
{
	expect_chart("p;1;a 1\np;2;a 2\np;1;b 4\np;2;a 8\np;1;a 16\nq;1;a 1\n",
		     2,
		     "p@0+31\n 1@0+21\n  a@0+1\n  b@1+4\n  a@5+16\n"
		     " 2@21+10\n  a@21+10\nq@31+1\n 1@31+1\n  a@31+1\n");
}

static void shallow(void)
{
	expect_chart("p 1\np;1;a 2\np 4\np;1;a 8\n", 2,
		     "p@0+15\n 1@0+10\n  a@0+10\n");
}

static void weightless(void)
{
	expect_chart("m;a 1\nm;b 0\nm;a 1\n", 0, "m@0+2\n a@0+2\n");
}

static void drawn(void)
{
	struct sample_times order = { 0 };
	struct profile *profile = read_ordered("m;a 1\nm 2\nm;a 3\n", &order);
	struct svg_options options;
	struct chart chart;
	char *text;

	chart_make(profile, &order, 0, &chart);
	svg_defaults(&options);
	options.starts = chart.starts;
	text = draw(chart.profile, &options);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "data-x=\"3\" data-w=\"3\">"
					    "<title>a\n3 samples, 50.00%"
					    "</title><rect x=\"600\""));
	CU_ASSERT_EQUAL(occurrences(text, "<title>a\n"), 2);
	free(text);
	chart_free(&chart);
	sample_times_free(&order);
	profile_free(profile);
}

static const struct unit_case cases[] = {
	{ "a chart has the order of the lines, not of names", order_of_lines },
	{ "only neighbours are merged, and only where they are the same",
	  neighbours },
	{ "what a frame does itself between calls keeps its place", own_time },
	{ "lanes stand side by side, each with its own order", lanes },
	{ "a stack that ends above its lane is not lost", shallow },
	{ "a stack without weight tears nothing", weightless },
	{ "a chart is drawn at its times", drawn },
};

UNIT_MAIN("chart", cases)
