// SPDX-License-Identifier: GPL-2.0
/* dither fold: any profile as folded stacks, for any flame graph tool. */
#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "../base/output_file.h"
#include "../load/input_options.h"
#include "../text/folded.h"

static const char help[] =
	"usage: dither fold [options] [FILE]\n"
	"Write the stacks of a recording, of perf-script text or of folded\n"
	"stacks ('-': standard input; gzip and zstd are unpacked) as folded\n"
	"text: 'thread;function;function count', kernel functions with _[k].\n"
	"\n" OPTIONS_SYMBOLS_HELP OPTIONS_ROOTS_HELP OPTIONS_TEXT_HELP
		OPTIONS_UNSEEN_HELP
	"  -o, --output FILE  where to (default: standard output)\n"
	"  -h, --help         this text\n";

static const struct option long_options[] = {
	OPTIONS_SYMBOLS,
	OPTIONS_ROOTS,
	OPTIONS_TEXT,
	OPTIONS_UNSEEN,
	{ "output", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 },
};

static int fold(const struct input_options *options, const char *path)
{
	struct error error = { "" };
	struct input input;
	FILE *output;
	int code = EXIT_CANNOT;

	if (input_open(options, &input, &error)) {
		error_print("%s", error.text);
		return EXIT_USAGE;
	}
	output = output_open(path);
	if (output) {
		folded_write(input.profile, output);
		code = output_close(output, path);
	}
	input_close(&input);
	return code;
}

int cmd_fold(int argc, char **argv)
{
	struct input_options options = { .as_written = true };
	const char *path = NULL;
	int option;

	options_begin();
	while ((option = getopt_long(argc, argv, ":hi:o:", long_options,
				     NULL)) != -1) {
		if (options_take_input(&options, option))
			continue;
		switch (option) {
		case 'o':
			path = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_DONE;
		default:
			return options_wrong(option, argv);
		}
	}
	if (options_input(&options.load, argc, argv))
		return EXIT_USAGE;
	return fold(&options, path);
}
