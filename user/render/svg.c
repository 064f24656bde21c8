// SPDX-License-Identifier: GPL-2.0
/*
 * Draws the tree from left to right and from the root outwards. Each frame is
 * one group: its <title> (name, newline, figures) is the tooltip of viewers
 * without scripts, data-x and data-w are its place in weights, from which
 * script.js lays the picture out again at any zoom and width.
 */
#include "svg.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/decimal.h"
#include "../profile/interval.h"
#include "assets.h"
#include "legend.h"
#include "xml.h"

/* Pixels; script.js knows the margin and the padding, too. */
#define MARGIN 12
#define HEADER 64
#define FOOTER 40
#define TEXT_PADDING 3
#define TITLE_SIZE 18
#define SMALL_SIZE 12
#define CHARACTER_WIDTH 0.61 /* of a fixed-width font, in its size */
#define LABEL_COLUMNS 5	     /* fewer than three letters say nothing */
#define UI_FONT "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"

struct picture {
	const struct profile *profile;
	const struct svg_options *options;
	FILE *output;
	double total;
	double scale; /* pixels per weight */
	double min_weight;
	double left_out;     /* weight of frames too narrow to draw */
	unsigned int levels; /* of the frames that are drawn */
	bool kinds[FRAME_KINDS];
};

struct place {
	uint32_t node;
	unsigned int level; /* 0: root */
	double start;	    /* in weights */
};

typedef void (*visit_frame)(struct picture *picture, const struct place *place);

void svg_defaults(struct svg_options *options)
{
	*options = (struct svg_options){
		.title = "Flame graph",
		.count_name = "samples",
		.font = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, "
			"monospace",
		.palette = colour_palette("kind"),
		.width = 1200,
		.frame_height = 16,
		.font_size = 12,
		.min_width = 0.1,
	};
}

/* Visit every frame wide enough, parents first; what is not adds up. */
static void walk(struct picture *picture, visit_frame visit)
{
	struct place *path = NULL, next = { .node = PROFILE_ROOT };
	size_t room = 0, depth = 0;

	picture->left_out = 0;
	for (;;) {
		const struct profile_node *node =
			profile_node(picture->profile, next.node);
		uint32_t child = PROFILE_NONE;

		if (node->total > 0 && node->total >= picture->min_weight) {
			visit(picture, &next);
			child = node->first_child;
		} else {
			picture->left_out += node->total;
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
		} while (depth && node->next_sibling == PROFILE_NONE);
		if (!depth)
			break;
		next.node = node->next_sibling;
		next.start += node->total;
	}
	free(path);
}

static const char *frame_name(const struct picture *picture,
			      const struct place *place, size_t *length,
			      enum frame_kind *kind)
{
	uint32_t name = profile_node(picture->profile, place->node)->name;
	const char *text;

	if (name == PROFILE_NONE) {
		*kind = FRAME_UNNAMED;
		*length = strlen("all");
		return "all";
	}
	text = profile_text(picture->profile, name);
	*length = profile_text_length(picture->profile, name);
	*kind = colour_kind(text, length);
	if (*length)
		return text;
	*length = strlen("[empty]");
	return "[empty]";
}

static void survey_frame(struct picture *picture, const struct place *place)
{
	enum frame_kind kind;
	size_t length;

	frame_name(picture, place, &length, &kind);
	if (place->level + 1 > picture->levels)
		picture->levels = place->level + 1;
	if (place->node != PROFILE_ROOT)
		picture->kinds[kind] = true;
}

static void put_number(const struct picture *picture, const char *before,
		       double value, unsigned int decimals)
{
	char buffer[DECIMAL_MAX];

	fputs(before, picture->output);
	fputs(decimal_trimmed(buffer, value, decimals), picture->output);
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
	if (isinf(interval.high))
		return;
	fprintf(picture->output, " (95%% sure: %s",
		decimal_fixed(buffer, interval.low, decimals));
	fprintf(picture->output, "–%s)",
		decimal_fixed(buffer, interval.high, decimals));
}

static void put_figures(const struct picture *picture, double weight)
{
	const struct svg_options *options = picture->options;
	struct interval interval;
	char buffer[DECIMAL_MAX];

	fputs(decimal_grouped(buffer, weight, 6), picture->output);
	fputs(" ", picture->output);
	xml_text(picture->output, options->count_name,
		 strlen(options->count_name));
	put_percent(picture, ", ", weight / picture->total);
	fputs("%", picture->output);
	if (!(options->effective > 0) || weight >= picture->total)
		return;
	interval = interval_share(weight, picture->total, options->effective);
	put_percent(picture, " (95% sure: ", interval.low);
	put_percent(picture, "–", interval.high);
	fputs("%)", picture->output);
}

