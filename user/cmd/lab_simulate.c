// SPDX-License-Identifier: GPL-2.0
/*
 * dither lab simulate: the reference experiments as models, sampled by the
 * module's own schedule, judged by report's own intervals.
 */
#include "lab.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/policy.h"
#include "lab_table.h"
#include "options.h"
#include "output.h"

#define POLICIES_DEFAULT "fixed,uniform:0.25,poisson,stratified"
#define LIST_MAX 16
#define POLICIES_TAKEN "must be at most 16 of " POLICY_WORDS
#define RATES_TAKEN "must be at most 16 of 1 to 20000 (Hz)"
#define REPEAT_DEFAULT 1000
#define REPEAT_MAX 1000000
#define RATE_MAX 20000
#define VARIANCE "variance"
/* Runs for V are short, and its tolerance is narrow. */
#define VARIANCE_RUNS 20

enum {
	OPTION_POLICIES = OPTION_OWN,
	OPTION_RATES,
	OPTION_REPEAT,
	OPTION_SEED,
	OPTION_JSON,
};

static const char help[] =
	"usage: dither lab simulate [options] [EXPERIMENT...]\n"
	"Sample models of programs whose truth is known by the module's own\n"
	"schedule, and tell how often a report would have been right. Exit code\n"
	"1 if stratified or poisson miss the truth more often than they may, or\n"
	"variances differ from theory.\n"
	"\n"
	"      --policies LIST  (" POLICIES_DEFAULT ")\n"
	"      --rates LIST     Hz, instead of those of the experiments\n"
	"      --repeat N       runs of each case (1000); of " VARIANCE
	", 20 times as many\n"
	"      --seed S         another seed, other chances (1)\n"
	"      --json FILE      write the results there, too\n"
	"  -h, --help           this text\n"
	"\n"
	"Experiments (all):";

