// SPDX-License-Identifier: GPL-2.0
/*
 * dither report: what a recording says, as text 100 columns wide. First what
 * was recorded and which functions took the time, each share with the
 * interval that holds the truth in 95 of 100 recordings; then how the
 * recording itself fared.
 */
#include "cmd.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/decimal.h"
#include "../base/output_file.h"
#include "../base/terminal_text.h"
#include "../load/clock_duration.h"
#include "../load/confidence.h"
#include "../load/input_options.h"
#include "../load/row_marks.h"
#include "../load/weight_unit.h"
#include "../profile/functions.h"
#include "../profile/synthetic_frames.h"
#include "../report/report_events.h"
#include "../report/report_health.h"
#include "../report/report_stacks.h"
#include "../report/report_text.h"
#include "../report/report_unsampled.h"

#define LIMIT_DEFAULT 40
#define NAME_WIDTH 32
#define MODULE_WIDTH 14

enum {
	OPTION_LIMIT = OPTION_OWN,
	OPTION_SORT,
	OPTION_CONFIDENCE,
};

static const char help[] =
	"usage: dither report [options] [FILE]\n"
	"Tell what a recording holds: functions with their shares, and how\n"
	"complete and punctual the sampling was. Of perf-script text and folded\n"
	"stacks: the functions.\n"
	"\n" OPTIONS_SYMBOLS_HELP OPTIONS_TEXT_HELP OPTIONS_UNSEEN_HELP
	"      --limit N      functions to list, 0: all (40)\n"
	"      --sort self|total  order of the functions (self)\n"
	"      --confidence P  intervals for P% (95), and functions that are no\n"
	"                     more than noise by them are one, [noise]\n"
	"  -h, --help         this text\n";

static const struct option long_options[] = {
	OPTIONS_SYMBOLS,
	OPTIONS_TEXT,
	OPTIONS_UNSEEN,
	{ "confidence", required_argument, NULL, OPTION_CONFIDENCE },
	{ "limit", required_argument, NULL, OPTION_LIMIT },
	{ "sort", required_argument, NULL, OPTION_SORT },
	{ NULL, 0, NULL, 0 },
};

struct report_options {
	struct input_options input;
	enum functions_order order;
	unsigned long limit;
	bool merge_noise; /* without noise */
	struct confidence confidence;
};

static void show_key(const struct load *load, const char *label,
		     const char *key, FILE *output)
{
	const char *value = recording_meta(load->recording, key);

	if (!value)
		return;
	fprintf(output, "  %-10s", label);
	terminal_text(output, value, strlen(value), 0);
	fputc('\n', output);
}

static void report_sampling(const struct load *load, FILE *output)
{
	const char *policy = recording_meta(load->recording, "policy");
	const char *seed = recording_meta(load->recording, "seed");
	double period = (double)recording_number(load->recording, "period_ns");
	double jitter = (double)recording_number(load->recording, "jitter_ppm");
	bool seen;
	uint64_t ran = ran_ns(load, &seen);

	if (policy) {
		fprintf(output, "  %-10s", "policy");
		terminal_text(output, policy, strlen(policy), 0);
		if (jitter > 0)
			fprintf(output, ", jitter %.1f%%", jitter / 1e4);
		fputc('\n', output);
	}
	if (period > 0)
		fprintf(output, "  %-10s%.2f Hz, period %.3f us\n", "rate",
			1e9 / period, period / 1e3);
	if (seed) {
		fprintf(output, "  %-10s", "seed");
		terminal_text(output, seed, strlen(seed), 0);
		fputc('\n', output);
	}
	if (confidence_none(load))
		fprintf(output,
			"  %-10snone: %s, all samples may see one phase of a "
			"program\n",
			"intervals", confidence_none(load));
	if (ran)
		fprintf(output, "  %-10s%.3f s%s\n", "duration",
			(double)ran / 1e9,
			seen ? ", from the first sample to the last" : "");
}