/* "; +1.20 points, self -0.30" */
static void put_difference(const struct picture *picture, uint32_t node)
{
	const struct difference *difference = picture->options->difference;
	double total, self;

	if (!difference)
		return;
	total = difference_total(difference, node);
	self = difference_self(difference, node);
	put_percent(picture, total < 0 ? "; -" : "; +", fabs(total));
	put_percent(picture, self < 0 ? " points, self -" : " points, self +",
		    fabs(self));
}

static uint32_t fill_of(const struct picture *picture, uint32_t node,
			enum frame_kind kind, const char *name, size_t length)
{
	const struct svg_options *options = picture->options;
	const struct overlay *overlay = options->overlay;
	struct interval interval;

	if (options->difference)
		return difference_colour(options->difference, node);
	if (overlay)
		return overlay_colour(overlay, overlay->value(overlay->context,
							      node, &interval));
	return colour_frame(options->palette, kind, name, length);
}

static void draw_label(const struct picture *picture, const char *name,
		       size_t length, double x, double y, double width)
{
	const struct svg_options *options = picture->options;
	double columns = (width - 2 * TEXT_PADDING) /
			 (options->font_size * CHARACTER_WIDTH);

	/* script.js does the same. */
	if (columns < LABEL_COLUMNS &&
	    columns < (double)xml_columns(name, length, LABEL_COLUMNS))
		return;
	put_number(picture, "<text x=\"", x + TEXT_PADDING, 2);
	put_number(picture, "\" y=\"",
		   y + (options->frame_height - 1) * 0.5 +
			   options->font_size * 0.3,
		   2);
	fputs("\">", picture->output);
	xml_clipped(picture->output, name, length, (size_t)columns);
	fputs("</text>", picture->output);
}

static void draw_frame(struct picture *picture, const struct place *place)
{
	const struct svg_options *options = picture->options;
	double weight = profile_node(picture->profile, place->node)->total;
	unsigned int row = options->inverted ?
				   place->level :
				   picture->levels - 1 - place->level;
	double x = MARGIN + place->start * picture->scale;
	double y = HEADER + (double)row * options->frame_height;
	double width = weight * picture->scale;
	enum frame_kind kind;
	size_t length;
	const char *name = frame_name(picture, place, &length, &kind);

	fprintf(picture->output, "<g role=\"treeitem\" aria-level=\"%u\"",
		place->level + 1);
	put_number(picture, " data-x=\"", place->start, 6);
	put_number(picture, "\" data-w=\"", weight, 6);
	fputs("\"><title>", picture->output);
	xml_text(picture->output, name, length);
	fputs("\n", picture->output);
	put_figures(picture, weight);
	put_value(picture, place->node);
	put_difference(picture, place->node);
	put_number(picture, "</title><rect x=\"", x, 2);
	put_number(picture, "\" y=\"", y, 2);
	/* A seam between neighbours, where there is room for one. */
	put_number(picture, "\" width=\"",
		   width > 2 ? width - 0.6 : width * 0.8, 3);
	fprintf(picture->output, "\" height=\"%u\" fill=\"#%06x\"/>",
		options->frame_height - 1,
		(unsigned int)fill_of(picture, place->node, kind, name,
				      length));
	draw_label(picture, name, length, x, y, width);
	fputs("</g>\n", picture->output);
}

/* A line of the header, cut to the picture's width. */
static void draw_line(const struct picture *picture, const char *kind,
		      const char *text, unsigned int y, unsigned int size)
{
	double room = picture->options->width - 2 * MARGIN;

	fprintf(picture->output,
		"<text class=\"%s\" x=\"%d\" y=\"%u\" font-size=\"%u\" "
		"fill=\"%s\" data-text=\"",
		kind, MARGIN, y, size,
		size == TITLE_SIZE ? "#1f2328" : "#59636e");
	xml_text(picture->output, text, strlen(text));
	fputs("\">", picture->output);
	xml_clipped(picture->output, text, strlen(text),
		    (size_t)(room / (size * CHARACTER_WIDTH)));
	fputs("</text>\n", picture->output);
}

