// SPDX-License-Identifier: GPL-2.0
/*
 * The page's data: the tree in order, whatever names hold, and each sample at
 * its node and time. tests/browser looks at the page itself.
 */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../user/render/html.h"

static const struct html_options options = { .title = "T <&\">",
					     .subtitle = "here" };

static uint32_t add(struct profile *profile, double weight,
		    const char *const *names)
{
	uint32_t numbers[8];
	size_t count = 0;

	for (; names[count]; count++)
		numbers[count] = profile_name(profile, names[count],
					      strlen(names[count]));
	return profile_add(profile, numbers, count, weight);
}

/* The caller's to free. */
static char *page_of(const struct html_set *sets, size_t count)
{
	struct html_options own = options;
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	own.palette = colour_palette("grey");
	html_begin(output, &own);
	for (size_t i = 0; i < count; i++)
		html_add(output, &own, &sets[i], !i);
	html_end(output);
	fclose(output);
	CU_ASSERT_EQUAL(strlen(text), length);
	return text;
}

static struct profile *make(struct sample_times *times)
{
	struct profile *profile = profile_new();
	uint32_t node;

	node = add(profile, 2, (const char *[]){ "z", "b_[k]", NULL });
	sample_times_add(times, 5000000000, node, 2);
	node = add(profile, .5, (const char *[]){ "z", "a", NULL });
	sample_times_add(times, 5000001500, node, .5);
	node = add(profile, 1, (const char *[]){ "z", "b_[k]", NULL });
	sample_times_add(times, 5000003000, node, 1);
	profile_finish(profile);
	return profile;
}

static void has_the_tree_and_the_samples(void)
{
	struct sample_times times = { .items = NULL };
	struct profile *profile = make(&times);
	const struct html_set sets[] = {
		{ .name = "time",
		  .unit = "samples",
		  .profile = profile,
		  .times = &times },
		{ .name = "cycles", .unit = "cycles", .profile = profile },
	};
	char *page = page_of(sets, 2), *again = page_of(sets, 2);

	CU_ASSERT_STRING_EQUAL(page, again);
	CU_ASSERT_PTR_NOT_NULL(strstr(
		page, "{\"title\":\"T \\u003c\\u0026\\\"\\u003e\","
		      "\"subtitle\":\"here\",\"view\":\"flame\","
		      "\"sets\":[{\"name\":\"time\",\"unit\":\"samples\","
		      "\"names\":[\"all\",\n\"z\",\n\"b\",\n\"a\"],\n"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(page, "\"level\":[0,1,2,2],\n\"node\":[0,1,3,2],\n"
			     "\"self\":[0,0,0.5,3],\n\"time\":[0,1,2],\n"
			     "\"at\":[3,2,3],\n\"weight\":[2,0.5,1]},\n"
			     "{\"name\":\"cycles\""));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(page, "\"self\":[0,0,0.5,3]}]}</script>"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(page, "<title>T &lt;&amp;&quot;&gt;</title>"));
	free(page);
	free(again);
	sample_times_free(&times);
	profile_free(profile);
}

static void takes_any_name(void)
{
	struct profile *profile = profile_new();
	const struct html_set set = { .name = "time",
				      .unit = "samples",
				      .profile = profile };
	char *page, *data;
	uint32_t strange;

	add(profile, 1,
	    (const char *[]){ "</script><b>", "_[k]", "\xff\\", NULL });
	strange = profile_name(profile, "a\0b", 3);
	profile_add(profile, &strange, 1, 1);
	profile_finish(profile);
	page = page_of(&set, 1);
	data = strstr(page, "\"sets\"");
	CU_ASSERT_PTR_NOT_NULL_FATAL(data);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(data, "\"\\u003c/script\\u003e\\u003cb\\u003e\",\n"
			     "\"[empty]\",\n\"\xef\xbf\xbd\\\\\",\n"
			     "\"a\xef\xbf\xbd"
			     "b\"]"));
	/* The first tag that ends is the data's own. */
	CU_ASSERT_PTR_EQUAL(strchr(data, '<'),
			    strstr(data, "</script>\n<script>"));
	free(page);
	profile_free(profile);
}

static const struct unit_case cases[] = {
	{ "data has the tree in order, and each sample",
	  has_the_tree_and_the_samples },
	{ "names may hold anything", takes_any_name },
};

UNIT_MAIN("html", cases)
