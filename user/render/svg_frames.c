// SPDX-License-Identifier: GPL-2.0
/*
 * Draws the tree from left to right and from the root outwards. Each frame is
 * one group: its <title> (name, newline, figures) is the tooltip of viewers
 * without scripts, data-x and data-w are its place in weights, from which the
 * script lays the picture out again at any zoom and width.
 */
#include "svg_frames.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/decimal.h"
#include "../base/xml.h"
#include "../profile/synthetic_frames.h"

#define LABEL_COLUMNS 5 /* fewer than three letters say nothing */

struct place {
	uint32_t node;
	unsigned int level; /* 0: root */
	double start;	    /* in weights */
};

typedef void (*visit_frame)(struct picture *picture, const struct place *place);

static double weight_of(const struct picture *picture, uint32_t node)
{
	if (node == PROFILE_ROOT)
		return picture->total;
	return profile_node(picture->profile, node).total;
}

/* Visit every frame wide enough, parents first; what is not adds up. */
static void walk(struct picture *picture, visit_frame visit)
{
	struct place *path = NULL, next = { .node = PROFILE_ROOT };
	size_t room = 0, depth = 0;

	picture->left_out = 0;
	for (;;) {
		struct profile_node node =
			profile_node(picture->profile, next.node);
		double weight = weight_of(picture, next.node);
		uint32_t child = PROFILE_NONE;

		if (picture->options->starts)
			next.start = picture->options->starts[next.node];
		if (weight > 0 && weight >= picture->min_weight) {
			visit(picture, &next);
			child = node.first_child;
		} else {
			picture->left_out += weight;
		}
		path = alloc_grow(path, depth, &room, sizeof(*path));
		path[depth++] = next;
		if (child != PROFILE_NONE) {
			next.node = child;
			next.level++;
			continue;
		}
		do {
			next = path[--depth];
			node = profile_node(picture->profile, next.node);
		} while (depth && node.next_sibling == PROFILE_NONE);
		if (!depth)
			break;
		next.node = node.next_sibling;
		next.start += node.total;
	}
	free(path);
}

struct name {
	const char *text; /* as it is shown */
	size_t length;
	enum frame_kind kind;
};

static struct name name_of(const struct picture *picture, uint32_t node)
{
	uint32_t number = profile_node(picture->profile, node).name;
	struct name name = { "all", strlen("all"), FRAME_UNNAMED };

	if (number == PROFILE_NONE)
		return name;
	name.text = profile_text(picture->profile, number);
	name.length = profile_text_length(picture->profile, number);
	name.kind = colour_kind(name.text, &name.length);
	name.kind = colour_refine(picture->options->palette, name.kind,
				  name.text, name.length);
	if (!name.length) {
		name.text = "[empty]";
		name.length = strlen(name.text);
	}
	return name;
}

static void survey_frame(struct picture *picture, const struct place *place)
{
	struct name name = name_of(picture, place->node);

	if (place->level + 1 > picture->levels)
		picture->levels = place->level + 1;
	if (place->node != PROFILE_ROOT)
		picture->kinds[name.kind] = true;
}

void frames_survey(struct picture *picture)
{
	walk(picture, survey_frame);
}

static void put_percent(const struct picture *picture, const char *before,
			double share)
{
	char buffer[DECIMAL_MAX];

	fputs(before, picture->output);
	fputs(decimal_fixed(buffer, share * 100, 2), picture->output);
}

/* The value that colours the frame, on a line of its own. */
static void put_value(const struct picture *picture, uint32_t node)
{
	const struct overlay *overlay = picture->options->overlay;
	struct interval interval;
	char buffer[DECIMAL_MAX];
	unsigned int decimals;
	double value;

	if (!overlay)
		return;
	value = overlay->value(overlay->context, node, &interval);
	decimals = overlay_decimals(overlay) + 1;
	fputs("\n", picture->output);
	xml_text(picture->output, overlay->name, strlen(overlay->name));
	if (isnan(value)) {
		fputs(": not counted", picture->output);
		return;
	}
	fprintf(picture->output, " %s", decimal_fixed(buffer, value, decimals));
	if (isinf(interval.high) || picture->options->unsure)
		return;
	fprintf(picture->output, " (95%% sure: %s",
		decimal_fixed(buffer, interval.low, decimals));
	fprintf(picture->output, "–%s)",
		decimal_fixed(buffer, interval.high, decimals));
}

