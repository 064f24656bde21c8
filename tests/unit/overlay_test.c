// SPDX-License-Identifier: GPL-2.0
/* Pictures whose colours are values: what they say, and that nothing moves. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/profile/profile.h"
#include "../../user/render/svg.h"

/* Node 1 is slow, node 2 fast, node 3 not known. */
static double value_of(const void *context, uint32_t node,
		       struct interval *interval)
{
	const double *values = context;

	*interval = (struct interval){ values[node] - .1, values[node] + .1 };
	if (node == 2)
		interval->high = INFINITY;
	return values[node];
}

static const double values[] = { 1, .2, 2, NAN };
static const struct overlay ipc = {
	.name = "I<P>C",
	.value = value_of,
	.context = values,
	.low = .2,
	.high = 2,
	.more_is_better = true,
};

static char *draw(const struct overlay *overlay)
{
	struct profile *profile = profile_new();
	struct svg_options options;
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	for (const char *name = "abc"; *name; name++) {
		uint32_t number = profile_name(profile, name, 1);

		profile_add(profile, &number, 1, 10);
	}
	profile_finish(profile);
	svg_defaults(&options);
	options.overlay = overlay;
	CU_ASSERT_EQUAL_FATAL(svg_write(profile, &options, output, NULL), 0);
	fclose(output);
	profile_free(profile);
	return text;
}

static bool has(const char *text, const char *part)
{
	bool found = strstr(text, part);

	if (!found)
		printf("# not there: %s\n", part);
	return found;
}

static void told(void)
{
	char *text = draw(&ipc);

	CU_ASSERT(
		has(text, "33.33%\nI&lt;P&gt;C 0.200 (95% sure: 0.100–0.300)"));
	CU_ASSERT(has(text, "33.33%\nI&lt;P&gt;C 2.000</title>"));
	CU_ASSERT(has(text, "33.33%\nI&lt;P&gt;C: not counted</title>"));
	free(text);
}

static void legend(void)
{
	static const char *const steps[] = { ">0.20<", ">0.65<", ">1.10<",
					     ">1.55<", ">2.00<", ">unknown<" };
	char *text = draw(&ipc);

	CU_ASSERT(has(text, "class=\"legend\""));
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		CU_ASSERT(has(text, steps[i]));
	CU_ASSERT(has(text, "#e8853d"));
	CU_ASSERT(has(text, "#6ea8dc"));
	CU_ASSERT(!strstr(text, ">user<"));
	free(text);
}

/* Everything that tells of a frame's place. */
static void count_places(const char *text, unsigned int *places, double *sum)
{
	*places = 0;
	*sum = 0;
	while ((text = strstr(text, "data-w=\""))) {
		text += strlen("data-w=\"");
		*sum += strtod(text, NULL) * ++*places;
	}
}

static void widths(void)
{
	char *with = draw(&ipc), *without = draw(NULL);
	unsigned int places, other_places;
	double sum, other_sum;

	count_places(with, &places, &sum);
	count_places(without, &other_places, &other_sum);
	CU_ASSERT_EQUAL(places, 4);
	CU_ASSERT_EQUAL(places, other_places);
	CU_ASSERT_EQUAL(sum, other_sum);
	free(with);
	free(without);
}

/* By what red-blind and blue-blind eyes are left with: lightness. */
static double lightness(uint32_t colour)
{
	return .2126 * (colour >> 16 & 0xff) + .7152 * (colour >> 8 & 0xff) +
	       .0722 * (colour & 0xff);
}

static void apart(void)
{
	uint32_t low = overlay_colour(&ipc, .2),
		 middle = overlay_colour(&ipc, 1.1);
	uint32_t high = overlay_colour(&ipc, 2);

	/* Dark text on each; the ends differ in blue against all else. */
	CU_ASSERT(lightness(low) > 140);
	CU_ASSERT(lightness(high) > 140);
	CU_ASSERT(lightness(middle) > lightness(low) + 40);
	CU_ASSERT(lightness(middle) > lightness(high) + 40);
	CU_ASSERT((high & 0xff) > (low & 0xff) + 100);
	CU_ASSERT_EQUAL(overlay_colour(&ipc, -5), low);
	CU_ASSERT_EQUAL(overlay_colour(&ipc, 50), high);
}

static const struct unit_case cases[] = {
	{ "a frame's title tells its value and how sure it is", told },
	{ "the legend tells the scale from end to end, and what is not known",
	  legend },
	{ "colours by value move no frame", widths },
	{ "the ends are told apart without red and green", apart },
};

UNIT_MAIN("overlay", cases)
