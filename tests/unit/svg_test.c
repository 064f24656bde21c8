// SPDX-License-Identifier: GPL-2.0
/*
 * The picture: well-formed whatever names hold, the same bytes each time, and
 * all weight either drawn or named as left out.
 */
#include "unit.h"

#include <errno.h>

#include "../../user/render/assets.h"
#include "pictures.h"

static void one_group_a_frame(void)
{
	struct svg_options options;
	char *text;

	svg_defaults(&options);
	text = draw_text("a;b 3\na;c 1\n", &options);
	expect_well_formed(text);
	CU_ASSERT_EQUAL(occurrences(text, "role=\"treeitem\""), 4);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "data-total=\"4\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "data-left-out=\"0\""));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "aria-level=\"3\" data-x=\"0\" data-w=\"3\">"
			     "<title>b\n3 samples, 75.00%</title>"
			     "<rect x=\"12\" y=\"64\" width=\"881.4\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "data-x=\"3\" data-w=\"1\">"
					    "<title>c\n1 samples, 25.00%"));
	CU_ASSERT_PTR_NULL(strstr(text, "95%"));
	free(text);
}

static void inverted(void)
{
	struct svg_options options;
	char *upright, *text;

	svg_defaults(&options);
	upright = draw_text("a;b 1\n", &options);
	options.inverted = true;
	text = draw_text("a;b 1\n", &options);
	CU_ASSERT_PTR_NOT_NULL(strstr(upright,
				      "<title>b\n1 samples, 100.00%"
				      "</title><rect x=\"12\" y=\"64\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "<title>b\n1 samples, 100.00%"
					    "</title><rect x=\"12\" y=\"96\""));
	free(upright);
	free(text);
}

static void hostile(void)
{
	static const char bad[] = "a\0b<script>alert(1)</script>]]>&\"'\x01\x1b"
				  "\xff\xc0\xaf\xed\xa0\x80\xef\xbf\xbf"
				  "\xe2\x80\xae\xf5\x80";
	struct profile *profile = profile_new();
	struct svg_options options;
	uint32_t names[2];
	char *text, *large = malloc(10240);

	memset(large, 'x', 10240);
	names[0] = profile_name(profile, bad, sizeof(bad) - 1);
	names[1] = profile_name(profile, large, 10240);
	profile_add(profile, names, 2, 5);
	profile_finish(profile);
	svg_defaults(&options);
	options.title = "A & <B> \" ]]> \x02";
	options.subtitle = "</text><script>";
	options.count_name = "<&\"";
	options.font = "x\" onload=\"alert(1)";
	text = draw(profile, &options);
	expect_well_formed(text);
	CU_ASSERT_EQUAL(occurrences(text, "<script"), 1);
	CU_ASSERT_EQUAL(occurrences(text, "]]>"), 2);
	CU_ASSERT_EQUAL(occurrences(text, " onload=\""), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "<title>a\xef\xbf\xbd"
					    "b&lt;script"));
	CU_ASSERT_EQUAL(occurrences(text, "\xe2\x80\xae"), 0);
	free(text);
	free(large);
	profile_free(profile);
}

static void narrow_frames(void)
{
	struct svg_options options;
	char *text;

	svg_defaults(&options);
	options.min_width = 1;
	text = draw_text("wide 9990\nthin;a;b 7\nthin;c 3\n"
			 "wide;d 10000\n",
			 &options);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "data-left-out=\"10\""));
	CU_ASSERT_PTR_NULL(strstr(text, "<title>thin"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "frames narrower than 1 px not "
					    "drawn: 0.05%"));
	free(text);
	options.min_width = 2;
	options.min_width_percent = true;
	text = draw_text("wide 97\nthin;a 3\nlost;x 1\n", &options);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "data-left-out=\"1\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "<title>thin\n"));
	free(text);
	options.min_width = 0;
	text = draw_text("wide 9990\nthin;a;b 0.001\n", &options);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "<title>b\n"));
	free(text);
}

