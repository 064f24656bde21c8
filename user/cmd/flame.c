// SPDX-License-Identifier: GPL-2.0
/*
 * dither flame: anybody's profile as a flame graph.
 */
#include "cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/alloc.h"
#include "../base/decimal.h"
#include "../profile/interval.h"
#include "../profile/reverse.h"
#include "../render/svg.h"
#include "flame_html.h"
#include "flame_overlay.h"
#include "options.h"
#include "output.h"

enum {
	OPTION_TITLE = OPTION_OWN,
	OPTION_SUBTITLE,
	OPTION_WIDTH,
	OPTION_HEIGHT,
	OPTION_MINWIDTH,
	OPTION_FONTSIZE,
	OPTION_FONTTYPE,
	OPTION_COLORS,
	OPTION_COLOR,
	OPTION_INVERTED,
	OPTION_COUNTNAME,
	OPTION_REVERSE,
	OPTION_BASE,
	OPTION_HTML,
};

static const char help[] =
	"usage: dither flame [options] [FILE]\n"
	"Draw a recording, perf-script text or folded stacks ('-': standard\n"
	"input; gzip and zstd are unpacked) as a flame graph: one file to open\n"
	"in a browser.\n"
	"\n" OPTIONS_SYMBOLS_HELP OPTIONS_ROOTS_HELP OPTIONS_TEXT_HELP
	"  -o, --output FILE  where to (default: standard output; if that is\n"
	"                     a terminal, the input's name with .svg or .html)\n"
	"      --html         a page instead of a picture: flame, icicle, callers\n"
	"                     and callees, table, time, each event\n"
	"      --title TEXT, --subtitle TEXT\n"
	"      --width N      pixels where no script runs (1200)\n"
	"      --height N     of a frame, pixels (16)\n"
	"      --minwidth N   leave out narrower frames: pixels (0.1), or N%\n"
	"      --fontsize N   pixels (12)\n"
	"      --fonttype FONT  of the frames (a fixed-width one)\n"
	"      --colors NAME  kind (default: user, kernel and generated code\n"
	"                     apart), hot, mem, io, red, green, blue, aqua,\n"
	"                     yellow, purple, orange, grey\n"
	"      --color RATIO  of events, instead of --colors: ipc (instructions per\n"
	"                     cycle), miss:EVENT (events per 1000 instructions);\n"
	"                     the width stays what it is\n"
	"      --inverted, --icicle  the root on top\n"
	"      --reverse      stacks from the innermost function outwards\n"
	"      --base FILE    colour by the change from this profile: red grew,\n"
	"                     blue shrank\n"
	"      --countname TEXT  what is counted (samples)\n"
	"  -h, --help         this text\n";

static const struct option long_options[] = {
	OPTIONS_SYMBOLS,
	OPTIONS_ROOTS,
	OPTIONS_TEXT,
	{ "output", required_argument, NULL, 'o' },
	{ "title", required_argument, NULL, OPTION_TITLE },
	{ "subtitle", required_argument, NULL, OPTION_SUBTITLE },
	{ "width", required_argument, NULL, OPTION_WIDTH },
	{ "height", required_argument, NULL, OPTION_HEIGHT },
	{ "minwidth", required_argument, NULL, OPTION_MINWIDTH },
	{ "fontsize", required_argument, NULL, OPTION_FONTSIZE },
	{ "fonttype", required_argument, NULL, OPTION_FONTTYPE },
	{ "colors", required_argument, NULL, OPTION_COLORS },
	{ "color", required_argument, NULL, OPTION_COLOR },
	{ "inverted", no_argument, NULL, OPTION_INVERTED },
	{ "icicle", no_argument, NULL, OPTION_INVERTED },
	{ "reverse", no_argument, NULL, OPTION_REVERSE },
	{ "base", required_argument, NULL, OPTION_BASE },
	{ "html", no_argument, NULL, OPTION_HTML },
	{ "countname", required_argument, NULL, OPTION_COUNTNAME },
	{ NULL, 0, NULL, 0 },
};

struct flame_options {
	struct input_options input;
	struct svg_options svg;
	bool reverse;
	bool html;	   /* a page */
	const char *base;  /* NULL: no differences */
	const char *color; /* a ratio of events, or NULL */
};

static int bad_value(const char *option, const char *least, const char *most)
{
	error_print("flame: --%s: '%s' is not a number from %s to %s", option,
		    optarg, least, most);
	return EXIT_USAGE;
}

/* And nothing else but @suffix. */
static bool parse_number(const char *text, double least, double most,
			 const char *suffix, double *value)
{
	return decimal_read(text, value, &text) && !strcmp(text, suffix) &&
	       *value >= least && *value <= most;
}

