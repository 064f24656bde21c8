// SPDX-License-Identifier: GPL-2.0
/*
 * The page's data is JSON: a profile's nodes in depth-first order, each by its
 * level, its name's number and its own weight, and its samples by node and by
 * the time since the one before. page/model.js reads it.
 */
#include "html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/decimal.h"
#include "../base/json.h"
#include "../base/xml.h"
#include "../profile/synthetic_frames.h"
#include "assets.h"

/* Nothing is fetched, whatever a name may look like. */
#define POLICY                                             \
	"default-src 'none'; script-src 'unsafe-inline'; " \
	"style-src 'unsafe-inline'"

static void put_string(FILE *output, const char *key, const char *text)
{
	fprintf(output, "\"%s\":", key);
	json_text(output, text, strlen(text));
	fputs(",", output);
}

void html_begin(FILE *output, const struct html_options *options)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"" POLICY
	      "\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width\">\n"
	      "<title>",
	      output);
	xml_text(output, options->title, strlen(options->title));
	fprintf(output, "</title>\n<style>\n%s</style>\n</head>\n<body>\n%s",
		render_page_style, render_page_body);
	fputs("<script type=\"application/json\" id=\"data\">{", output);
	put_string(output, "title", options->title);
	put_string(output, "subtitle",
		   options->subtitle ? options->subtitle : "");
	put_string(output, "view", options->inverted ? "icicle" : "flame");
	fputs("\"sets\":[", output);
}

void html_end(FILE *output)
{
	fprintf(output,
		"]}</script>\n<script>\n\"use strict\";\n%s%s%s%s%s</script>\n"
		"</body>\n</html>\n",
		render_page_model, render_page_graph, render_page_heat,
		render_page_table, render_page_main);
}

/* Name 0 is the root's; a suffix that tells the kind is the colour's affair. */
static void put_names(FILE *output, const struct profile *profile)
{
	fputs("\"names\":[\"all\"", output);
	for (uint32_t i = 0; i < profile_names(profile); i++) {
		const char *text = profile_text(profile, i);
		size_t length = profile_text_length(profile, i);

		colour_kind(text, &length);
		fputs(",\n", output);
		if (length)
			json_text(output, text, length);
		else
			fputs("\"[empty]\"", output);
	}
	fputs("],\n", output);
}

static void put_colours(FILE *output, const struct profile *profile,
			const struct palette *palette)
{
	fprintf(output, "\"colours\":[%u",
		(unsigned int)colour_frame(palette, FRAME_UNNAMED, "all", 3));
	for (uint32_t i = 0; i < profile_names(profile); i++) {
		const char *text = profile_text(profile, i);
		size_t length = profile_text_length(profile, i);
		enum frame_kind kind = colour_kind(text, &length);

		kind = colour_refine(palette, kind, text, length);
		fprintf(output, ",%u",
			(unsigned int)colour_frame(palette, kind, text,
						   length));
	}
	fputs("],\n", output);
}

static void put_weight(FILE *output, double weight)
{
	char buffer[DECIMAL_MAX];

	fputs(decimal_trimmed(buffer, weight, 6), output);
}

/* Returns each node's place in this order; to be freed. */
static uint32_t *put_nodes(FILE *output, const struct profile *profile)
{
	uint32_t count = profile_nodes(profile), at = 0;
	uint32_t *place = alloc_zeroed(count, sizeof(*place));
	uint32_t *order = alloc_zeroed(count, sizeof(*order));
	uint32_t *level = alloc_zeroed(count, sizeof(*level));

	fputs("\"level\":[0", output);
	for (uint32_t i = profile_next(profile, PROFILE_ROOT);
	     i != PROFILE_NONE; i = profile_next(profile, i)) {
		order[++at] = i;
		place[i] = at;
		level[i] = level[profile_node(profile, i).parent] + 1;
		fprintf(output, ",%u", level[i]);
	}
	fputs("],\n\"node\":[0", output);
	for (uint32_t i = 1; i < count; i++)
		fprintf(output, ",%u",
			profile_node(profile, order[i]).name + 1);
	fputs("],\n\"self\":[", output);
	for (uint32_t i = 0; i < count; i++) {
		fputs(i ? "," : "", output);
		put_weight(output, profile_node(profile, order[i]).self);
	}
	fputs("]", output);
	free(order);
	free(level);
	return place;
}

/* Times in microseconds: of each sample, since the one before. */
static void put_moments(FILE *output, const struct sample_times *times,
			const uint32_t *place)
{
	uint64_t start = times->count ? times->items[0].time : 0;
	uint64_t before = 0;

	fputs(",\n\"time\":[", output);
	for (size_t i = 0; i < times->count; i++) {
		uint64_t time = (times->items[i].time - start) / 1000;

		fprintf(output, "%s%llu", i ? "," : "",
			(unsigned long long)(time - before));
		before = time;
	}
	fputs("],\n\"at\":[", output);
	for (size_t i = 0; i < times->count; i++)
		fprintf(output, "%s%u", i ? "," : "",
			place[times->items[i].node]);
	fputs("],\n\"weight\":[", output);
	for (size_t i = 0; i < times->count; i++) {
		fputs(i ? "," : "", output);
		put_weight(output, times->items[i].weight);
	}
	fputs("]", output);
}

