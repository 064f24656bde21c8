// SPDX-License-Identifier: GPL-2.0
/*
 * dither lab run: programs that log their own truth, sampled by each policy
 * and by perf in turn, and what report would have said of them.
 */
#include "lab.h"

#include <math.h>
#include <string.h>

#include "../base/output_file.h"
#include "../lab/lab_cases.h"
#include "../lab/lab_page.h"
#include "../lab/lab_run_table.h"

#define REPEAT_DEFAULT 3
#define CPU_MAX 4095
#define PERF "perf"

enum {
	OPTION_AGAINST = LAB_OWN,
	OPTION_PROGRAMS,
	OPTION_HTML,
};

static const char help[] =
	"usage: dither lab run [options] [EXPERIMENT...]\n"
	"Run programs that log their own truth, sampled by each policy in turn,\n"
	"and tell how often a report would have been right. Exit code 1 if\n"
	"stratified or poisson miss the truth more often than they may, or a\n"
	"recording's instants are not those of its seed.\n"
	"\n"
	"      --policies LIST  (" LAB_POLICIES ")\n"
	"      --rates LIST     Hz, instead of those of the experiments\n"
	"      --repeat N       runs of each case (3)\n"
	"      --seed S         another seed, other instants (1)\n"
	"      --against perf   perf's cpu-clock, too, on the same programs\n"
	"  -C, --cpu N          where they run (the last one)\n"
	"      --programs DIR   the lab's programs (those of this installation)\n"
	"      --html FILE      write a page with all of it\n"
	"      --json FILE      write the results\n"
	"  -h, --help           this text\n"
	"\n"
	"Experiments (all):";

static const struct option long_options[] = {
	LAB_OPTIONS,
	{ "against", required_argument, NULL, OPTION_AGAINST },
	{ "cpu", required_argument, NULL, 'C' },
	{ "programs", required_argument, NULL, OPTION_PROGRAMS },
	{ "html", required_argument, NULL, OPTION_HTML },
	{ NULL, 0, NULL, 0 },
};

struct run {
	struct lab_options options;
	bool perf;
	int cpu; /* -1: the last */
	const char *programs, *html;
};

static int write_file(const struct lab_cases *cases, const char *path,
		      void (*write)(const struct lab_cases *cases,
				    FILE *output))
{
	FILE *output;

	if (!path)
		return 0;
	output = output_open(path);
	if (!output)
		return EXIT_CANNOT;
	write(cases, output);
	return output_close(output, path);
}

static int write_results(const struct run *run, const struct lab_cases *cases)
{
	int code;

	lab_run_table_text(cases, stdout);
	code = write_file(cases, run->options.json, lab_run_table_json);
	if (!code)
		code = write_file(cases, run->html, lab_page);
	return code ? code : output_close(stdout, NULL);
}

static int experiment_with(const struct run *run, struct runner *runner)
{
	struct lab_cases cases;
	int code, written;
	bool good;

	lab_cases_plan(&cases, &run->options);
	code = lab_cases_run(&cases, runner);
	written = write_results(run, &cases);
	good = lab_run_table_good(&cases);
	lab_cases_free(&cases);
	if (code || written)
		return code ? code : written;
	return good ? EXIT_DONE : EXIT_CHECK_FAILED;
}

static int open_and_run(const struct run *run)
{
	struct runner runner;
	struct error error;
	int code;

	if (runner_open(&runner, run->programs, run->cpu, &error)) {
		error_print("lab run: %s", error.text);
		return EXIT_CANNOT;
	}
	code = experiment_with(run, &runner);
	runner_close(&runner);
	return code;
}

static const struct subject *subject_of(size_t number)
{
	return number < experiment_count ? &experiments[number].subject : NULL;
}

static int check_rates(const struct lab_options *options)
{
	for (unsigned int i = 0; i < options->rate_count; i++) {
		char text[32];

		if (options->rates[i] == floor(options->rates[i]))
			continue;
		snprintf(text, sizeof(text), "%g", options->rates[i]);
		return lab_options_refuse(
			options, "--rates", text,
			"dither record takes whole ones only");
	}
	return 0;
}

static int take_rival(struct run *run)
{
	run->perf = true;
	if (strcmp(optarg, PERF) != 0)
		return lab_options_refuse(&run->options, "--against", optarg,
					  "must be " PERF);
	if (!runner_has_perf())
		return lab_options_refuse(&run->options, "--against", optarg,
					  "it is not installed");
	return 0;
}

static int take_option(struct run *run, int option)
{
	uint64_t value = 0;
	int wrong;

	switch (option) {
	case 'C':
		wrong = lab_options_number(&run->options, "--cpu", optarg,
					   CPU_MAX, &value);
		run->cpu = (int)value;
		return wrong;
	case OPTION_AGAINST:
		return take_rival(run);
	case OPTION_PROGRAMS:
		run->programs = optarg;
		return 0;
	case OPTION_HTML:
		run->html = optarg;
		return 0;
	default:
		return lab_options_take(&run->options, option);
	}
}

static void add_rival(struct lab_options *options)
{
	options->samplers[options->sampler_count++] = (struct sampler){
		.policy = DITHER_POLICY_FIXED,
		.perf = true,
	};
}

int cmd_lab_run(int argc, char **argv)
{
	struct run run = { .cpu = -1 };
	int option, wrong = 0;

	lab_options_begin(&run.options, "lab run", REPEAT_DEFAULT);
	while (!wrong && (option = getopt_long(argc, argv, ":hC:", long_options,
					       NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			lab_options_list(subject_of, NULL);
			return EXIT_DONE;
		}
		if (option < OPTION_OWN && option != 'C')
			return options_wrong(option, argv);
		wrong = take_option(&run, option);
	}
	if (wrong ||
	    lab_options_names(&run.options, argc, argv, subject_of, NULL) ||
	    check_rates(&run.options))
		return EXIT_USAGE;
	if (run.perf)
		add_rival(&run.options);
	return open_and_run(&run);
}
