// SPDX-License-Identifier: GPL-2.0
/* See lab_options.h. */
#include "lab_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/policy.h"

#define POLICIES_TAKEN "must be at most 16 of " POLICY_WORDS
#define RATES_TAKEN "must be at most 16 of 1 to 20000 (Hz)"
#define REPEAT_MAX 1000000
#define RATE_MAX 20000

int lab_options_refuse(const struct lab_options *options, const char *option,
		       const char *text, const char *why)
{
	error_print("%s: %s %s: %s", options->command, option, text, why);
	return EXIT_USAGE;
}

/* Call @take for each word between commas; @what: all that it takes. */
static int each_word(struct lab_options *options, const char *option,
		     const char *list, const char *what,
		     int (*take)(struct lab_options *options, const char *word))
{
	char *copy = alloc_string(list), *rest = copy, *word;
	int wrong = 0;

	while (!wrong && (word = strsep(&rest, ",")))
		wrong = take(options, word);
	if (wrong)
		lab_options_refuse(options, option, list, what);
	free(copy);
	return wrong;
}

static int take_policy(struct lab_options *options, const char *word)
{
	struct sampler sampler = { .perf = false };

	if (options->sampler_count == LAB_LIST_MAX ||
	    !policy_read(word, &sampler.policy, &sampler.jitter_ppm))
		return EXIT_USAGE;
	options->samplers[options->sampler_count++] = sampler;
	return 0;
}

static int take_rate(struct lab_options *options, const char *word)
{
	char *end;
	double rate = strtod(word, &end);

	if (options->rate_count == LAB_LIST_MAX || end == word || *end ||
	    !(rate >= 1 && rate <= RATE_MAX))
		return EXIT_USAGE;
	options->rates[options->rate_count++] = rate;
	return 0;
}

int lab_options_number(const struct lab_options *options, const char *option,
		       const char *text, uint64_t most, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && !errno && *value <= most)
		return 0;
	return lab_options_refuse(options, option, text,
				  "is not a number in range");
}

static int take_policies(struct lab_options *options, const char *list)
{
	options->sampler_count = 0;
	return each_word(options, "--policies", list, POLICIES_TAKEN,
			 take_policy);
}

void lab_options_begin(struct lab_options *options, const char *command,
		       unsigned int repeat)
{
	*options = (struct lab_options){
		.command = command,
		.repeat = repeat,
		.seed = 1,
	};
	take_policies(options, LAB_POLICIES);
	options_begin();
}

int lab_options_take(struct lab_options *options, int option)
{
	uint64_t value;
	int wrong;

	switch (option) {
	case LAB_OPTION_POLICIES:
		return take_policies(options, optarg);
	case LAB_OPTION_RATES:
		options->rate_count = 0;
		return each_word(options, "--rates", optarg, RATES_TAKEN,
				 take_rate);
	case LAB_OPTION_REPEAT:
		wrong = lab_options_number(options, "--repeat", optarg,
					   REPEAT_MAX, &value);
		if (!wrong && !value)
			return lab_options_refuse(options, "--repeat", optarg,
						  "is too few");
		options->repeat = (unsigned int)value;
		return wrong;
	case LAB_OPTION_SEED:
		return lab_options_number(options, "--seed", optarg, UINT64_MAX,
					  &options->seed);
	default:
		options->json = optarg;
		return 0;
	}
}

void lab_options_list(lab_subject *subject, const char *also)
{
	const char *last = "";

	for (size_t i = 0; subject(i); i++) {
		if (strcmp(subject(i)->experiment, last) != 0)
			printf(" %s", subject(i)->experiment);
		last = subject(i)->experiment;
	}
	printf("%s%s\n", also ? " " : "", also ? also : "");
}

static bool is_known(const char *name, lab_subject *subject, const char *also)
{
	for (size_t i = 0; subject(i); i++)
		if (!strcmp(name, subject(i)->experiment))
			return true;
	return also && !strcmp(name, also);
}

int lab_options_names(struct lab_options *options, int argc, char **argv,
		      lab_subject *subject, const char *also)
{
	options->names = argv + optind;
	options->name_count = argc - optind;
	for (int i = 0; i < options->name_count; i++)
		if (!is_known(options->names[i], subject, also))
			return lab_options_refuse(options, "experiment",
						  options->names[i],
						  "is none; see --help");
	return 0;
}

bool lab_options_want(const struct lab_options *options, const char *name)
{
	for (int i = 0; i < options->name_count; i++)
		if (!strcmp(options->names[i], name))
			return true;
	return !options->name_count;
}