static void draw_header(const struct picture *picture)
{
	const struct svg_options *options = picture->options;
	char samples[DECIMAL_MAX], left_out[DECIMAL_MAX], limit[DECIMAL_MAX];
	double share = picture->left_out / picture->total * 100;
	char *text, *note = alloc_string("");

	decimal_grouped(samples, picture->total, 6);
	decimal_fixed(left_out, share, 2);
	decimal_trimmed(limit, options->min_width, 6);
	if (share >= 0.005) {
		free(note);
		note = alloc_format(" · frames narrower than %s%s not drawn: "
				    "%s%%",
				    limit,
				    options->min_width_percent ? "%" : " px",
				    left_out);
	}
	text = alloc_format("%s%s%s %s%s",
			    options->subtitle ? options->subtitle : "",
			    options->subtitle ? " · " : "", samples,
			    options->count_name, note);
	draw_line(picture, "title", options->title, 30, TITLE_SIZE);
	draw_line(picture, "subtitle", text, 50, SMALL_SIZE);
	free(text);
	free(note);
}

static void draw_legend(const struct picture *picture, unsigned int y)
{
	struct legend legend;
	FILE *output = picture->output;

	legend_of(picture->options, picture->kinds, &legend);
	if (!legend.count)
		return;
	put_number(picture,
		   "<g class=\"legend\" font-size=\"12\" "
		   "fill=\"#59636e\" data-width=\"",
		   legend.width, 1);
	put_number(picture, "\" transform=\"translate(",
		   fmax(MARGIN,
			picture->options->width - MARGIN - legend.width),
		   1);
	fprintf(output, ",%u)\">", y);
	if (*legend.name) {
		fputs("<text x=\"0\" y=\"0\">", output);
		xml_text(output, legend.name, strlen(legend.name));
		fputs("</text>", output);
	}
	for (unsigned int i = 0; i < legend.count; i++) {
		/* The gap comes first, so that the last text ends the line. */
		put_number(picture, "<rect x=\"", legend.entries[i].x + 14, 1);
		fprintf(output,
			"\" y=\"-10\" width=\"11\" height=\"11\" "
			"fill=\"#%06x\"/>",
			(unsigned int)legend.entries[i].colour);
		put_number(picture, "<text x=\"",
			   legend.entries[i].x + LEGEND_ROOM, 1);
		fprintf(output, "\" y=\"0\">%s</text>",
			legend.entries[i].label);
	}
	fputs("</g>\n", output);
}

static void begin(const struct picture *picture, double height)
{
	const struct svg_options *options = picture->options;
	FILE *output = picture->output;

	fprintf(output,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"dither\" "
		"width=\"%u\"",
		options->width);
	put_number(picture, " height=\"", height, 0);
	fprintf(output, "\" viewBox=\"0 0 %u", options->width);
	put_number(picture, " ", height, 0);
	fputs("\" font-family=\"" UI_FONT "\" role=\"group\" "
	      "aria-roledescription=\"flame graph\" aria-label=\"",
	      output);
	xml_text(output, options->title, strlen(options->title));
	put_number(picture, "\" data-total=\"", picture->total, 6);
	put_number(picture, "\" data-left-out=\"", picture->left_out, 6);
	fprintf(output, "\" data-inverted=\"%d\">\n<title>", options->inverted);
	xml_text(output, options->title, strlen(options->title));
	fprintf(output,
		"</title>\n<style><![CDATA[\n%s]]></style>\n"
		"<rect class=\"back\" width=\"100%%\" height=\"100%%\" "
		"fill=\"#ffffff\"/>\n",
		render_style);
}

int svg_write(const struct profile *profile, const struct svg_options *options,
	      FILE *output, struct error *error)
{
	double total = profile_node(profile, PROFILE_ROOT)->total;
	struct picture picture = {
		.profile = profile,
		.options = options,
		.output = output,
		.total = total,
		.scale = (options->width - 2 * MARGIN) / total,
	};
	double bottom;

	if (!(total > 0))
		return error_set(error, -ENODATA, "no samples to draw");
	picture.min_weight = options->min_width_percent ?
				     options->min_width / 100 * total :
				     options->min_width / picture.scale;
	if (picture.min_weight > total)
		picture.min_weight = total;
	walk(&picture, survey_frame);
	bottom = HEADER + (double)picture.levels * options->frame_height;
	begin(&picture, bottom + FOOTER);
	draw_header(&picture);
	fputs("<g class=\"frames\" role=\"tree\" aria-label=\"Stacks\" "
	      "fill=\"#16181d\" font-family=\"",
	      output);
	xml_text(output, options->font, strlen(options->font));
	put_number(&picture, "\" font-size=\"", options->font_size, 2);
	fputs("\">\n", output);
	walk(&picture, draw_frame);
	fputs("</g>\n", output);
	draw_legend(&picture, (unsigned int)bottom + 24);
	fprintf(output, "<script><![CDATA[\n%s]]></script>\n</svg>\n",
		render_script);
	return 0;
}