/* " (95% sure: 5.52–17.44%)" of what was sampled, and is not all. */
static void put_interval(const struct picture *picture, double weight)
{
	const struct shares *shares = picture->options->shares;
	struct interval interval;
	char buffer[DECIMAL_MAX];

	if (picture->options->unsure) {
		fprintf(picture->output, " (no interval: %s)",
			picture->options->unsure);
		return;
	}
	if (!shares || !(shares->effective > 0))
		return;
	interval = shares_interval(shares, weight);
	fprintf(picture->output, " (%s%% sure: ",
		decimal_trimmed(buffer, shares->confidence.percent, 4));
	put_percent(picture, "", interval.low);
	put_percent(picture, "–", interval.high);
	fputs("%)", picture->output);
}

static bool is_lost(const struct name *name)
{
	return name->length == strlen(SYNTHETIC_LOST) &&
	       !memcmp(name->text, SYNTHETIC_LOST, name->length);
}

/* What a frame that is no function stands for. */
static void put_meaning(const struct picture *picture, const struct name *name)
{
	const char *meaning = synthetic_meaning(name->text, name->length);
	const char *lost = picture->options->lost;

	if (name->kind != FRAME_UNSEEN || !meaning)
		return;
	fputs("\n", picture->output);
	xml_text(picture->output, meaning, strlen(meaning));
	if (!is_lost(name) || !lost || !*lost)
		return;
	fputs(": ", picture->output);
	xml_text(picture->output, lost, strlen(lost));
}

static void put_figures(const struct picture *picture, double weight,
			const struct name *name)
{
	const struct svg_options *options = picture->options;
	char buffer[DECIMAL_MAX];

	fputs(decimal_grouped(buffer, weight * options->factor, 6),
	      picture->output);
	fputs(" ", picture->output);
	xml_text(picture->output, options->count_name,
		 strlen(options->count_name));
	put_percent(picture, ", ", weight / picture->total);
	fputs("%", picture->output);
	/* What was lost is counted, not sampled. */
	if (weight < picture->total && !is_lost(name))
		put_interval(picture, weight);
}

static void put_points(const struct picture *picture, const char *before,
		       double change)
{
	fputs(before, picture->output);
	put_percent(picture, change < 0 ? "-" : "+", fabs(change));
}

/* "; +1.20 points, self -0.30" */
static void put_difference(const struct picture *picture, uint32_t node)
{
	const struct difference *difference = picture->options->difference;

	if (!difference)
		return;
	put_points(picture, "; ", difference_total(difference, node));
	put_points(picture, " points, self ",
		   difference_self(difference, node));
}

/* Frames that are not drawn, for they are only in the other profile. */
static void put_gone(const struct picture *picture, uint32_t node)
{
	const struct difference *difference = picture->options->difference;
	const struct difference_gone *gone;
	size_t count;

	if (!difference)
		return;
	gone = difference_gone(difference, node, &count);
	if (count)
		fputs("\nonly in the other profile: ", picture->output);
	for (size_t i = 0; i < count && i < DIFFERENCE_GONE_SHOWN; i++) {
		size_t length = gone[i].length;

		colour_kind(gone[i].name, &length);
		fputs(i ? ", " : "", picture->output);
		xml_text(picture->output, gone[i].name, length);
		put_points(picture, " ", gone[i].change);
	}
	if (count > DIFFERENCE_GONE_SHOWN)
		fprintf(picture->output, ", and %zu more", count - DIFFERENCE_GONE_SHOWN);
}

/* By the name as it stands in the profile, suffix and all: so is the file. */
static uint32_t mapped_colour(const struct picture *picture, uint32_t node,
			      uint32_t colour)
{
	uint32_t name = profile_node(picture->profile, node).name;

	if (!picture->options->palette_map || name == PROFILE_NONE)
		return colour;
	return palette_map_colour(picture->options->palette_map,
				  profile_text(picture->profile, name),
				  profile_text_length(picture->profile, name),
				  colour);
}

static uint32_t fill_of(const struct picture *picture, uint32_t node,
			const struct name *name)
{
	const struct svg_options *options = picture->options;
	const struct overlay *overlay = options->overlay;
	struct interval interval;
	uint32_t colour;

	if (options->difference)
		return difference_colour(options->difference, node);
	if (overlay)
		return overlay_colour(overlay, overlay->value(overlay->context,
							      node, &interval));
	if (options->random)
		colour = colour_numbered(options->palette, name->kind,
					 picture->drawn);
	else
		colour = colour_frame(options->palette, name->kind, name->text,
				      name->length);
	return mapped_colour(picture, node, colour);
}

/* The file names functions as they stand in the profile, or as shown. */
static const struct attribute_set *
set_of(const struct picture *picture, uint32_t node, const struct name *shown)
{
	const struct attributes *attributes = picture->options->attributes;
	uint32_t name = profile_node(picture->profile, node).name;
	const struct attribute_set *set = NULL;

	if (!attributes)
		return NULL;
	if (name != PROFILE_NONE)
		set = attributes_of(
			attributes, profile_text(picture->profile, name),
			profile_text_length(picture->profile, name));
	return set ? set :
		     attributes_of(attributes, shown->text, shown->length);
}

