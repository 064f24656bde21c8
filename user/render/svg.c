// SPDX-License-Identifier: GPL-2.0
/* The document around the frames: header, legend, style and script. */
#include "svg.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/decimal.h"
#include "../base/xml.h"
#include "assets.h"
#include "legend.h"
#include "svg_frames.h"
#include "svg_picture.h"

#define TITLE_SIZE 18
#define SMALL_SIZE 12
#define UI_FONT "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"

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
		.factor = 1,
	};
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

/* " · frames narrower than 0.1 px not drawn: 1.20%", or "". To be freed. */
static char *tell_left_out(const struct picture *picture)
{
	double share = picture->left_out / picture->total * 100;
	char left_out[DECIMAL_MAX], limit[DECIMAL_MAX];

	if (share < 0.005)
		return alloc_string("");
	decimal_fixed(left_out, share, 2);
	decimal_trimmed(limit, picture->options->min_width, 6);
	return alloc_format(" · frames narrower than %s%s not drawn: %s%%",
			    limit,
			    picture->options->min_width_percent ? "%" : " px",
			    left_out);
}

/* " · only in the other profile: -1.20 points", or "". To be freed. */
static char *tell_gone(const struct picture *picture)
{
	const struct difference *difference = picture->options->difference;
	double change = difference ? difference_gone_all(difference) * 100 : 0;
	char points[DECIMAL_MAX];

	if (fabs(change) < 0.005)
		return alloc_string("");
	decimal_fixed(points, fabs(change), 2);
	return alloc_format(" · only in the other profile: %s%s points",
			    change < 0 ? "-" : "+", points);
}

static void draw_header(const struct picture *picture)
{
	const struct svg_options *options = picture->options;
	char *left_out = tell_left_out(picture), *gone = tell_gone(picture);
	char samples[DECIMAL_MAX], *text;

	decimal_grouped(samples, picture->total * options->factor, 6);
	text = alloc_format("%s%s%s %s%s%s",
			    options->subtitle ? options->subtitle : "",
			    options->subtitle ? " · " : "", samples,
			    options->count_name, gone, left_out);
	draw_line(picture, "title", options->title, 30, TITLE_SIZE);
	draw_line(picture, "subtitle", text, 50, SMALL_SIZE);
	free(text);
	free(left_out);
	free(gone);
}

static void draw_legend(const struct picture *picture, unsigned int y)
{
	struct legend legend;
	FILE *output = picture->output;

	legend_of(picture->options, picture->kinds, &legend);
	if (!legend.count)
		return;
	picture_number(picture,
		       "<g class=\"legend\" font-size=\"12\" "
		       "fill=\"#59636e\" transform=\"translate(",
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
		picture_number(picture, "<rect x=\"", legend.entries[i].x + 14,
			       1);
		fprintf(output,
			"\" y=\"-10\" width=\"11\" height=\"11\" "
			"fill=\"#%06x\"/>",
			(unsigned int)legend.entries[i].colour);
		if (legend.entries[i].hatched) {
			picture_number(picture, "<rect class=\"hatch\" x=\"",
				       legend.entries[i].x + 14, 1);
			fputs("\" y=\"-10\" width=\"11\" height=\"11\" "
			      "fill=\"url(#hatch)\"/>",
			      output);
		}
		picture_number(picture, "<text x=\"",
			       legend.entries[i].x + LEGEND_ROOM, 1);
		fprintf(output, "\" y=\"0\">%s</text>",
			legend.entries[i].label);
	}
	fputs("</g>\n", output);
}

static void put_colour(const struct picture *picture, const char *before,
		       uint32_t colour)
{
	fprintf(picture->output, "%s#%06x", before, (unsigned int)colour);
}