static int take_size(struct svg_options *svg, int option)
{
	double value = 0;

	switch (option) {
	case OPTION_WIDTH:
		if (!parse_number(optarg, 200, 100000, "", &value))
			return bad_value("width", "200", "100000");
		svg->width = (unsigned int)value;
		return 0;
	case OPTION_HEIGHT:
		if (!parse_number(optarg, 6, 200, "", &value))
			return bad_value("height", "6", "200");
		svg->frame_height = (unsigned int)value;
		return 0;
	case OPTION_FONTSIZE:
		if (!parse_number(optarg, 2, 100, "", &svg->font_size))
			return bad_value("fontsize", "2", "100");
		return 0;
	default:
		svg->min_width_percent = strchr(optarg, '%');
		if (!parse_number(
			    optarg, 0, svg->min_width_percent ? 100 : 100000,
			    svg->min_width_percent ? "%" : "", &svg->min_width))
			return bad_value("minwidth", "0",
					 "100000, or 0% to 100%");
		return 0;
	}
}

static int take_option(struct svg_options *svg, int option, char **argv)
{
	switch (option) {
	case OPTION_TITLE:
		svg->title = optarg;
		return 0;
	case OPTION_SUBTITLE:
		svg->subtitle = optarg;
		return 0;
	case OPTION_FONTTYPE:
		svg->font = optarg;
		return 0;
	case OPTION_COUNTNAME:
		svg->count_name = optarg;
		return 0;
	case OPTION_INVERTED:
		svg->inverted = true;
		return 0;
	case OPTION_WIDTH:
	case OPTION_HEIGHT:
	case OPTION_MINWIDTH:
	case OPTION_FONTSIZE:
		return take_size(svg, option);
	case OPTION_COLORS:
		svg->palette = colour_palette(optarg);
		if (svg->palette)
			return 0;
		error_print("flame: --colors: '%s' is none of %s", optarg,
			    colour_palettes());
		return EXIT_USAGE;
	default:
		return options_wrong(option, argv);
	}
}

/* "make -j8 · buildhost · 997 Hz stratified", as far as it is known. */
static char *describe(const struct recording *recording)
{
	const char *command = recording_meta(recording, "command");
	const char *host = recording_meta(recording, "host");
	const char *policy = recording_meta(recording, "policy");
	double ns = (double)recording_number(recording, "period_ns");
	char rate[DECIMAL_MAX] = "";
	char *text, *trimmed;

	if (ns > 0)
		decimal_trimmed(rate, 1e9 / ns, 1);
	text = alloc_format("%s%s%s%s%s%s%s%s%s", command ? " · " : "",
			    command ? command : "", host ? " · " : "",
			    host ? host : "", *rate || policy ? " · " : "",
			    rate, *rate ? " Hz" : "",
			    *rate && policy ? " " : "", policy ? policy : "");
	trimmed = *text ? alloc_string(text + strlen(" · ")) : NULL;
	free(text);
	return trimmed;
}

/* What only a recording knows of the picture. */
static int prepare_recording(const struct load *load, const char *color,
			     struct flame_overlay *overlay,
			     struct svg_options *svg, struct error *error)
{
	if (!svg->count_name)
		svg->count_name = weigh_unit(&load->weigh, &load->events);
	if (!color)
		return 0;
	svg->overlay = &overlay->overlay;
	return flame_overlay_make(overlay, load, color, error);
}

/* What only the kind of input knows of the picture. */
static int prepare(const struct input *input, const char *color,
		   struct flame_overlay *overlay, struct svg_options *svg,
		   struct error *error)
{
	const struct folded_summary *folded = &input->folded;
	double total = profile_total(input->profile);

	/* svg_write() would say so too, but the file would exist by then. */
	if (!(total > 0))
		return error_set(error, -ENODATA, "%s: no samples to draw",
				 input->name);
	if (folded->stacks > 1 && folded->two_counts == folded->stacks)
		return error_set(
			error, -EINVAL,
			"%s: two counts a line, but a flame graph shows one",
			input->name);
	if (input->kind != INPUT_FOLDED)
		svg->effective = interval_effective(
			total, profile_squares(input->profile));
	if (input->kind == INPUT_RECORDING)
		return prepare_recording(&input->load, color, overlay, svg,
					 error);
	if (color)
		return error_set(error, -EINVAL,
				 "%s: --color needs a recording: %s",
				 input->name,
				 input->kind == INPUT_FOLDED ?
					 "folded stacks have no counts" :
					 "perf-script text has no counts");
	if (!svg->count_name)
		svg->count_name = "samples";
	return 0;
}

/* What the options make of the input before it is drawn. */
struct stage {
	struct input input, base;
	struct profile *reversed, *base_reversed;
	const struct profile *drawn; /* one of those */
	struct difference *difference;
	struct flame_overlay overlay;
	char *subtitle;
};