static void report_header(const struct load *load, const char *name,
			  FILE *output)
{
	const struct statistics *statistics = &load->statistics;
	double all = statistics->samples ? (double)statistics->samples : 1;
	uint64_t busy = statistics->samples - statistics->idle;

	fputs("Recording ", output);
	terminal_text(output, name, strlen(name), 0);
	fputc('\n', output);
	show_key(load, "command", "command", output);
	show_key(load, "host", "host", output);
	show_key(load, "kernel", "kernel", output);
	show_key(load, "machine", "arch", output);
	report_sampling(load, output);
	show_key(load, "CPUs", "cpus", output);
	report_unwinder(load, output);
	report_clocks(load, output);
	show_key(load, "flags", "flags", output);
	show_key(load, "version", "version", output);
	fprintf(output,
		"  %-10s%" PRIu64 ": %.1f%% user, %.1f%% kernel, %.1f%% idle\n",
		"samples", statistics->samples,
		100 * (double)statistics->user / all,
		100 * (double)(busy - statistics->user) / all,
		100 * (double)statistics->idle / all);
	fprintf(output,
		"  %-10s%.0f cells, worth %.0f samples of equal weight\n",
		"weight", profile_total(load->profile),
		interval_effective(profile_total(load->profile),
				   profile_squares(load->profile)));
}

static void show_name(const char *text, size_t length, FILE *output)
{
	const char *tab = memrchr(text, '\t', length);

	terminal_column(output, text, tab ? (size_t)(tab - text) : length,
			NAME_WIDTH);
	fputc(' ', output);
	if (tab)
		terminal_text(output, tab + 1,
			      length - (size_t)(tab + 1 - text), MODULE_WIDTH);
	fputc('\n', output);
}

/* Of what is drawn: without unseen time a late sample counts once. */
static double masked_of(const struct load *load,
			const struct function *function)
{
	uint32_t name = function->name;

	if (load->unseen)
		return function->masked;
	return name < load->late.function_room ?
		       load->late.functions[name].sampled :
		       0;
}

static void show_function(const struct load *load, const struct shares *shares,
			  const struct function *function, struct marks *marks,
			  FILE *output)
{
	char mark = mark_of_function(function, masked_of(load, function));
	double total = profile_total(load->profile);

	if (!(total > 0))
		total = 1;
	if (report_is_lost(function->text)) {
		fprintf(output, "%6.2f %-14s%6.2f %-14s%9s",
			100 * function->self / total, "",
			100 * function->total / total, "", "-");
		fputs(" ", output);
	} else {
		report_share(shares, function->self / total, function->self,
			     output);
		report_share(shares, function->total / total, function->total,
			     output);
		fprintf(output, "%9" PRIu64 " ", function->samples);
	}
	fputc(marks_use(marks, mark), output);
	show_name(function->text, function->length, output);
}

/* What is noise goes, but for its weight. Returns how many stay. */
static size_t take_noise(const struct shares *shares,
			 struct function *functions, size_t count,
			 double *weight)
{
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		if (shares_is_noise(shares, functions[i].total) &&
		    !report_is_lost(functions[i].text))
			*weight += functions[i].self;
		else
			functions[used++] = functions[i];
	}
	return used;
}

static void show_noise(const struct load *load, const struct shares *shares,
		       double weight, size_t count, FILE *output)
{
	double total = profile_total(load->profile);

	report_share(shares, total > 0 ? weight / total : 0, weight, output);
	fprintf(output, "%32s%s: %zu functions that are no more than that\n",
		"", SYNTHETIC_NOISE, count);
}

