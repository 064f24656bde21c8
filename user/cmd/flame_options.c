// SPDX-License-Identifier: GPL-2.0
/*
 * Names and meanings are flamegraph.pl's where that has such an option, so that
 * its users find what they know.
 */
#include "flame_options.h"

#include <string.h>

#include "../base/decimal.h"
#include "../load/confidence.h"
#include "../load/input_options.h"
#include "cmd.h"

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
	OPTION_NAMETYPE,
	OPTION_BGCOLORS,
	OPTION_HASH,
	OPTION_RANDOM,
	OPTION_CP,
	OPTION_FLAMECHART,
	OPTION_NEGATE,
	OPTION_NOTES,
	OPTION_ENCODING,
	OPTION_NAMEATTR,
	OPTION_TOTAL,
	OPTION_FACTOR,
	OPTION_CONFIDENCE,
};

const char flame_help[] =
	"usage: dither flame [options] [FILE]\n"
	"Draw a recording, perf-script text or folded stacks ('-': standard\n"
	"input; gzip and zstd are unpacked) as a flame graph: one file to open\n"
	"in a browser.\n"
	"\n" OPTIONS_SYMBOLS_HELP OPTIONS_ROOTS_HELP OPTIONS_TEXT_HELP
		OPTIONS_UNSEEN_HELP
	"  -o, --output FILE  where to (default: standard output; if that is\n"
	"                     a terminal, the input's name with .svg or .html)\n"
	"      --html         a page instead of a picture: flame, icicle, callers\n"
	"                     and callees, table, time, each event\n"
	"      --title TEXT, --subtitle TEXT\n"
	"      --width N      pixels where no script runs (1200)\n"
	"      --height N     of a frame, pixels (16)\n"
	"      --confidence P  intervals for P%, and frames that are no more than\n"
	"                     noise by them are one, [noise]\n"
	"      --minwidth N   leave out narrower frames: pixels (0.1), or N%\n"
	"      --fontsize N   pixels (12)\n"
	"      --fonttype FONT  of the frames (a fixed-width one)\n"
	"      --bgcolors NAME  yellow, blue, green, grey, #rrggbb (light or dark,\n"
	"                     as the viewer prefers)\n"
	"      --colors NAME  kind (default: user, kernel and generated code\n"
	"                     apart), java, js, perl, chain, wakeup, hot, mem, io,\n"
	"                     red, green, blue, aqua, yellow, purple, orange, grey\n"
	"      --hash         each function has its colour, in every picture\n"
	"                     (default)\n"
	"      --random       frames of one function differ in colour, too\n"
	"      --cp[=FILE]    take functions' colours from FILE (palette.map), and\n"
	"                     add those that it lacks\n"
	"      --color RATIO  of events, instead of --colors: ipc (instructions per\n"
	"                     cycle), miss:EVENT (events per 1000 instructions);\n"
	"                     the width stays what it is\n"
	"      --inverted, --icicle  the root on top\n"
	"      --reverse      stacks from the innermost function outwards\n"
	"      --flamechart   in the order of time or, of folded stacks, of the\n"
	"                     lines; with --tid and the like, of each by itself\n"
	"      --base FILE    colour by the change from this profile: red grew,\n"
	"                     blue shrank; so are folded stacks with two counts\n"
	"      --negate       the change is from this profile to the other\n"
	"      --countname TEXT  what is counted (samples)\n"
	"      --nametype TEXT  stands before names in tooltips\n"
	"      --factor N     counts are shown times N\n"
	"      --total N      what the full width stands for, if not the sum\n"
	"      --nameattr FILE  links, tooltips and classes of functions\n"
	"      --notes TEXT   for readers of the file\n"
	"      --encoding UTF-8  of all text, and no other\n"
	"  -h, --help         this text\n";