static void clipped(void)
{
	struct svg_options options;
	char *text;

	svg_defaults(&options);
	options.width = 224; /* 200 for frames: 26 columns a frame */
	text = draw_text("abcdefghijklmnopqrstuvwxyz 1\n", &options);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, ">abcdefghijklmnopqrstuvwxyz</text>"));
	free(text);
	text = draw_text("abcdefghijklmnopqrstuvwxyz0 1\n", &options);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, ">abcdefghijklmnopqrstuvwx..</text>"));
	free(text);
	text = draw_text(
		"aaaaaaaaaaaaaaaaaaaaaaa\xc3\xa4\xe6\xbc\xa2\xe6\xbc\xa2 1\n",
		&options);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "a\xc3\xa4..</text>"));
	expect_well_formed(text);
	free(text);
}

static void suffixes(void)
{
	struct svg_options options;
	char *text;

	svg_defaults(&options);
	text = draw_text("f;f_[k];f_[j];f_[i];[unknown] 1\n_[k] 1\n", &options);
	CU_ASSERT_EQUAL(occurrences(text, "<title>f\n"), 4);
	CU_ASSERT_EQUAL(occurrences(text, "<title>[empty]\n"), 1);
	CU_ASSERT_PTR_NULL(strstr(text, "_["));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, ">kernel</text>"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, ">generated</text>"));
	free(text);
	options.palette = colour_palette("hot");
	text = draw_text("f;f_[k] 1\n", &options);
	CU_ASSERT_PTR_NULL(strstr(text, "class=\"legend\""));
	free(text);
}

static void empty_names(void)
{
	struct svg_options options;
	char *text;

	svg_defaults(&options);
	text = draw_text("a;;b 2\n", &options);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "<title>[empty]\n2 samples"));
	free(text);
}

static void intervals(void)
{
	struct svg_options options;
	char *text;
	struct shares shares = { .total = 100, .effective = 100 };

	shares.confidence = confidence_usual;
	svg_defaults(&options);
	options.shares = &shares;
	text = draw_text("a 10\nb 90\n", &options);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "10 samples, 10.00% (95% sure: 5.52\xe2\x80\x93"
			     "17.44%)"));
	free(text);
	options.unsure = "fixed period";
	text = draw_text("a 10\nb 90\n", &options);
	CU_ASSERT_PTR_NOT_NULL(strstr(
		text, "10 samples, 10.00% (no interval: fixed period)<"));
	CU_ASSERT_PTR_NULL(strstr(text, "sure:"));
	free(text);
}

/* Ten of a hundred were lost: they may all have been of a, or none. */
static void lost_samples(void)
{
	struct shares shares = { .total = 100, .lost = 10, .effective = 100 };
	struct svg_options options;
	char *text;

	shares.confidence = confidence_usual;
	svg_defaults(&options);
	options.shares = &shares;
	options.lost = "ring full 8, <&> 2";
	text = draw_text("a 10\nb 80\n[lost] 10\n", &options);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "<title>a\n10 samples, 10.00% (95% sure: 5.52"
			     "\xe2\x80\x93"
			     "28.88%)<"));
	CU_ASSERT_PTR_NOT_NULL(strstr(
		text, "<title>[lost]\n10 samples, 10.00%\nsamples that were "
		      "lost, of any stack: ring full 8, &lt;&amp;&gt; 2<"));
	expect_well_formed(text);
	free(text);
}

static void hatching(void)
{
	struct svg_options options;
	char *text;

	svg_defaults(&options);
	text = draw_text("a;f_[k];[interrupts off] 3\na;[late] 1\na;[x] 1\n",
			 &options);
	CU_ASSERT_EQUAL(occurrences(text, "<pattern id=\"hatch\""), 1);
	/* Two frames, and the legend. */
	CU_ASSERT_EQUAL(occurrences(text, "fill=\"url(#hatch)\""), 3);
	CU_ASSERT_EQUAL(occurrences(text, ">not seen</text>"), 1);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "<title>[interrupts off]\n3 samples, 60.00%\n"
			     "interrupts were off until its caller turned "
			     "them on"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "<title>[late]\n1 samples, 20.00%\n"
					    "the sample came late"));
	expect_well_formed(text);
	free(text);
	options.palette = colour_palette("hot");
	text = draw_text("a;[noise] 3\n", &options);
	CU_ASSERT_EQUAL(occurrences(text, "fill=\"url(#hatch)\""), 2);
	free(text);
	text = draw_text("a;[interrupts] 3\n", &options);
	CU_ASSERT_PTR_NULL(strstr(text, "id=\"hatch\""));
	CU_ASSERT_PTR_NULL(strstr(text, "\"url(#hatch)"));
	free(text);
}

