/* SPDX-License-Identifier: GPL-2.0 */
/* What the options of lab simulate and lab run have in common. */
#ifndef LAB_LAB_OPTIONS_H
#define LAB_LAB_OPTIONS_H

#include <stdbool.h>

#include "../load/input_options.h"
#include "subject.h"

#define LAB_LIST_MAX 16
#define LAB_POLICIES "fixed,uniform:0.25,poisson,stratified"

/* Long options; each command's own begin at LAB_OWN. */
enum {
	LAB_OPTION_POLICIES = OPTION_OWN,
	LAB_OPTION_RATES,
	LAB_OPTION_REPEAT,
	LAB_OPTION_SEED,
	LAB_OPTION_JSON,
	LAB_OWN
};

#define LAB_OPTIONS                                                       \
	{ "policies", required_argument, NULL, LAB_OPTION_POLICIES },     \
		{ "rates", required_argument, NULL, LAB_OPTION_RATES },   \
		{ "repeat", required_argument, NULL, LAB_OPTION_REPEAT }, \
		{ "seed", required_argument, NULL, LAB_OPTION_SEED },     \
		{ "json", required_argument, NULL, LAB_OPTION_JSON },     \
	{                                                                 \
		"help", no_argument, NULL, 'h'                            \
	}

struct lab_options {
	const char *command;			   /* for messages: "lab run" */
	struct sampler samplers[LAB_LIST_MAX + 1]; /* and perf */
	unsigned int sampler_count;
	double rates[LAB_LIST_MAX]; /* Hz */
	unsigned int rate_count;    /* 0: those of the experiments */
	unsigned int repeat;
	uint64_t seed;
	const char *json;
	char **names; /* of experiments; none: all */
	int name_count;
};

void lab_options_begin(struct lab_options *options, const char *command,
		       unsigned int repeat);

/* Take one of LAB_OPTIONS with its optarg: 0, or EXIT_USAGE after a message. */
int lab_options_take(struct lab_options *options, int option);

/* Say what is wrong with an option. EXIT_USAGE. */
int lab_options_refuse(const struct lab_options *options, const char *option,
		       const char *text, const char *why);

/* A number of 0 to @most. */
int lab_options_number(const struct lab_options *options, const char *option,
		       const char *text, uint64_t most, uint64_t *value);

/* The subject of that number; NULL behind the last. */
typedef const struct subject *lab_subject(size_t number);

/* The experiments, and @also, if any, in a line. */
void lab_options_list(lab_subject *subject, const char *also);

/*
 * The names of experiments, which must be among those: else EXIT_USAGE. Then
 * whether one is wanted.
 */
int lab_options_names(struct lab_options *options, int argc, char **argv,
		      lab_subject *subject, const char *also);
bool lab_options_want(const struct lab_options *options, const char *name);

#endif
