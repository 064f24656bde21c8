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

#include "../profile/functions.h"
#include "../profile/interval.h"
#include "options.h"
#include "output.h"
#include "report_events.h"
#include "report_health.h"
#include "report_stacks.h"
#include "report_text.h"
#include "show.h"

#define LIMIT_DEFAULT 40
#define NAME_WIDTH 32
#define MODULE_WIDTH 14

enum {
	OPTION_LIMIT = OPTION_OWN,
	OPTION_SORT,
};

static const char help[] =
	"usage: dither report [options] [FILE]\n"
	"Tell what a recording holds: functions with their shares, and how\n"
	"complete and punctual the sampling was. Of perf-script text and folded\n"
	"stacks: the functions.\n"
	"\n" OPTIONS_SYMBOLS_HELP OPTIONS_TEXT_HELP
	"      --limit N      functions to list, 0: all (40)\n"
	"      --sort self|total  order of the functions (self)\n"
	"  -h, --help         this text\n";

static const struct option long_options[] = {
	OPTIONS_SYMBOLS,
	OPTIONS_TEXT,
	{ "limit", required_argument, NULL, OPTION_LIMIT },
	{ "sort", required_argument, NULL, OPTION_SORT },
	{ NULL, 0, NULL, 0 },
};

struct report_options {
	struct input_options input;
	enum functions_order order;
	unsigned long limit;
};

static void show_key(const struct load *load, const char *label,
		     const char *key, FILE *output)
{
	const char *value = recording_meta(load->recording, key);

	if (!value)
		return;
	fprintf(output, "  %-10s", label);
	show_text(output, value, strlen(value), 0);
	fputc('\n', output);
}

static void report_sampling(const struct load *load, FILE *output)
{
	const char *policy = recording_meta(load->recording, "policy");
	const char *seed = recording_meta(load->recording, "seed");
	double period = (double)recording_number(load->recording, "period_ns");
	double jitter = (double)recording_number(load->recording, "jitter_ppm");
	double start = (double)recording_number(load->recording, "start_ns");
	double stop = (double)recording_number(load->recording, "stop_ns");

	if (policy) {
		fprintf(output, "  %-10s", "policy");
		show_text(output, policy, strlen(policy), 0);
		if (jitter > 0)
			fprintf(output, ", jitter %.1f%%", jitter / 1e4);
		fputc('\n', output);
	}
	if (period > 0)
		fprintf(output, "  %-10s%.2f Hz, period %.3f us\n", "rate",
			1e9 / period, period / 1e3);
	if (seed) {
		fprintf(output, "  %-10s", "seed");
		show_text(output, seed, strlen(seed), 0);
		fputc('\n', output);
	}
	if (start > 0 && stop >= start)
		fprintf(output, "  %-10s%.3f s\n", "duration",
			(stop - start) / 1e9);
}

static void report_header(const struct load *load, FILE *output)
{
	const struct statistics *statistics = &load->statistics;
	double all = statistics->samples ? (double)statistics->samples : 1;
	const char *path = recording_path(load->recording);
	uint64_t busy = statistics->samples - statistics->idle;

	fputs("Recording ", output);
	show_text(output, path, strlen(path), 0);
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

static void show_share(const struct load *load, double weight, FILE *output)
{
	double total = profile_total(load->profile);
	double effective =
		interval_effective(total, profile_squares(load->profile));
	struct interval interval = interval_share(
		weight, total, effective, &confidence_usual);
	char text[32];

	snprintf(text, sizeof(text), "[%.2f-%.2f]", 100 * interval.low,
		 100 * interval.high);
	fprintf(output, "%6.2f %-14s", total > 0 ? 100 * weight / total : 0,
		text);
}

static void report_functions(const struct load *load,
			     const struct report_options *options, FILE *output)
{
	size_t count, shown;
	struct function *functions =
		functions_list(load->profile, options->order, &count);

	shown = options->limit && options->limit < count ? options->limit :
							   count;
	fprintf(output,
		"\nFunctions: %zu of %zu, by %s; samples: stacks it is in\n",
		shown, count,
		options->order == FUNCTIONS_BY_TOTAL ? "total" : "self");
	fprintf(output, "%6s %-14s%6s %-14s%9s  %-*s %s\n", "self%",
		"[95% sure]", "total%", "[95% sure]", "samples", NAME_WIDTH,
		"function", "module");
	for (size_t i = 0; i < shown; i++) {
		const struct function *function = &functions[i];
		const char *tab =
			memrchr(function->text, '\t', function->length);
		size_t name = tab ? (size_t)(tab - function->text) :
				    function->length;

		show_share(load, function->self, output);
		show_share(load, function->total, output);
		fprintf(output, "%9" PRIu64 "  ", function->samples);
		show_column(output, function->text, name, NAME_WIDTH);
		fputc(' ', output);
		if (tab)
			show_text(output, tab + 1, function->length - name - 1,
				  MODULE_WIDTH);
		fputc('\n', output);
	}
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
	if (input.kind != INPUT_RECORDING) {
		report_text(&input, options->order, options->limit, stdout);
		input_close(&input);
		return output_close(stdout, NULL);
	}
	report_header(load, stdout);
	report_functions(load, options, stdout);
	report_ratios(load, options->limit, stdout);
	report_events(load, stdout);
	report_ledger(load, stdout);
	report_lateness(load, stdout);
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