/* Without a choice, dark where the viewer prefers that. */
static void draw_style(const struct picture *picture)
{
	const struct background *background = picture->options->background;
	FILE *output = picture->output;

	fprintf(output, "<style><![CDATA[\n%s", render_style);
	if (!background) {
		fprintf(output, "@media (prefers-color-scheme: dark) {\n%s}\n",
			render_dark_style);
	} else {
		if (background->dark)
			fputs(render_dark_style, output);
		put_colour(picture,
			   ".dither { background: ", background->bottom);
		fputs("; }\n.dither .back { fill: url(#background); }\n",
		      output);
	}
	fputs("]]></style>\n", output);
	if (background) {
		fputs("<defs><linearGradient id=\"background\" x2=\"0\" "
		      "y2=\"1\">",
		      output);
		put_colour(picture, "<stop offset=\"0.05\" stop-color=\"",
			   background->top);
		put_colour(picture, "\"/><stop offset=\"0.95\" stop-color=\"",
			   background->bottom);
		fputs("\"/></linearGradient></defs>\n", output);
	}
	if (picture->kinds[FRAME_UNSEEN])
		fputs("<defs><pattern id=\"hatch\" width=\"7\" height=\"7\" "
		      "patternUnits=\"userSpaceOnUse\" "
		      "patternTransform=\"rotate(45)\">"
		      "<rect width=\"2\" height=\"7\" fill=\"#16181d\" "
		      "fill-opacity=\"0.2\"/></pattern></defs>\n",
		      output);
	fprintf(output,
		"<rect class=\"back\" width=\"100%%\" height=\"100%%\" "
		"fill=\"%s\"/>\n",
		background ? "url(#background)" : "#ffffff");
}

static void put_escaped(const struct picture *picture, const char *before,
			const char *text)
{
	fputs(before, picture->output);
	xml_text(picture->output, text, strlen(text));
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
	picture_number(picture, " height=\"", height, 0);
	fprintf(output, "\" viewBox=\"0 0 %u", options->width);
	picture_number(picture, " ", height, 0);
	put_escaped(picture,
		    "\" font-family=\"" UI_FONT "\" role=\"group\" "
		    "aria-roledescription=\"flame graph\" aria-label=\"",
		    options->title);
	picture_number(picture, "\" data-total=\"", picture->total, 6);
	picture_number(picture, "\" data-left-out=\"", picture->left_out, 6);
	if (options->name_type)
		put_escaped(picture, "\" data-name-type=\"",
			    options->name_type);
	fprintf(output, "\" data-inverted=\"%d\">\n", options->inverted);
	put_escaped(picture, "<title>", options->title);
	fputs("</title>\n", output);
	if (options->notes) {
		put_escaped(picture, "<desc>", options->notes);
		fputs("</desc>\n", output);
	}
	draw_style(picture);
}

int svg_write(const struct profile *profile, const struct svg_options *options,
	      FILE *output, struct error *error)
{
	double total = profile_node(profile, PROFILE_ROOT).total;
	struct picture picture = {
		.profile = profile,
		.options = options,
		.output = output,
		.total = options->whole > total ? options->whole : total,
	};
	double bottom;

	if (!(total > 0))
		return error_set(error, -ENODATA, "no samples to draw");
	picture.scale = (options->width - 2 * MARGIN) / picture.total;
	picture.min_weight = options->min_width_percent ?
				     options->min_width / 100 * picture.total :
				     options->min_width / picture.scale;
	if (picture.min_weight > picture.total)
		picture.min_weight = picture.total;
	frames_survey(&picture);
	bottom = HEADER + (double)picture.levels * options->frame_height;
	begin(&picture, bottom + FOOTER);
	draw_header(&picture);
	fputs("<g class=\"frames\" role=\"tree\" aria-label=\"Stacks\" "
	      "fill=\"#16181d\"",
	      output);
	put_escaped(&picture, " font-family=\"", options->font);
	picture_number(&picture, "\" font-size=\"", options->font_size, 2);
	fputs("\">\n", output);
	frames_draw(&picture);
	fputs("</g>\n", output);
	draw_legend(&picture, (unsigned int)bottom + 24);
	fprintf(output, "<script><![CDATA[\n%s]]></script>\n</svg>\n",
		render_script);
	return 0;
}
