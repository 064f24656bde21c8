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
#include "../base/output_file.h"
#include "../load/confidence.h"
#include "../load/weight_unit.h"
#include "../profile/flame_chart.h"
#include "../profile/reverse.h"
#include "../stats/noise.h"
#include "../text/folded_diff.h"
#include "flame_files.h"
#include "flame_html.h"
#include "flame_options.h"
#include "flame_overlay.h"

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

/* What the options make of the input before it is drawn. */
struct stage {
	struct input input, base;
	struct profile *before, *after; /* of two counts a line */
	struct profile *reversed, *base_reversed;
	struct profile *sure; /* without noise */
	struct chart chart;
	const struct profile *drawn; /* one of those */
	struct shares shares;
	struct difference *difference;
	struct flame_overlay overlay;
	struct palette_map *map;
	struct attributes *attributes;
	char *subtitle, *lost;
};

/* What only a recording knows of the picture. */
static int prepare_recording(const struct flame_options *options,
			     struct stage *stage, struct svg_options *svg,
			     struct error *error)
{
	const struct load *load = &stage->input.load;

	stage->lost = lost_text(&load->lost);
	stage->shares = confidence_shares(load, &options->confidence);
	svg->shares = &stage->shares;
	svg->unsure = confidence_none(load);
	svg->lost = stage->lost;
	if (options->merge_noise && svg->unsure)
		return error_set(error, -EINVAL,
				 "%s: --confidence: no interval holds: %s",
				 stage->input.name, svg->unsure);
	if (!options->color)
		return 0;
	svg->overlay = &stage->overlay.overlay;
	return flame_overlay_make(&stage->overlay, load, options->color, error);
}

/* What only the kind of input knows of the picture. */
static int prepare(const struct flame_options *options, struct stage *stage,
		   struct svg_options *svg, struct error *error)
{
	const struct input *input = &stage->input;
	double total = profile_total(input->profile);

	/* svg_write() would say so too, but the file would exist by then. */
	if (!(total > 0))
		return error_set(error, -ENODATA, "%s: no samples to draw",
				 input->name);
	if (!svg->count_name)
		svg->count_name = unit_of(input, &options->input);
	if (input->kind == INPUT_RECORDING)
		return prepare_recording(options, stage, svg, error);
	if (options->merge_noise)
		return error_set(
			error, -EINVAL,
			"%s: --confidence needs a recording: text does "
			"not say how it was sampled",
			input->name);
	if (options->color)
		return error_set(
			error, -EINVAL, "%s: --color needs a recording: %s",
			input->name,
			input->kind == INPUT_FOLDED ?
				"folded stacks have no counts" :
				"what perf script prints has no counts");
	return 0;
}

static int read_base(const struct flame_options *options, struct stage *stage,
		     struct error *error)
{
	struct input_options own = options->input;

	if (!options->base)
		return 0;
	own.load.path = options->base;
	return input_open(&own, &stage->base, error);
}

/* Two counts a line: a profile and the one before it. */
static int part_counts(const struct flame_options *options, struct stage *stage,
		       struct error *error)
{
	const struct input *input = &stage->input;
	const char *other = options->html  ? "html" :
			    options->chart ? "flamechart" :
			    options->base  ? "base" :
					     NULL;

	if (input->kind != INPUT_FOLDED || !two_counts_are(&input->folded))
		return 0;
	if (other)
		return error_set(error, -EINVAL,
				 "%s: two counts a line are a difference, "
				 "which does not go with --%s",
				 input->name, other);
	two_counts_split(input->profile, &stage->before, &stage->after);
	return 0;
}

static int read_files(const struct flame_options *options, struct stage *stage,
		      struct error *error)
{
	if (options->attributes) {
		stage->attributes =
			flame_attributes(options->attributes, error);
		if (!stage->attributes)
			return -EINVAL;
	}
	if (options->map) {
		stage->map = flame_palette_map(options->map, error);
		if (!stage->map)
			return -EINVAL;
	}
	return 0;
}

/* Frames that stand before functions, and are not to be torn by time. */
static unsigned int lanes_of(const struct flame_options *options,
			     const struct input *input)
{
	const struct load_options *load = &options->input.load;
	unsigned int asked = load->pid + load->tid + load->cpu, parts = 0;

	if (input->kind == INPUT_FOLDED)
		return 0;
	if (input->kind == INPUT_RECORDING)
		parts = input->load.weigh.by == WEIGH_ALL;
	else
		parts = !load->event && input->script.event_count > 1;
	/* The frames asked for stand on that of the command. */
	return parts + (asked ? 1 + asked : 0);
}

static void arrange(const struct flame_options *options, struct stage *stage)
{
	const struct profile *profile = stage->after ? stage->after :
						       stage->input.profile;
	const struct profile *base = stage->before ? stage->before :
						     stage->base.profile;

	if (options->reverse) {
		stage->reversed = profile_reversed(profile);
		profile = stage->reversed;
	}
	if (options->reverse && base) {
		stage->base_reversed = profile_reversed(base);
		base = stage->base_reversed;
	}
	if (base)
		stage->difference =
			difference_new(profile, base, options->negate);
	if (options->merge_noise) {
		stage->sure =
			profile_without_noise(profile, &stage->shares, NULL);
		profile = stage->sure;
	}
	if (options->chart) {
		if (stage->input.has_times)
			sample_times_sort(&stage->input.times);
		chart_make(profile, &stage->input.times,
			   lanes_of(options, &stage->input), &stage->chart);
		profile = stage->chart.profile;
	}
	stage->drawn = profile;
}