static const struct option long_options[] = {
	{ "policies", required_argument, NULL, OPTION_POLICIES },
	{ "rates", required_argument, NULL, OPTION_RATES },
	{ "repeat", required_argument, NULL, OPTION_REPEAT },
	{ "seed", required_argument, NULL, OPTION_SEED },
	{ "json", required_argument, NULL, OPTION_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* f_w / f_s of the table of V, and its policies. */
static const double turns[] = { .01, .1, .25, .5, 1, 1.5, 2 };
static const struct model_policy ratio_policies[] = {
	{ DITHER_POLICY_UNIFORM, 100000 }, { DITHER_POLICY_UNIFORM, 250000 },
	{ DITHER_POLICY_UNIFORM, 400000 }, { DITHER_POLICY_UNIFORM, 500000 },
	{ DITHER_POLICY_UNIFORM, 850000 }, { DITHER_POLICY_UNIFORM, 1000000 },
	{ DITHER_POLICY_POISSON, 0 },	   { DITHER_POLICY_STRATIFIED, 0 },
};

#define TURNS (sizeof(turns) / sizeof(turns[0]))
#define RATIO_POLICIES (sizeof(ratio_policies) / sizeof(ratio_policies[0]))

struct simulation {
	struct model_policy policies[LIST_MAX];
	unsigned int policy_count;
	double rates[LIST_MAX];
	unsigned int rate_count; /* 0: those of the models */
	const char *json;
	char **names; /* of experiments; none: all */
	int name_count;
	struct lab_results results;
};

static int refuse(const char *option, const char *text, const char *why)
{
	error_print("lab simulate: %s %s: %s", option, text, why);
	return EXIT_USAGE;
}

/* Call @take for each word between commas; @what: all that it takes. */
static int each_word(const char *option, const char *list, const char *what,
		     int (*take)(struct simulation *simulation,
				 const char *word),
		     struct simulation *simulation)
{
	char *copy = alloc_string(list), *rest = copy, *word;
	int wrong = 0;

	while (!wrong && (word = strsep(&rest, ",")))
		wrong = take(simulation, word);
	if (wrong)
		refuse(option, list, what);
	free(copy);
	return wrong;
}

static int take_policy(struct simulation *simulation, const char *word)
{
	struct model_policy *policy =
		&simulation->policies[simulation->policy_count];

	if (simulation->policy_count == LIST_MAX ||
	    !policy_read(word, &policy->policy, &policy->jitter_ppm))
		return EXIT_USAGE;
	simulation->policy_count++;
	return 0;
}

static int take_rate(struct simulation *simulation, const char *word)
{
	char *end;
	double rate = strtod(word, &end);

	if (simulation->rate_count == LIST_MAX || end == word || *end ||
	    !(rate >= 1 && rate <= RATE_MAX))
		return EXIT_USAGE;
	simulation->rates[simulation->rate_count++] = rate;
	return 0;
}

static int take_number(const char *option, const char *text, uint64_t most,
		       uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && !errno && *value <= most)
		return 0;
	return refuse(option, text, "is not a number in range");
}

static bool is_wanted(const struct simulation *simulation, const char *name)
{
	for (int i = 0; i < simulation->name_count; i++)
		if (!strcmp(simulation->names[i], name))
			return true;
	return !simulation->name_count;
}

static int check_names(const struct simulation *simulation)
{
	for (int i = 0; i < simulation->name_count; i++) {
		bool known = !strcmp(simulation->names[i], VARIANCE);

		for (size_t j = 0; j < model_count; j++)
			known |= !strcmp(simulation->names[i],
					 models[j].experiment);
		if (!known)
			return refuse(
				"experiment", simulation->names[i],
				"is none; see 'dither lab simulate --help'");
	}
	return 0;
}

static void try_model(struct simulation *simulation, const struct model *model,
		      double rate)
{
	struct lab_results *results = &simulation->results;

	for (unsigned int i = 0; i < simulation->policy_count; i++) {
		struct trial *trial = &results->trials[results->trial_count++];

		*trial = trial_run(model, &simulation->policies[i], rate,
				   results->runs, results->seed);
		results->samples += trial->samples;
	}
}

static void run_models(struct simulation *simulation)
{
	unsigned int rates = simulation->rate_count ? simulation->rate_count :
						      1;

	simulation->results.trials =
		alloc_zeroed(model_count * simulation->policy_count * rates,
			     sizeof(struct trial));
	for (size_t i = 0; i < model_count; i++) {
		if (!is_wanted(simulation, models[i].experiment))
			continue;
		for (unsigned int j = 0; j < rates; j++)
			try_model(simulation, &models[i],
				  simulation->rate_count ?
					  simulation->rates[j] :
					  models[i].rate);
	}
}

static void run_variances(struct simulation *simulation)
{
	struct lab_results *results = &simulation->results;
	unsigned int runs = results->runs * VARIANCE_RUNS;

	if (!is_wanted(simulation, VARIANCE))
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

	if (!simulation->json)
		return 0;
	output = output_open(simulation->json);
	if (!output)
		return EXIT_CANNOT;
	lab_table_json(&simulation->results, output);
	return output_close(output, simulation->json);
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

static void print_help(void)
{
	fputs(help, stdout);
	for (size_t i = 0; i < model_count; i++)
		if (!i ||
		    strcmp(models[i].experiment, models[i - 1].experiment) != 0)
			printf(" %s", models[i].experiment);
	puts(" " VARIANCE);
}

static int take_option(struct simulation *simulation, int option)
{
	uint64_t value;
	int wrong;

	switch (option) {
	case OPTION_POLICIES:
		simulation->policy_count = 0;
		return each_word("--policies", optarg, POLICIES_TAKEN,
				 take_policy, simulation);
	case OPTION_RATES:
		simulation->rate_count = 0;
		return each_word("--rates", optarg, RATES_TAKEN, take_rate,
				 simulation);
	case OPTION_REPEAT:
		wrong = take_number("--repeat", optarg, REPEAT_MAX, &value);
		if (!wrong && !value)
			return refuse("--repeat", optarg, "is too few");
		simulation->results.runs = (unsigned int)value;
		return wrong;
	case OPTION_SEED:
		return take_number("--seed", optarg, UINT64_MAX,
				   &simulation->results.seed);
	default:
		simulation->json = optarg;
		return 0;
	}
}

int cmd_lab_simulate(int argc, char **argv)
{
	struct simulation simulation = {
		.results.runs = REPEAT_DEFAULT,
		.results.seed = 1,
	};
	int option, wrong = 0;

	each_word("--policies", POLICIES_DEFAULT, POLICIES_TAKEN, take_policy,
		  &simulation);
	options_begin();
	while (!wrong && (option = getopt_long(argc, argv, ":h", long_options,
					       NULL)) != -1) {
		if (option == 'h') {
			print_help();
			return EXIT_DONE;
		}
		if (option < OPTION_OWN)
			return options_wrong(option, argv);
		wrong = take_option(&simulation, option);
	}
	simulation.names = argv + optind;
	simulation.name_count = argc - optind;
	if (wrong || check_names(&simulation))
		return EXIT_USAGE;
	return simulate(&simulation);
}