static const struct option long_options[] = {
	OPTIONS_SYMBOLS,
	OPTIONS_ROOTS,
	OPTIONS_TEXT,
	OPTIONS_UNSEEN,
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
	{ "nametype", required_argument, NULL, OPTION_NAMETYPE },
	{ "bgcolors", required_argument, NULL, OPTION_BGCOLORS },
	{ "hash", no_argument, NULL, OPTION_HASH },
	{ "random", no_argument, NULL, OPTION_RANDOM },
	{ "cp", optional_argument, NULL, OPTION_CP },
	{ "flamechart", no_argument, NULL, OPTION_FLAMECHART },
	{ "negate", no_argument, NULL, OPTION_NEGATE },
	{ "notes", required_argument, NULL, OPTION_NOTES },
	{ "encoding", required_argument, NULL, OPTION_ENCODING },
	{ "nameattr", required_argument, NULL, OPTION_NAMEATTR },
	{ "total", required_argument, NULL, OPTION_TOTAL },
	{ "factor", required_argument, NULL, OPTION_FACTOR },
	{ "confidence", required_argument, NULL, OPTION_CONFIDENCE },
	{ NULL, 0, NULL, 0 },
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

static int take_number(struct svg_options *svg, int option)
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
	case OPTION_TOTAL:
		if (!parse_number(optarg, 1e-6, 1e15, "", &svg->whole))
			return bad_value("total", "0.000001", "1e15");
		return 0;
	case OPTION_FACTOR:
		if (!parse_number(optarg, 1e-6, 1e12, "", &svg->factor))
			return bad_value("factor", "0.000001", "1e12");
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

static int take_palette(struct svg_options *svg)
{
	svg->palette = colour_palette(optarg);
	if (svg->palette)
		return 0;
	error_print("flame: --colors: '%s' is none of %s", optarg,
		    colour_palettes());
	return EXIT_USAGE;
}

static int take_background(struct flame_options *options)
{
	if (!background_named(optarg, &options->background)) {
		error_print("flame: --bgcolors: '%s' is none of yellow, blue, "
			    "green, grey, #rrggbb",
			    optarg);
		return EXIT_USAGE;
	}
	options->svg.background = &options->background;
	return 0;
}

/* There is no other: names of another kind are to be converted before. */
static int take_encoding(void)
{
	if (!strcasecmp(optarg, "UTF-8") || !strcasecmp(optarg, "utf8"))
		return 0;
	error_print("flame: --encoding: pictures are UTF-8; convert the input: "
		    "iconv -f '%s' -t UTF-8",
		    optarg);
	return EXIT_USAGE;
}

static int take_text(struct svg_options *svg, int option)
{
	switch (option) {
	case OPTION_TITLE:
		svg->title = optarg;
		break;
	case OPTION_SUBTITLE:
		svg->subtitle = optarg;
		break;
	case OPTION_FONTTYPE:
		svg->font = optarg;
		break;
	case OPTION_COUNTNAME:
		svg->count_name = optarg;
		break;
	case OPTION_NAMETYPE:
		svg->name_type = optarg;
		break;
	default:
		svg->notes = optarg;
	}
	return 0;
}

static void take_flag(struct flame_options *options, int option)
{
	switch (option) {
	case OPTION_INVERTED:
		options->svg.inverted = true;
		break;
	case OPTION_REVERSE:
		options->reverse = true;
		break;
	case OPTION_FLAMECHART:
		options->chart = true;
		break;
	case OPTION_NEGATE:
		options->negate = true;
		break;
	case OPTION_HTML:
		options->html = true;
		break;
	case OPTION_HASH:
	case OPTION_RANDOM:
		options->svg.random = option == OPTION_RANDOM;
		break;
	default:
		options->help = true;
	}
}

static void take_name(struct flame_options *options, int option)
{
	switch (option) {
	case 'o':
		options->output = optarg;
		break;
	case OPTION_BASE:
		options->base = optarg;
		break;
	case OPTION_NAMEATTR:
		options->attributes = optarg;
		break;
	default:
		options->map = optarg ? optarg : "palette.map";
	}
}

static int take_option(struct flame_options *options, int option, char **argv)
{
	switch (option) {
	case 'h':
	case OPTION_INVERTED:
	case OPTION_REVERSE:
	case OPTION_FLAMECHART:
	case OPTION_NEGATE:
	case OPTION_HTML:
	case OPTION_HASH:
	case OPTION_RANDOM:
		take_flag(options, option);
		return 0;
	case 'o':
	case OPTION_BASE:
	case OPTION_NAMEATTR:
	case OPTION_CP:
		take_name(options, option);
		return 0;
	case OPTION_TITLE:
	case OPTION_SUBTITLE:
	case OPTION_FONTTYPE:
	case OPTION_COUNTNAME:
	case OPTION_NAMETYPE:
	case OPTION_NOTES:
		return take_text(&options->svg, option);
	case OPTION_WIDTH:
	case OPTION_HEIGHT:
	case OPTION_MINWIDTH:
	case OPTION_FONTSIZE:
	case OPTION_TOTAL:
	case OPTION_FACTOR:
		return take_number(&options->svg, option);
	case OPTION_COLOR:
		/* flamegraph.pl's users write --color=java, too. */
		if (colour_palette(optarg))
			return take_palette(&options->svg);
		options->color = optarg;
		return 0;
	case OPTION_COLORS:
		return take_palette(&options->svg);
	case OPTION_BGCOLORS:
		return take_background(options);
	case OPTION_CONFIDENCE:
		options->merge_noise = true;
		return confidence_option("flame", optarg, &options->confidence);
	case OPTION_ENCODING:
		return take_encoding();
	default:
		return options_wrong(option, argv);
	}
}

/* Options that exclude each other: the first given of each list. */
static const char *first_of(const struct flame_options *options, bool html)
{
	const struct svg_options *svg = &options->svg;

	if (options->base && !html)
		return "base";
	if (options->reverse)
		return "reverse";
	if (options->color)
		return "color";
	if (!html)
		return NULL;
	return options->chart			  ? "flamechart" :
	       options->map			  ? "cp" :
	       options->attributes		  ? "nameattr" :
	       svg->background			  ? "bgcolors" :
	       svg->random			  ? "random" :
	       svg->name_type			  ? "nametype" :
	       svg->notes			  ? "notes" :
	       svg->whole > 0			  ? "total" :
	       svg->factor < 1 || svg->factor > 1 ? "factor" :
						    NULL;
}

static int contradiction(const char *one, const char *other)
{
	error_print("flame: --%s does not go with --%s", one, other);
	return EXIT_USAGE;
}

static int judge(const struct flame_options *options)
{
	const char *other = first_of(options, options->html);

	if (options->html && other)
		return contradiction("html", other);
	if (options->chart && other)
		return contradiction("flamechart", other);
	/* What is no noise here may be so there; the others need each stack. */
	if (options->merge_noise &&
	    (options->base || options->color || options->chart))
		return contradiction("confidence",
				     options->base  ? "base" :
				     options->color ? "color" :
						      "flamechart");
	/* Ratios are of the recording's own stacks, and there is one colour. */
	if (options->color && (options->base || options->reverse))
		return contradiction("color", other);
	if (options->map && (options->base || options->color))
		return contradiction("cp", other);
	return 0;
}

int flame_options_read(struct flame_options *options, int argc, char **argv)
{
	int option;

	memset(options, 0, sizeof(*options));
	svg_defaults(&options->svg);
	options->confidence = confidence_usual;
	options->svg.title = NULL;
	options->svg.count_name = NULL;
	options_begin();
	while ((option = getopt_long(argc, argv, ":hi:o:", long_options,
				     NULL)) != -1) {
		if (!options_take_input(&options->input, option) &&
		    take_option(options, option, argv))
			return EXIT_USAGE;
		if (options->help)
			return 0;
	}
	if (options_input(&options->input.load, argc, argv))
		return EXIT_USAGE;
	options->input.times = options->html;
	options->input.order = options->chart;
	return judge(options);
}