static void nothing_to_draw(void)
{
	struct profile *profile = profile_new();
	struct error error = { "" };
	struct svg_options options;
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	profile_finish(profile);
	svg_defaults(&options);
	CU_ASSERT_EQUAL(svg_write(profile, &options, output, &error), -ENODATA);
	CU_ASSERT_STRING_EQUAL(error.text, "no samples to draw");
	fclose(output);
	CU_ASSERT_EQUAL(length, 0);
	free(text);
	profile_free(profile);
}

static void same_bytes(void)
{
	struct svg_options options;
	char *one, *other;

	svg_defaults(&options);
	one = draw_text("b;x 2.5\na;y 1\nb 1\n", &options);
	other = draw_text("b 1\na;y 1\nb;x 2.5\n", &options);
	CU_ASSERT_STRING_EQUAL(one, other);
	CU_ASSERT_PTR_NOT_NULL(strstr(one, "4.5 samples"));
	CU_ASSERT(strstr(one, "<title>a\n") < strstr(one, "<title>b\n"));
	free(one);
	free(other);
}

static void deep(void)
{
	struct profile *profile = profile_new();
	struct svg_options options;
	uint32_t name = profile_name(profile, "f", 1);
	uint32_t *names = calloc(5000, sizeof(*names));
	char *text;

	for (int i = 0; i < 5000; i++)
		names[i] = name;
	profile_add(profile, names, 5000, 1);
	profile_finish(profile);
	svg_defaults(&options);
	text = draw(profile, &options);
	CU_ASSERT_EQUAL(occurrences(text, "<title>f\n"), 5000);
	expect_well_formed(text);
	free(text);
	free(names);
	profile_free(profile);
}

static void assets(void)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(render_script, "use strict"));
	CU_ASSERT_PTR_NOT_NULL(strstr(render_style, "@media print"));
	CU_ASSERT_PTR_NOT_NULL(strstr(render_dark_style, ".back"));
	CU_ASSERT_PTR_NULL(strstr(render_dark_style, "]]>"));
	CU_ASSERT_PTR_NULL(strstr(render_dark_style, "url("));
	CU_ASSERT_PTR_NULL(strstr(render_script, "]]>"));
	CU_ASSERT_PTR_NULL(strstr(render_style, "]]>"));
	CU_ASSERT_PTR_NULL(strstr(render_script, "innerHTML"));
	CU_ASSERT_PTR_NULL(strstr(render_style, "url("));
}

static const struct unit_case cases[] = {
	{ "each frame is a group with name, figures and place",
	  one_group_a_frame },
	{ "inverted, the root is on top", inverted },
	{ "hostile names and titles stay text in well-formed XML", hostile },
	{ "the weight of frames too narrow to draw is told", narrow_frames },
	{ "labels are cut between characters to what fits", clipped },
	{ "suffixes leave the name and choose the colour", suffixes },
	{ "a frame without a name is drawn as [empty]", empty_names },
	{ "shares have intervals when the samples are known", intervals },
	{ "what was lost widens intervals, and is told with its causes",
	  lost_samples },
	{ "what was not seen is hatched, in any colours, and says what it is",
	  hatching },
	{ "without weight nothing is written", nothing_to_draw },
	{ "the order of the input does not change a byte", same_bytes },
	{ "a very deep stack is drawn to its end", deep },
	{ "script and style are embedded and can stand in CDATA", assets },
};

UNIT_MAIN("svg", cases)