/* "c -4.00, d -1.00, and 2 more". */
static void put_gone(FILE *output, const struct difference_gone *gone,
		     size_t count)
{
	char *text = alloc_string("");

	for (size_t i = 0; i < count && i < DIFFERENCE_GONE_SHOWN; i++) {
		char points[DECIMAL_MAX], *before = text;
		size_t length = gone[i].length;

		colour_kind(gone[i].name, &length);
		text = alloc_format(
			"%s%s%.*s %c%s", before, i ? ", " : "", (int)length,
			gone[i].name, gone[i].change < 0 ? '-' : '+',
			decimal_fixed(points, fabs(gone[i].change) * 100, 2));
		free(before);
	}
	if (count > DIFFERENCE_GONE_SHOWN) {
		char *before = text;

		text = alloc_format("%s, and %zu more", before,
				    count - DIFFERENCE_GONE_SHOWN);
		free(before);
	}
	json_text(output, text, strlen(text));
	free(text);
}

/* Of each node in the order of put_nodes(): points of its share, and colour. */
static void put_difference(FILE *output, const struct html_set *set,
			   const uint32_t *place)
{
	const struct difference *difference = set->difference;
	const struct profile *profile = set->profile;
	const char *separator = "";
	char points[DECIMAL_MAX];
	uint32_t i;

	fputs(",\n\"change\":[", output);
	for (i = PROFILE_ROOT; i != PROFILE_NONE;
	     i = profile_next(profile, i)) {
		double change = difference_total(difference, i) * 100;

		fprintf(output, "%s%s%s", i == PROFILE_ROOT ? "" : ",",
			change < 0 ? "-" : "",
			decimal_trimmed(points, fabs(change), 4));
	}
	fputs("],\n\"tint\":[", output);
	for (i = PROFILE_ROOT; i != PROFILE_NONE; i = profile_next(profile, i))
		fprintf(output, "%s%u", i == PROFILE_ROOT ? "" : ",",
			(unsigned int)difference_colour(difference, i));
	fputs("],\n\"gone\":[", output);
	for (i = PROFILE_ROOT; i != PROFILE_NONE;
	     i = profile_next(profile, i)) {
		size_t count;
		const struct difference_gone *gone =
			difference_gone(difference, i, &count);

		if (!count)
			continue;
		fprintf(output, "%s[%u,", separator, place[i]);
		put_gone(output, gone, count);
		fputs("]", output);
		separator = ",";
	}
	fputs("]", output);
}

/* What page/model.js makes intervals of. */
static void put_shares(FILE *output, const struct html_set *set)
{
	const struct shares *shares = set->shares;
	char buffer[DECIMAL_MAX];

	if (set->unsure)
		put_string(output, "unsure", set->unsure);
	if (!shares || !(shares->effective > 0))
		return;
	fputs("\"sure\":{\"percent\":", output);
	fputs(decimal_trimmed(buffer, shares->confidence.percent, 4), output);
	fputs(",\"z\":", output);
	fputs(decimal_trimmed(buffer, shares->confidence.z, 6), output);
	fputs(",\"samples\":", output);
	fputs(decimal_trimmed(buffer, shares->effective, 2), output);
	fputs(",\"total\":", output);
	put_weight(output, shares->total);
	fputs(",\"lost\":", output);
	put_weight(output, shares->lost);
	fputs("},\n", output);
}

/* Names of frames that are to be hatched, and what those stand for. */
static void put_unseen(FILE *output, const struct html_set *set)
{
	bool any = false;

	for (uint32_t i = 0; i < profile_names(set->profile); i++) {
		const char *text = profile_text(set->profile, i);
		size_t length = profile_text_length(set->profile, i);
		const char *meaning = synthetic_meaning(text, length);
		bool lost = meaning && !strcmp(text, SYNTHETIC_LOST);
		char *whole;

		if (!meaning)
			continue;
		whole = alloc_format("%s%s%s", meaning,
				     lost && set->lost ? ": " : "",
				     lost && set->lost ? set->lost : "");
		fprintf(output, "%s[%u,", any ? "," : "\"unseen\":[", i + 1);
		json_text(output, whole, strlen(whole));
		fputs("]", output);
		free(whole);
		any = true;
	}
	if (any)
		fputs("],\n", output);
}

void html_add(FILE *output, const struct html_options *options,
	      const struct html_set *set, bool first)
{
	uint32_t *place;

	fputs(first ? "{" : ",\n{", output);
	put_string(output, "name", set->name);
	put_string(output, "unit", set->unit);
	put_shares(output, set);
	put_unseen(output, set);
	put_names(output, set->profile);
	put_colours(output, set->profile, options->palette);
	place = put_nodes(output, set->profile);
	if (set->difference)
		put_difference(output, set, place);
	if (set->times)
		put_moments(output, set->times, place);
	fputs("}", output);
	free(place);
}