static void report_functions(const struct load *load,
			     const struct report_options *options, FILE *output)
{
	struct shares shares = confidence_shares(load, &options->confidence);
	char sure[DECIMAL_MAX], percent[DECIMAL_MAX + 16];
	size_t all, count, shown;
	struct function *functions =
		functions_list(load->profile, options->order, &all);
	struct marks marks = { false, false };
	double noise = 0;

	count = options->merge_noise ?
			take_noise(&shares, functions, all, &noise) :
			all;
	shown = options->limit && options->limit < count ? options->limit :
							   count;
	decimal_trimmed(sure, shares.confidence.percent, 4);
	snprintf(percent, sizeof(percent), "[%s%% sure]", sure);
	fprintf(output,
		"\nFunctions: %zu of %zu, by %s; samples: stacks it is in\n",
		shown, count,
		options->order == FUNCTIONS_BY_TOTAL ? "total" : "self");
	fprintf(output, "%6s %-14s%6s %-14s%9s  %-*s %s\n", "self%", percent,
		"total%", percent, "samples", NAME_WIDTH, "function", "module");
	for (size_t i = 0; i < shown; i++)
		show_function(load, &shares, &functions[i], &marks, output);
	if (count < all)
		show_noise(load, &shares, noise, all - count, output);
	marks_explain(&marks, output);
	free(functions);
}

static int report(const struct report_options *options)
{
	struct error error = { "" };
	struct input input;
	const struct load *load = &input.load;

	if (input_open(&options->input, &input, &error)) {
		error_print("%s", error.text);
		return EXIT_USAGE;
	}
	if (input.kind != INPUT_RECORDING && options->merge_noise) {
		error_print("%s: --confidence needs a recording: text does not "
			    "say how it was sampled",
			    input.name);
		input_close(&input);
		return EXIT_USAGE;
	}
	if (input.kind != INPUT_RECORDING) {
		report_text(&input, unit_of(&input, &options->input),
			    options->order, options->limit, stdout);
		input_close(&input);
		return output_close(stdout, NULL);
	}
	if (options->merge_noise && confidence_none(load)) {
		error_print("%s: --confidence: no interval holds: %s",
			    input.name, confidence_none(load));
		input_close(&input);
		return EXIT_USAGE;
	}
	report_header(load, input.name, stdout);
	report_functions(load, options, stdout);
	report_ratios(load, options->limit, stdout);
	report_events(load, stdout);
	report_ledger(load, stdout);
	report_lateness(load, stdout);
	report_unseen(load, &options->confidence, stdout);
	report_losses(load, stdout);
	report_stacks(load, stdout);
	report_rates(load, stdout);
	report_problems(load, stdout);
	input_close(&input);
	return output_close(stdout, NULL);
}

static int take_limit(struct report_options *options)
{
	char *end;

	options->limit = strtoul(optarg, &end, 10);
	if (*optarg >= '0' && *optarg <= '9' && !*end)
		return 0;
	error_print("report: --limit: '%s' is not a number", optarg);
	return EXIT_USAGE;
}

static int take_sort(struct report_options *options)
{
	if (!strcmp(optarg, "total"))
		options->order = FUNCTIONS_BY_TOTAL;
	else if (!strcmp(optarg, "self"))
		options->order = FUNCTIONS_BY_SELF;
	else {
		error_print("report: --sort: '%s' is neither self nor total",
			    optarg);
		return EXIT_USAGE;
	}
	return 0;
}

int cmd_report(int argc, char **argv)
{
	struct report_options options = {
		.input.load.modules = true,
		.confidence = confidence_usual,
		.order = FUNCTIONS_BY_SELF,
		.limit = LIMIT_DEFAULT,
	};
	int option, wrong = 0;

	options_begin();
	while (!wrong && (option = getopt_long(argc, argv, ":hi:", long_options,
					       NULL)) != -1) {
		if (options_take_input(&options.input, option))
			continue;
		switch (option) {
		case OPTION_LIMIT:
			wrong = take_limit(&options);
			break;
		case OPTION_SORT:
			wrong = take_sort(&options);
			break;
		case OPTION_CONFIDENCE:
			options.merge_noise = true;
			wrong = confidence_option("report", optarg,
						  &options.confidence);
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_DONE;
		default:
			return options_wrong(option, argv);
		}
	}
	if (wrong || options_input(&options.input.load, argc, argv))
		return EXIT_USAGE;
	return report(&options);
}