static void put_attribute(const struct picture *picture, const char *key,
			  const char *value)
{
	if (!value)
		return;
	fprintf(picture->output, " %s=\"", key);
	xml_text(picture->output, value, strlen(value));
	fputs("\"", picture->output);
}

static void draw_title(const struct picture *picture, uint32_t node,
		       const struct name *name, const struct attribute_set *set)
{
	const char *type = picture->options->name_type;

	fputs("<title>", picture->output);
	if (type) {
		xml_text(picture->output, type, strlen(type));
		fputs(" ", picture->output);
	}
	xml_text(picture->output, name->text, name->length);
	fputs("\n", picture->output);
	put_figures(picture, weight_of(picture, node), name);
	put_value(picture, node);
	put_difference(picture, node);
	put_meaning(picture, name);
	put_gone(picture, node);
	if (set && set->title) {
		fputs("\n", picture->output);
		xml_text(picture->output, set->title, strlen(set->title));
	}
	fputs("</title>", picture->output);
}

static void draw_label(const struct picture *picture, const struct name *name,
		       double x, double y, double width)
{
	const struct svg_options *options = picture->options;
	double columns = (width - 2 * TEXT_PADDING) /
			 (options->font_size * CHARACTER_WIDTH);

	/* picture/layout.js does the same. */
	if (columns < LABEL_COLUMNS &&
	    columns < (double)xml_columns(name->text, name->length,
					  LABEL_COLUMNS))
		return;
	picture_number(picture, "<text x=\"", x + TEXT_PADDING, 2);
	picture_number(picture, "\" y=\"",
		       y + (options->frame_height - 1) * 0.5 +
			       options->font_size * 0.3,
		       2);
	fputs("\">", picture->output);
	xml_clipped(picture->output, name->text, name->length, (size_t)columns);
	fputs("</text>", picture->output);
}

static void draw_rectangle(const struct picture *picture, const char *class,
			   double x, double y, double width)
{
	fprintf(picture->output, "<rect%s", class);
	picture_number(picture, " x=\"", x, 2);
	picture_number(picture, "\" y=\"", y, 2);
	/* A seam between neighbours, where there is room for one. */
	picture_number(picture, "\" width=\"",
		       width > 2 ? width - 0.6 : width * 0.8, 3);
	fprintf(picture->output, "\" height=\"%u\" fill=\"",
		picture->options->frame_height - 1);
}

/* The rectangle and its label, at a place in pixels. */
static void draw_box(const struct picture *picture, const struct place *place,
		     const struct name *name)
{
	const struct svg_options *options = picture->options;
	unsigned int row = options->inverted ?
				   place->level :
				   picture->levels - 1 - place->level;
	double x = MARGIN + place->start * picture->scale;
	double y = HEADER + (double)row * options->frame_height;
	double width = weight_of(picture, place->node) * picture->scale;

	draw_rectangle(picture, "", x, y, width);
	fprintf(picture->output, "#%06x\"/>",
		(unsigned int)fill_of(picture, place->node, name));
	if (name->kind == FRAME_UNSEEN) {
		draw_rectangle(picture, " class=\"hatch\"", x, y, width);
		fputs("url(#hatch)\"/>", picture->output);
	}
	draw_label(picture, name, x, y, width);
}

static void draw_frame(struct picture *picture, const struct place *place)
{
	struct name name = name_of(picture, place->node);
	const struct attribute_set *set = set_of(picture, place->node, &name);

	fprintf(picture->output, "<g role=\"treeitem\" aria-level=\"%u\"",
		place->level + 1);
	picture_number(picture, " data-x=\"", place->start, 6);
	picture_number(picture, "\" data-w=\"", weight_of(picture, place->node),
		       6);
	fputs("\"", picture->output);
	if (set)
		put_attribute(picture, "class", set->class);
	fputs(">", picture->output);
	draw_title(picture, place->node, &name, set);
	if (set && set->href) {
		fputs("<a", picture->output);
		put_attribute(picture, "href", set->href);
		put_attribute(picture, "target",
			      set->target ? set->target : "_top");
		fputs(" rel=\"noopener noreferrer\">", picture->output);
	}
	draw_box(picture, place, &name);
	fputs(set && set->href ? "</a></g>\n" : "</g>\n", picture->output);
	picture->drawn++;
}

void frames_draw(struct picture *picture)
{
	walk(picture, draw_frame);
}
