// SPDX-License-Identifier: GPL-2.0
/* dither fold: a recording as folded stacks, for any flame graph tool. */
#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "../profile/folded.h"
#include "options.h"
#include "output.h"

static const char help[] =
	"usage: dither fold [options] [FILE]\n"
	"Write the stacks of a recording as folded text: one stack a line,\n"
	"'thread;function;function count', kernel functions with _[k].\n"
	"\n" OPTIONS_SYMBOLS_HELP OPTIONS_ROOTS_HELP
	"  -o, --output FILE  where to (default: standard output)\n"
	"  -h, --help         this text\n";

static const struct option long_options[] = {
	OPTIONS_SYMBOLS,
	OPTIONS_ROOTS,
	{ "output", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 },
};

static int fold(const struct load_options *options, const char *path)
{
	struct error error = { "" };
	struct load load;
	FILE *output;
	int code = EXIT_CANNOT;

	if (load_open(options, &load, &error)) {
		error_print("%s", error.text);
		return EXIT_USAGE;
	}
	load_complain(&load);
	output = output_open(path);
	if (output) {
		folded_write(load.profile, output);
		code = output_close(output, path);
	}
	load_close(&load);
	return code;
}

int cmd_fold(int argc, char **argv)
{
	struct load_options options = { 0 };
	const char *path = NULL;
	int option;

	options_begin();
	while ((option = getopt_long(argc, argv, ":hi:o:", long_options,
				     NULL)) != -1) {
		if (options_take(&options, option))
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
	if (options_input(&options, argc, argv))
		return EXIT_USAGE;
	return fold(&options, path);
}
