// SPDX-License-Identifier: GPL-2.0
/*
 * dither lab simulate: the reference experiments as models, sampled by the
 * module's own schedule, judged by report's own intervals.
 */
#include "lab.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/output_file.h"
#include "../lab/lab_options.h"
#include "../lab/lab_table.h"

#define REPEAT_DEFAULT 1000
#define VARIANCE "variance"
/* Runs for V are short, and its tolerance is narrow. */
#define VARIANCE_RUNS 20

static const char help[] =
	"usage: dither lab simulate [options] [EXPERIMENT...]\n"
	"Sample models of programs whose truth is known by the module's own\n"
	"schedule, and tell how often a report would have been right. Exit code\n"
	"1 if stratified or poisson miss the truth more often than they may, or\n"
	"variances differ from theory.\n"
	"\n"
	"      --policies LIST  (" LAB_POLICIES ")\n"
	"      --rates LIST     Hz, instead of those of the experiments\n"
	"      --repeat N       runs of each case (1000); of " VARIANCE
	", 20 times as many\n"
	"      --seed S         another seed, other chances (1)\n"
	"      --json FILE      write the results there, too\n"
	"  -h, --help           this text\n"
	"\n"
	"Experiments (all):";

static const struct option long_options[] = { LAB_OPTIONS,
					      { NULL, 0, NULL, 0 } };

/* f_w / f_s of the table of V, and its policies. */
static const double turns[] = { .01, .1, .25, .5, 1, 1.5, 2 };
static const struct sampler ratio_policies[] = {
	{ DITHER_POLICY_UNIFORM, 100000, false },
	{ DITHER_POLICY_UNIFORM, 250000, false },
	{ DITHER_POLICY_UNIFORM, 400000, false },
	{ DITHER_POLICY_UNIFORM, 500000, false },
	{ DITHER_POLICY_UNIFORM, 850000, false },
	{ DITHER_POLICY_UNIFORM, 1000000, false },
	{ DITHER_POLICY_POISSON, 0, false },
	{ DITHER_POLICY_STRATIFIED, 0, false },
};

#define TURNS (sizeof(turns) / sizeof(turns[0]))
#define RATIO_POLICIES (sizeof(ratio_policies) / sizeof(ratio_policies[0]))

struct simulation {
	struct lab_options options;
	struct lab_results results;
};

static const struct subject *subject_of(size_t number)
{
	return number < model_count ? &models[number].subject : NULL;
}

static void try_model(struct simulation *simulation, const struct model *model,
		      double rate)
{
	struct lab_results *results = &simulation->results;

	for (unsigned int i = 0; i < simulation->options.sampler_count; i++) {
		struct trial *trial = &results->trials[results->trial_count++];

		*trial = trial_run(model, &simulation->options.samplers[i],
				   rate, results->runs, results->seed);
		results->samples += trial->samples;
	}
}

static void run_models(struct simulation *simulation)
{
	unsigned int rates = simulation->options.rate_count ?
				     simulation->options.rate_count :
				     1;

	simulation->results.trials = alloc_zeroed(
		model_count * simulation->options.sampler_count * rates,
		sizeof(struct trial));
	for (size_t i = 0; i < model_count; i++) {
		if (!lab_options_want(&simulation->options,
				      models[i].subject.experiment))
			continue;
		for (unsigned int j = 0; j < rates; j++)
			try_model(simulation, &models[i],
				  simulation->options.rate_count ?
					  simulation->options.rates[j] :
					  models[i].subject.rate);
	}
}

static void run_variances(struct simulation *simulation)
{
	struct lab_results *results = &simulation->results;
	unsigned int runs = results->runs * VARIANCE_RUNS;

	if (!lab_options_want(&simulation->options, VARIANCE))
		return;
	results->variances = alloc_zeroed(TURNS * RATIO_POLICIES,
					  sizeof(*results->variances));
	for (size_t i = 0; i < RATIO_POLICIES; i++)
		for (size_t j = 0; j < TURNS; j++)
			results->variances[results->variance_count++] =
				variance_run(&ratio_policies[i], turns[j], runs,
					     results->seed);
	results->samples +=
		(uint64_t)results->variance_count * runs * VARIANCE_SAMPLES;
}

static int write_json(const struct simulation *simulation)
{
	FILE *output;

	if (!simulation->options.json)
		return 0;
	output = output_open(simulation->options.json);
	if (!output)
		return EXIT_CANNOT;
	lab_table_json(&simulation->results, output);
	return output_close(output, simulation->options.json);
}

static int simulate(struct simulation *simulation)
{
	bool good;
	int code;

	run_models(simulation);
	run_variances(simulation);
	lab_table_text(&simulation->results, stdout);
	putchar('\n');
	good = lab_table_verdict(&simulation->results, stdout);
	code = write_json(simulation);
	if (!code)
		code = output_close(stdout, NULL);
	free(simulation->results.trials);
	free(simulation->results.variances);
	if (code)
		return code;
	return good ? EXIT_DONE : EXIT_CHECK_FAILED;
}

int cmd_lab_simulate(int argc, char **argv)
{
	struct simulation simulation = { 0 };
	struct lab_options *options = &simulation.options;
	int option, wrong = 0;

	lab_options_begin(options, "lab simulate", REPEAT_DEFAULT);
	while (!wrong && (option = getopt_long(argc, argv, ":h", long_options,
					       NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			lab_options_list(subject_of, VARIANCE);
			return EXIT_DONE;
		}
		if (option < OPTION_OWN)
			return options_wrong(option, argv);
		wrong = lab_options_take(options, option);
	}
	if (wrong ||
	    lab_options_names(options, argc, argv, subject_of, VARIANCE))
		return EXIT_USAGE;
	simulation.results.runs = options->repeat;
	simulation.results.seed = options->seed;
	return simulate(&simulation);
}