static void close_stage(struct stage *stage)
{
	difference_free(stage->difference);
	if (stage->chart.profile)
		chart_free(&stage->chart);
	profile_free(stage->sure);
	profile_free(stage->reversed);
	profile_free(stage->base_reversed);
	profile_free(stage->before);
	profile_free(stage->after);
	if (stage->base.profile)
		input_close(&stage->base);
	input_close(&stage->input);
	palette_map_free(stage->map);
	attributes_free(stage->attributes);
	free(stage->subtitle);
	free(stage->lost);
}

static int draw_page(const struct flame_options *options, struct stage *stage,
		     const struct svg_options *svg, FILE *output)
{
	char *against = !stage->difference ?
				NULL :
				alloc_format("%s%sagainst %s: red grew, blue "
					     "shrank",
					     svg->subtitle ? svg->subtitle : "",
					     svg->subtitle ? " \u00b7 " : "",
					     options->base);
	const struct html_options html = {
		.title = svg->title,
		.subtitle = against ? against : svg->subtitle,
		.palette = svg->palette,
		.inverted = svg->inverted,
	};
	struct error error;
	int result = flame_html(options, &stage->input, svg->count_name, &html,
				stage->difference, output, &error);

	if (result)
		error_print("%s", error.text);
	free(against);
	return result ? -1 : 0;
}

/* Beside the input: dither.dither becomes dither.svg. The caller's to free(). */
static char *own_path_of(const struct flame_options *options)
{
	static const char suffix[] = ".dither";
	const char *name = options->input.load.path;
	size_t length = strlen(name), cut = sizeof(suffix) - 1;

	if (!strcmp(name, "-")) {
		name = "flame";
		length = strlen(name);
	} else if (length > cut && name[length - cut - 1] != '/' &&
		   !strcmp(name + length - cut, suffix)) {
		length -= cut;
	}
	return alloc_format("%.*s.%s", (int)length, name,
			    options->html ? "html" : "svg");
}

static int draw(const struct flame_options *options, struct stage *stage,
		const struct svg_options *svg, const char *path)
{
	char *own_path = NULL;
	int code = EXIT_CANNOT, result;
	FILE *output;

	if (!path && isatty(STDOUT_FILENO)) {
		own_path = own_path_of(options);
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

/* After all was read, so that what is wrong leaves no file. */
static int judge(const struct flame_options *options, const struct stage *stage,
		 struct error *error)
{
	double total = profile_total(stage->drawn);
	char whole[DECIMAL_MAX], sum[DECIMAL_MAX];

	if (options->negate && !stage->difference)
		return error_set(error, -EINVAL,
				 "%s: --negate needs --base, or stacks with "
				 "two counts",
				 stage->input.name);
	if (options->svg.whole > 0 && options->svg.whole < total)
		return error_set(error, -EINVAL,
				 "%s: --total %s is less than the sum, %s",
				 stage->input.name,
				 decimal_trimmed(whole, options->svg.whole, 6),
				 decimal_trimmed(sum, total, 6));
	if (!(total > 0))
		return error_set(error, -ENODATA, "%s: no samples to draw",
				 stage->input.name);
	return 0;
}

static int read_all(const struct flame_options *options, struct stage *stage,
		    struct svg_options *svg, struct error *error)
{
	int result = prepare(options, stage, svg, error);

	if (!result)
		result = part_counts(options, stage, error);
	if (!result)
		result = read_base(options, stage, error);
	if (!result)
		result = read_files(options, stage, error);
	if (result)
		return result;
	arrange(options, stage);
	return judge(options, stage, error);
}

static const char *title_of(const struct flame_options *options)
{
	if (options->chart)
		return "Flame chart";
	return options->svg.inverted && !options->html ? "Icicle graph" :
							 "Flame graph";
}

static void dress(const struct flame_options *options, struct stage *stage,
		  struct svg_options *svg)
{
	if (stage->input.kind == INPUT_RECORDING)
		stage->subtitle = describe(stage->input.load.recording);
	if (!svg->subtitle)
		svg->subtitle = stage->subtitle;
	if (!svg->title)
		svg->title = title_of(options);
	svg->difference = stage->difference;
	svg->starts = stage->chart.starts;
	svg->palette_map = stage->map;
	svg->attributes = stage->attributes;
	/* A frame of a chart is one of many, and of more than was sampled. */
	if (options->chart || svg->whole > 0) {
		svg->shares = NULL;
		svg->unsure = NULL;
	}
}

static int flame(const struct flame_options *options)
{
	struct svg_options svg = options->svg;
	struct stage stage = { 0 };
	struct error error = { "" };
	int code;

	if (input_open(&options->input, &stage.input, &error)) {
		error_print("%s", error.text);
		return EXIT_USAGE;
	}
	if (read_all(options, &stage, &svg, &error)) {
		error_print("%s", error.text);
		code = EXIT_USAGE;
	} else {
		dress(options, &stage, &svg);
		code = draw(options, &stage, &svg, options->output);
		if (!code && stage.map)
			code = flame_palette_map_write(stage.map, options->map);
	}
	close_stage(&stage);
	return code;
}

int cmd_flame(int argc, char **argv)
{
	struct flame_options options;

	if (flame_options_read(&options, argc, argv))
		return EXIT_USAGE;
	if (options.help) {
		fputs(flame_help, stdout);
		return EXIT_DONE;
	}
	return flame(&options);
}
