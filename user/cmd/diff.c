// SPDX-License-Identifier: GPL-2.0
/* dither diff: how the share of each function changed, and how surely. */
#include "cmd.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../base/decimal.h"
#include "../base/output_file.h"
#include "../load/compared_inputs.h"
#include "../load/input_options.h"

#define LIMIT_DEFAULT 40

enum {
	OPTION_LIMIT = OPTION_OWN,
	OPTION_FDR,
};

static const char help[] =
	"usage: dither diff [options] BASE NEW\n"
	"Compare two profiles function by function: shares of self and total,\n"
	"and the weight that came or went. What surely changed, by enough to\n"
	"matter, is marked '*'; what vanished is shown.\n"
	"\n" OPTIONS_TEXT_HELP OPTIONS_UNSEEN_HELP
	"      --symfs DIR, --debug-dir DIR  as for report\n"
	"      --limit N      functions to list, 0: all (40)\n"
	"      --fdr Q        of what is marked, so much may be chance (0.05)\n"
	"  -o, --output FILE  where to (default: standard output)\n"
	"  -h, --help         this text\n";

static const struct option long_options[] = {
	OPTIONS_SYMBOLS,
	OPTIONS_TEXT,
	OPTIONS_UNSEEN,
	{ "limit", required_argument, NULL, OPTION_LIMIT },
	{ "fdr", required_argument, NULL, OPTION_FDR },
	{ "output", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 },
};

struct diff_options {
	struct input_options input;
	double fdr;
	size_t limit;
	const char *output;
};

static void put_side(const char *label, const struct pair_side *side,
		     FILE *output)
{
	const struct input *input = side->inputs;
	char weight[DECIMAL_MAX], worth[DECIMAL_MAX];

	fprintf(output, "%-4s  weight %s, worth %s samples: %s\n", label,
		decimal_grouped(weight, profile_total(input->profile), 2),
		decimal_grouped(worth, side->samples, 0), input->name);
}

/* Why nothing can be marked. */
static void put_ground(const struct comparison *comparison, FILE *output)
{
	if (comparison_few_samples(comparison))
		fprintf(output,
			"Less than %d samples on a side: no change is marked.\n\n",
			COMPARE_SAMPLES_LEAST);
	else if (comparison_few_blocks(comparison))
		fprintf(output,
			"Samples in less than %d of %d blocks of time on a side: "
			"no change is marked.\n\n",
			COMPARE_BLOCKS_LEAST, COMPARE_BLOCKS);
}

static int diff(const struct diff_options *options, char **paths)
{
	struct error error = { "" };
	struct pair pair;
	FILE *output;
	int code = EXIT_CANNOT;

	if (pair_open(&options->input, &(struct pair_paths){ paths, 1 },
		      &(struct pair_paths){ paths + 1, 1 }, options->fdr, &pair,
		      &error)) {
		error_print("%s", error.text);
		return EXIT_USAGE;
	}
	output = output_open(options->output);
	if (output) {
		put_side("base", &pair.base, output);
		put_side("new", &pair.now, output);
		fputc('\n', output);
		put_ground(pair.comparison, output);
		if (!pair_table(&pair, options->limit, NULL, NULL, output))
			fputs("No function differs.\n", output);
		code = output_close(output, options->output);
	}
	pair_close(&pair);
	return code;
}

static int take(struct diff_options *options, int option, char **argv)
{
	char *end;

	switch (option) {
	case 'o':
		options->output = optarg;
		return 0;
	case OPTION_LIMIT:
		options->limit = strtoul(optarg, &end, 10);
		if (*optarg >= '0' && *optarg <= '9' && !*end)
			return 0;
		error_print("diff: --limit: '%s' is not a number", optarg);
		return EXIT_USAGE;
	case OPTION_FDR:
		if (pair_share(optarg, &options->fdr))
			return 0;
		error_print("diff: --fdr: '%s' is not between 0 and 1", optarg);
		return EXIT_USAGE;
	default:
		return options_wrong(option, argv);
	}
}

int cmd_diff(int argc, char **argv)
{
	struct diff_options options = {
		.fdr = COMPARE_FDR,
		.limit = LIMIT_DEFAULT,
	};
	int option;

	options_begin();
	while ((option = getopt_long(argc, argv, ":ho:", long_options, NULL)) !=
	       -1) {
		if (option != 'i' && options_take_input(&options.input, option))
			continue;
		if (option == 'h') {
			fputs(help, stdout);
			return EXIT_DONE;
		}
		if (take(&options, option, argv))
			return EXIT_USAGE;
	}
	if (argc - optind != 2) {
		error_print("diff: give two profiles, BASE and NEW");
		return EXIT_USAGE;
	}
	return diff(&options, argv + optind);
}
