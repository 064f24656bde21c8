// SPDX-License-Identifier: GPL-2.0
/* What flamegraph.pl's options make of a picture. */
#include "pictures.h"

static struct svg_options options;

static void name_type(void)
{
	char *text;

	svg_defaults(&options);
	text = draw_text("f 1\n", &options);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "<title>f\n"));
	CU_ASSERT_EQUAL(occurrences(text, " data-name-type="), 0);
	free(text);
	options.name_type = "<Method>:";
	text = draw_text("f 1\n", &options);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "<title>&lt;Method&gt;: f\n"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, " data-name-type=\"&lt;Method&gt;:\""));
	expect_well_formed(text);
	free(text);
}

static void notes(void)
{
	char *text;

	svg_defaults(&options);
	options.notes = "run 3 -- <before> & ]]>";
	text = draw_text("f 1\n", &options);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "<desc>run 3 -- &lt;before&gt; "
					    "&amp; ]]&gt;</desc>"));
	expect_well_formed(text);
	free(text);
}

static void backgrounds(void)
{
	struct background background;
	char *text;

	svg_defaults(&options);
	text = draw_text("f 1\n", &options);
	CU_ASSERT_EQUAL(
		occurrences(text, "@media (prefers-color-scheme: dark) {"), 1);
	CU_ASSERT_EQUAL(occurrences(text, "url("), 0);
	expect_well_formed(text);
	free(text);
	CU_ASSERT_TRUE(background_named("blue", &background));
	options.background = &background;
	text = draw_text("f 1\n", &options);
	CU_ASSERT_EQUAL(occurrences(text, "prefers-color-scheme"), 0);
	CU_ASSERT_EQUAL(occurrences(text, "stop-color=\"#e0e0ff\""), 1);
	CU_ASSERT_EQUAL(occurrences(text, "{ fill: #eceff3; }"), 0);
	expect_well_formed(text);
	free(text);
	CU_ASSERT_TRUE(background_named("#202020", &background));
	text = draw_text("f 1\n", &options);
	CU_ASSERT_EQUAL(occurrences(text, "prefers-color-scheme"), 0);
	CU_ASSERT(occurrences(text, "{ fill: #eceff3; }") > 0);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, ".dither { background: #202020; }"));
	free(text);
}

static void total(void)
{
	char *text;

	svg_defaults(&options);
	options.whole = 20;
	text = draw_text("f 5\n", &options);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "data-total=\"20\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "data-w=\"20\"><title>all\n"
					    "20 samples, 100.00%</title>"
					    "<rect x=\"12\" y=\"80\" "
					    "width=\"1175.4\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "<title>f\n5 samples, 25.00%"
					    "</title><rect x=\"12\" y=\"64\" "
					    "width=\"293.4\""));
	free(text);
	/* N% is of that, too. */
	options.min_width = 26;
	options.min_width_percent = true;
	text = draw_text("f 5\n", &options);
	CU_ASSERT_PTR_NULL(strstr(text, "<title>f\n"));
	free(text);
}

static void factor(void)
{
	char *text;

	svg_defaults(&options);
	options.factor = 2.5;
	options.count_name = "ms";
	text = draw_text("f 1\ng 3\n", &options);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "data-w=\"1\"><title>f\n"
					    "2.5 ms, 25.00%<"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, ">10 ms<"));
	free(text);
}

/* The colour of the @number-th frame by this name. */
static const char *colour_of(const char *text, const char *title, int number)
{
	for (; number >= 0; number--)
		text = strstr(text, title) + 1;
	return strstr(text, "fill=\"") + strlen("fill=\"");
}

static void random_colours(void)
{
	static const char folded[] = "a;f 1\nb;f 1\nc;f 1\n";
	char *text, *again;

	svg_defaults(&options);
	text = draw_text(folded, &options);
	CU_ASSERT_EQUAL(strncmp(colour_of(text, "<title>f\n", 0),
				colour_of(text, "<title>f\n", 1), 7),
			0);
	free(text);
	options.random = true;
	text = draw_text(folded, &options);
	again = draw_text(folded, &options);
	CU_ASSERT_STRING_EQUAL(text, again);
	CU_ASSERT_NOT_EQUAL(strncmp(colour_of(text, "<title>f\n", 0),
				    colour_of(text, "<title>f\n", 1), 7),
			    0);
	free(text);
	free(again);
}

static void mapped(void)
{
	char *text;

	svg_defaults(&options);
	options.palette_map = palette_map_new();
	palette_map_colour(options.palette_map, "f_[k]", 5, 0x010203);
	text = draw_text("f;f_[k] 1\n", &options);
	CU_ASSERT_EQUAL(strncmp(colour_of(text, "<title>f\n", 1), "#010203", 7),
			0);
	CU_ASSERT_NOT_EQUAL(
		strncmp(colour_of(text, "<title>f\n", 0), "#010203", 7), 0);
	/* The name without suffix is new; the root is no function. */
	CU_ASSERT_EQUAL(palette_map_added(options.palette_map), 2);
	free(text);
	palette_map_free(options.palette_map);
}

static void legends(void)
{
	char *text;

	svg_defaults(&options);
	options.palette = colour_palette("java");
	text = draw_text("start;a/b:::c;d/e_[j];f_[k] 1\n", &options);
	CU_ASSERT_EQUAL(occurrences(text, ">Java</text>"), 1);
	CU_ASSERT_EQUAL(occurrences(text, ">kernel</text>"), 1);
	CU_ASSERT_EQUAL(occurrences(text, ">native</text>"), 1);
	CU_ASSERT_EQUAL(occurrences(text, ">C++</text>"), 0);
	free(text);
	options.palette = colour_palette("chain");
	text = draw_text("a;b_[k];c_[w] 1\n", &options);
	CU_ASSERT_EQUAL(occurrences(text, ">blocked</text>"), 1);
	CU_ASSERT_EQUAL(occurrences(text, ">waker</text>"), 1);
	CU_ASSERT_EQUAL(occurrences(text, "_[w]"), 0);
	free(text);
}

static const struct unit_case cases[] = {
	{ "--nametype stands before names in tooltips", name_type },
	{ "--notes is in the file, and any text", notes },
	{ "--bgcolors chooses light or dark for the viewer", backgrounds },
	{ "--total is the full width, and what shares are of", total },
	{ "--factor scales counts, not shares or places", factor },
	{ "--random tells frames of one function apart, the same each time",
	  random_colours },
	{ "--cp gives a function, suffix and all, the map's colour", mapped },
	{ "a palette that tells kinds has a legend of those drawn", legends },
};

UNIT_MAIN("svg_options", cases)
