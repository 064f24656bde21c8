// SPDX-License-Identifier: GPL-2.0
/*
 * The options that fold, report and flame share, and the messages for those
 * that do not exist.
 */
#include "input_options.h"

#include <string.h>

#include "../base/error.h"

#define INPUT_DEFAULT "dither.dither"

void options_begin(void)
{
	optind = 0;
	opterr = 0;
}

bool options_take(struct load_options *options, int option)
{
	switch (option) {
	case 'i':
		options->path = optarg;
		return true;
	case OPTION_PID:
		options->pid = true;
		return true;
	case OPTION_TID:
		options->tid = true;
		return true;
	case OPTION_CPU:
		options->cpu = true;
		return true;
	case OPTION_SYMFS:
		options->symfs = optarg;
		return true;
	case OPTION_EVENT:
		options->event = optarg;
		return true;
	case OPTION_NO_DEMANGLE:
		options->mangled = true;
		return true;
	case OPTION_DEBUG_DIR:
		options->debug_dir = optarg;
		return true;
	default:
		return false;
	}
}

bool options_take_input(struct input_options *options, int option)
{
	switch (option) {
	case OPTION_STRICT:
		options->strict = true;
		return true;
	case OPTION_LENIENT:
		options->lenient = true;
		return true;
	case OPTION_SAMPLES:
		options->samples = true;
		return true;
	case OPTION_THREADS:
		options->threads = optarg;
		return true;
	case OPTION_UNSEEN:
	case OPTION_NO_UNSEEN:
		options->load.no_unseen = option == OPTION_NO_UNSEEN;
		return true;
	case OPTION_LATE:
		options->load.late = optarg;
		return true;
	case OPTION_DEMANGLE:
		options->as_written = options->load.mangled = false;
		return true;
	default:
		return options_take(&options->load, option);
	}
}

int options_input(struct load_options *options, int argc, char **argv)
{
	if (argc - optind > 1 || (options->path && argc > optind)) {
		error_print("%s: one input at a time, '%s' is one too many",
			    argv[0], argv[options->path ? optind : optind + 1]);
		return EXIT_USAGE;
	}
	if (argc > optind)
		options->path = argv[optind];
	if (!options->path)
		options->path = INPUT_DEFAULT;
	return 0;
}

int options_wrong(int answer, char **argv)
{
	const char *word = argv[optind - 1];
	const char *what = answer == ':' ? "needs a value" : "is not known";
	char letter[3] = { '-', (char)optopt, '\0' };

	/* getopt_long() gives a letter, or what it stopped at is a word. */
	if (optopt > 0 && optopt < 128)
		word = letter;
	else if (optopt)
		what = answer == ':' ? "needs a value" : "takes no value";
	error_print("%s: option '%s' %s; see 'dither %s --help'", argv[0], word,
		    what, argv[0]);
	return EXIT_USAGE;
}
