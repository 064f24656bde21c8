// SPDX-License-Identifier: GPL-2.0
/* dither check: whether a program got slower, as an answer for a build. */
#include "cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/output_file.h"
#include "../load/input_options.h"
#include "../report/check_report.h"
#include "../report/check_sentence.h"

#define LIMIT_DEFAULT .01
#define ROWS 20

enum {
	OPTION_MAX_REGRESSION = OPTION_OWN,
	OPTION_FDR,
	OPTION_JUNIT,
	OPTION_JSON,
};

static const char help[] =
	"usage: dither check [options] BASE NEW\n"
	"       dither check [options] BASE... -- NEW...\n"
	"Check whether a function's share of the time grew: 'ok' (exit code 0),\n"
	"'regressed' (1), or 'inconclusive' (4), with the cause and what to do.\n"
	"A verdict needs 100 samples on each side, an ok 4 / limit of them (400),\n"
	"and samples in 12 of 24 blocks of time. Of several recordings a side, how\n"
	"they differ from each other counts.\n"
	"\n" OPTIONS_TEXT_HELP OPTIONS_UNSEEN_HELP
	"      --symfs DIR, --debug-dir DIR  as for report\n"
	"      --max-regression N  points of a share it may grow by (1pp)\n"
	"      --fdr Q        of what is called a change, so much may be\n"
	"                     chance (0.05)\n"
	"      --junit FILE, --json FILE  the answer for programs, too\n"
	"  -h, --help         this text\n";

static const struct option long_options[] = {
	OPTIONS_SYMBOLS,
	OPTIONS_TEXT,
	OPTIONS_UNSEEN,
	{ "max-regression", required_argument, NULL, OPTION_MAX_REGRESSION },
	{ "fdr", required_argument, NULL, OPTION_FDR },
	{ "junit", required_argument, NULL, OPTION_JUNIT },
	{ "json", required_argument, NULL, OPTION_JSON },
	{ NULL, 0, NULL, 0 },
};

struct check_options {
	struct input_options input;
	double fdr, limit;
	const char *junit, *json;
};

static int write_report(const char *path,
			void (*write)(const struct check_report *, FILE *),
			const struct check_report *report)
{
	FILE *output;

	if (!path)
		return EXIT_DONE;
	output = output_open(path);
	if (!output)
		return EXIT_CANNOT;
	write(report, output);
	return output_close(output, path);
}

static bool regressed(const struct change *change, const void *context)
{
	return verdict_regressed(change, context);
}

static int answer(const struct check_options *options, const struct pair *pair)
{
	static const int codes[] = {
		[VERDICT_OK] = EXIT_DONE,
		[VERDICT_REGRESSED] = EXIT_CHECK_FAILED,
		[VERDICT_INCONCLUSIVE] = EXIT_INCONCLUSIVE,
	};
	const struct verdict_rule rule =
		verdict_rule(pair->comparison, options->limit);
	const struct verdict verdict = verdict_of(pair->comparison, &rule);
	char *text = check_sentence(pair->comparison, &verdict, &rule);
	const struct check_report report = {
		.pair = pair,
		.verdict = &verdict,
		.rule = &rule,
		.sentence = text,
	};
	int code;

	printf("%s\n", text);
	pair_table(pair, ROWS, regressed, &rule, stdout);
	code = write_report(options->junit, check_report_junit, &report);
	if (!code)
		code = write_report(options->json, check_report_json, &report);
	if (!code)
		code = output_close(stdout, NULL);
	free(text);
	return code ? code : codes[verdict.kind];
}

static int check(const struct check_options *options,
		 const struct pair_paths *base, const struct pair_paths *now)
{
	struct error error = { "" };
	struct pair pair;
	int code;

	if (pair_open(&options->input, base, now, options->fdr, &pair,
		      &error)) {
		error_print("%s", error.text);
		return EXIT_USAGE;
	}
	code = answer(options, &pair);
	pair_close(&pair);
	return code;
}

static int take(struct check_options *options, int option, char **argv)
{
	switch (option) {
	case OPTION_MAX_REGRESSION:
		if (pair_share(optarg, &options->limit))
			return 0;
		error_print("check: --max-regression: '%s' is no share such as "
			    "1pp or 0.01",
			    optarg);
		return EXIT_USAGE;
	case OPTION_FDR:
		if (pair_share(optarg, &options->fdr))
			return 0;
		error_print("check: --fdr: '%s' is not between 0 and 1",
			    optarg);
		return EXIT_USAGE;
	case OPTION_JUNIT:
		options->junit = optarg;
		return 0;
	case OPTION_JSON:
		options->json = optarg;
		return 0;
	default:
		return options_wrong(option, argv);
	}
}

/* 0; EXIT_USAGE after a message; -1: help was printed. */
static int read_options(struct check_options *options, int argc, char **argv)
{
	int option;

	options_begin();
	while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) !=
	       -1) {
		if (option != 'i' &&
		    options_take_input(&options->input, option))
			continue;
		if (option == 'h') {
			fputs(help, stdout);
			return -1;
		}
		if (take(options, option, argv))
			return EXIT_USAGE;
	}
	return 0;
}

/* Where "--" parts the sides; argc: nowhere. */
static int find_parting(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--"))
			return i;
	return argc;
}

static int refuse_counts(void)
{
	error_print("check: give two profiles, BASE and NEW, or several of "
		    "each: BASE... -- NEW...");
	return EXIT_USAGE;
}

int cmd_check(int argc, char **argv)
{
	struct check_options options = {
		.fdr = COMPARE_FDR,
		.limit = LIMIT_DEFAULT,
	};
	int parting = find_parting(argc, argv);
	struct pair_paths base, now;
	int code = read_options(&options, parting, argv);

	/* Before any profile "--" ends the options, as it does elsewhere. */
	if (!code && parting < argc && optind == parting) {
		parting = argc;
		code = read_options(&options, argc, argv);
	}
	if (code)
		return code < 0 ? EXIT_DONE : code;
	base = (struct pair_paths){ argv + optind, (size_t)(parting - optind) };
	now = (struct pair_paths){ argv + parting + 1,
				   (size_t)(argc - parting - 1) };
	if (parting == argc) {
		if (argc - optind != 2)
			return refuse_counts();
		base.count = 1;
		now = (struct pair_paths){ argv + optind + 1, 1 };
	}
	if (!now.count || (base.count > 1) != (now.count > 1))
		return refuse_counts();
	return check(&options, &base, &now);
}
