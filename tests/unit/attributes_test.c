// SPDX-License-Identifier: GPL-2.0
/* Links and classes of functions: what is taken, and what could run is not. */
#include "pictures.h"

#include <errno.h>

#include "../../user/render/attributes.h"

static int read_all(struct attributes *attributes, const char *text,
		    size_t length, struct error *error)
{
	FILE *input = fmemopen((void *)text, length, "r");
	struct lines *lines = lines_new(input, "n.attr");
	int result = attributes_read(attributes, lines, error);

	lines_free(lines);
	fclose(input);
	return result;
}

static void taken(void)
{
	static const char text[] =
		"a b\thref=http://x/?q=1=2\ttitle=see: x\tclass=big red-1\r\n\n"
		"f\thref=#there\ttarget=_blank\n"
		"f\thref=next.svg\n";
	struct attributes *attributes = attributes_new();
	const struct attribute_set *set;

	CU_ASSERT_EQUAL(read_all(attributes, text, strlen(text), NULL), 0);
	set = attributes_of(attributes, "a b", 3);
	CU_ASSERT_PTR_NOT_NULL_FATAL(set);
	CU_ASSERT_STRING_EQUAL(set->href, "http://x/?q=1=2");
	CU_ASSERT_STRING_EQUAL(set->title, "see: x");
	CU_ASSERT_STRING_EQUAL(set->class, "big red-1");
	CU_ASSERT_PTR_NULL(set->target);
	set = attributes_of(attributes, "f", 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(set);
	CU_ASSERT_STRING_EQUAL(set->href, "next.svg");
	CU_ASSERT_STRING_EQUAL(set->target, "_blank");
	CU_ASSERT_PTR_NULL(attributes_of(attributes, "g", 1));
	attributes_free(attributes);
}

static void addresses(void)
{
	static const struct {
		const char *text;
		int result;
	} hrefs[] = {
		{ "https://x.org", 0 },
		{ "HTTP://x.org", 0 },
		{ "mailto:a@x.org", 0 },
		{ "file:///tmp/x.svg", 0 },
		{ "/a:b", 0 },
		{ "./javascript:x", 0 },
		{ "?a:b", 0 },
		{ "//x.org/", 0 },
		{ "javascript:alert(1)", -EINVAL },
		{ "JaVaScRiPt:alert(1)", -EINVAL },
		{ " javascript:alert(1)", -EINVAL },
		{ "\x01javascript:alert(1)", -EINVAL },
		{ "java\x0bscript:alert(1)", -EINVAL },
		{ "java\rscript:alert(1)", -EINVAL },
		{ "data:text/html,<script>", -EINVAL },
		{ "vbscript:x", -EINVAL },
		{ "blob:x", -EINVAL },
		{ ":x", -EINVAL },
		{ "", -EINVAL },
	};

	for (size_t i = 0; i < sizeof(hrefs) / sizeof(*hrefs); i++) {
		struct attributes *attributes = attributes_new();
		struct error error = { "" };
		char text[64];

		snprintf(text, sizeof(text), "f\thref=%s\n", hrefs[i].text);
		CU_ASSERT_EQUAL(
			read_all(attributes, text, strlen(text), &error),
			hrefs[i].result);
		if (hrefs[i].result)
			CU_ASSERT_PTR_NOT_NULL(
				strstr(error.text, "n.attr:1: href: '"));
		attributes_free(attributes);
	}
}

static void refused(void)
{
	static const struct {
		const char *text, *message;
	} lines[] = {
		{ "f\tonclick=alert(1)", "n.attr:2: 'onclick' is none of "
					 "href=, target=, title=, class=" },
		{ "f\tstyle=fill:url(x)", "n.attr:2: 'style' is none of "
					  "href=, target=, title=, class=" },
		{ "f\tid=x", "n.attr:2: 'id' is none of href=, target=, "
			     "title=, class=" },
		{ "f\thref", "n.attr:2: 'href' is none of href=, target=, "
			     "title=, class=" },
		{ "f\tclass=a\"b", "n.attr:2: class: 'a\"b' is not words of "
				   "letters, digits, '-' and '_'" },
		{ "f\tclass= ", "n.attr:2: class: ' ' is not words of "
				"letters, digits, '-' and '_'" },
		{ "f\ttarget=a b",
		  "n.attr:2: target: 'a b' is not a window's name" },
		{ "f\ttitle=", "n.attr:2: title: '' is not a text" },
		{ "f\t", "n.attr:2: '' is none of href=, target=, title=, "
			 "class=" },
		{ "f", "n.attr:2: not a function, a tab, and KEY=VALUE" },
		{ "\thref=x", "n.attr:2: not a function, a tab, and "
			      "KEY=VALUE" },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct attributes *attributes = attributes_new();
		struct error error = { "" };
		char text[64];

		snprintf(text, sizeof(text), "\n%s\n", lines[i].text);
		CU_ASSERT_EQUAL(
			read_all(attributes, text, strlen(text), &error),
			-EINVAL);
		CU_ASSERT_STRING_EQUAL(error.text, lines[i].message);
		attributes_free(attributes);
	}
}

static void nul(void)
{
	static const char text[] = "f\thref=x\0y\n";
	struct attributes *attributes = attributes_new();
	struct error error = { "" };

	CU_ASSERT_EQUAL(read_all(attributes, text, sizeof(text) - 1, &error),
			-EINVAL);
	attributes_free(attributes);
}

static void drawn(void)
{
	static const char text[] =
		"f\thref=x?a=1&b=<\"'>\ttitle=<script>\tclass=c\n"
		"g_[k]\thref=k\ttarget=t\nh\tclass=d\n";
	struct attributes *attributes = attributes_new();
	struct svg_options options;
	char *svg;

	CU_ASSERT_EQUAL(read_all(attributes, text, strlen(text), NULL), 0);
	svg_defaults(&options);
	options.attributes = attributes;
	svg = draw_text("f;g_[k];g;h_[k] 1\n", &options);
	expect_well_formed(svg);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(svg, "data-w=\"1\" class=\"c\"><title>f\n"
			    "1 samples, 100.00%\n&lt;script&gt;</title>"
			    "<a href=\"x?a=1&amp;b=&lt;&quot;&#39;&gt;\" "
			    "target=\"_top\" rel=\"noopener noreferrer\">"
			    "<rect "));
	CU_ASSERT_PTR_NOT_NULL(strstr(svg, "<a href=\"k\" target=\"t\""));
	/* By the name as it stands in the profile, else as it is shown. */
	CU_ASSERT_EQUAL(occurrences(svg, "<a "), 2);
	CU_ASSERT_EQUAL(occurrences(svg, "</text></a></g>\n"), 2);
	CU_ASSERT_EQUAL(occurrences(svg, " class=\"d\">"), 1);
	CU_ASSERT_EQUAL(occurrences(svg, "<script"), 1);
	free(svg);
	attributes_free(attributes);
}

static const struct unit_case cases[] = {
	{ "links, windows, texts and classes are taken by function", taken },
	{ "an address is by a known scheme or relative, never a script",
	  addresses },
	{ "what is no such attribute is told with its place", refused },
	{ "a NUL byte is no text", nul },
	{ "a link is drawn, and its text stays text", drawn },
};

UNIT_MAIN("attributes", cases)