static int read_base(const struct flame_options *options, struct stage *stage,
		     struct error *error)
{
	struct input_options own = options->input;
	int result;

	own.load.path = options->base;
	result = input_open(&own, &stage->base, error);
	if (result)
		return result;
	if (options->reverse)
		stage->base_reversed = profile_reversed(stage->base.profile);
	return 0;
}

static void arrange(const struct flame_options *options, struct stage *stage)
{
	const struct profile *profile = stage->input.profile;
	const struct profile *base = stage->base.profile;

	if (options->reverse)
		profile = stage->reversed = profile_reversed(profile);
	if (stage->base_reversed)
		base = stage->base_reversed;
	if (base)
		stage->difference = difference_new(profile, base);
	stage->drawn = profile;
}

static void close_stage(struct stage *stage)
{
	difference_free(stage->difference);
	profile_free(stage->reversed);
	profile_free(stage->base_reversed);
	if (stage->base.profile)
		input_close(&stage->base);
	input_close(&stage->input);
	free(stage->subtitle);
}

static int draw_page(const struct flame_options *options, struct stage *stage,
		     const struct svg_options *svg, FILE *output)
{
	const struct html_options html = {
		.title = svg->title,
		.subtitle = svg->subtitle,
		.palette = svg->palette,
		.inverted = svg->inverted,
	};
	struct error error;

	if (!flame_html(&options->input, &stage->input, svg->count_name, &html,
			output, &error))
		return 0;
	error_print("%s", error.text);
	return -1;
}

static int draw(const struct flame_options *options, struct stage *stage,
		const struct svg_options *svg, const char *path)
{
	const char *name = options->input.load.path;
	char *own_path = NULL;
	int code = EXIT_CANNOT, result;
	FILE *output;

	if (!path && isatty(STDOUT_FILENO)) {
		own_path = alloc_format("%s.%s",
					strcmp(name, "-") ? name : "flame",
					options->html ? "html" : "svg");
		path = own_path;
		error_print("writing %s", path);
	}
	output = output_open(path);
	if (output) {
		result = options->html ?
				 draw_page(options, stage, svg, output) :
				 svg_write(stage->drawn, svg, output, NULL);
		code = output_close(output, path);
		if (result && !code)
			code = EXIT_CANNOT;
	}
	free(own_path);
	return code;
}

static int flame(const struct flame_options *options, const char *path)
{
	struct svg_options svg = options->svg;
	struct stage stage = { 0 };
	struct error error = { "" };
	int code = EXIT_USAGE;

	if (input_open(&options->input, &stage.input, &error)) {
		error_print("%s", error.text);
		return EXIT_USAGE;
	}
	if (prepare(&stage.input, options->color, &stage.overlay, &svg,
		    &error) ||
	    (options->base && read_base(options, &stage, &error))) {
		error_print("%s", error.text);
		goto out;
	}
	if (stage.input.kind == INPUT_RECORDING)
		stage.subtitle = describe(stage.input.load.recording);
	if (!svg.subtitle)
		svg.subtitle = stage.subtitle;
	arrange(options, &stage);
	svg.difference = stage.difference;
	code = draw(options, &stage, &svg, path);
out:
	close_stage(&stage);
	return code;
}

int cmd_flame(int argc, char **argv)
{
	struct flame_options options = { 0 };
	const char *path = NULL;
	int option;

	svg_defaults(&options.svg);
	options.svg.count_name = NULL;
	options_begin();
	while ((option = getopt_long(argc, argv, ":hi:o:", long_options,
				     NULL)) != -1) {
		if (options_take_input(&options.input, option))
			continue;
		switch (option) {
		case 'o':
			path = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_DONE;
		case OPTION_REVERSE:
			options.reverse = true;
			break;
		case OPTION_BASE:
			options.base = optarg;
			break;
		case OPTION_COLOR:
			options.color = optarg;
			break;
		case OPTION_HTML:
			options.html = options.input.times = true;
			break;
		default:
			if (take_option(&options.svg, option, argv))
				return EXIT_USAGE;
		}
	}
	if (options_input(&options.input.load, argc, argv))
		return EXIT_USAGE;
	if (options.html && (options.base || options.reverse || options.color)) {
		error_print("flame: --html does not go with --%s",
			    options.base    ? "base" :
			    options.reverse ? "reverse" :
					      "color");
		return EXIT_USAGE;
	}
	/* Ratios are of the recording's own stacks, and there is one colour. */
	if (options.color && (options.base || options.reverse)) {
		error_print("flame: --color does not go with --%s",
			    options.base ? "base" : "reverse");
		return EXIT_USAGE;
	}
	return flame(&options, path);
}
