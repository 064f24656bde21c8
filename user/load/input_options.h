/* SPDX-License-Identifier: GPL-2.0 */
/* What the options of fold, report and flame have in common. */
#ifndef LOAD_INPUT_OPTIONS_H
#define LOAD_INPUT_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

#include "input.h"

/* Long options without a letter; each command's own begin at OPTION_OWN. */
enum {
	OPTION_PID = 256,
	OPTION_TID,
	OPTION_CPU,
	OPTION_SYMFS,
	OPTION_DEBUG_DIR,
	OPTION_STRICT,
	OPTION_LENIENT,
	OPTION_SAMPLES,
	OPTION_EVENT,
	OPTION_DEMANGLE,
	OPTION_NO_DEMANGLE,
	OPTION_THREADS,
	OPTION_UNSEEN,
	OPTION_NO_UNSEEN,
	OPTION_LATE,
	OPTION_OWN
};

#define OPTIONS_SYMBOLS                                                   \
	{ "input", required_argument, NULL, 'i' },                        \
		{ "help", no_argument, NULL, 'h' },                       \
		{ "symfs", required_argument, NULL, OPTION_SYMFS },       \
		{ "demangle", no_argument, NULL, OPTION_DEMANGLE },       \
		{ "no-demangle", no_argument, NULL, OPTION_NO_DEMANGLE }, \
	{                                                                 \
		"debug-dir", required_argument, NULL, OPTION_DEBUG_DIR    \
	}

#define OPTIONS_ROOTS                                     \
	{ "pid", no_argument, NULL, OPTION_PID },         \
		{ "tid", no_argument, NULL, OPTION_TID }, \
	{                                                 \
		"cpu", no_argument, NULL, OPTION_CPU      \
	}

#define OPTIONS_TEXT                                                \
	{ "strict", no_argument, NULL, OPTION_STRICT },             \
		{ "lenient", no_argument, NULL, OPTION_LENIENT },   \
		{ "samples", no_argument, NULL, OPTION_SAMPLES },   \
		{ "event", required_argument, NULL, OPTION_EVENT }, \
	{                                                           \
		"threads", required_argument, NULL, OPTION_THREADS  \
	}

#define OPTIONS_UNSEEN                                                \
	{ "unseen", no_argument, NULL, OPTION_UNSEEN },               \
		{ "no-unseen", no_argument, NULL, OPTION_NO_UNSEEN }, \
	{                                                             \
		"late", required_argument, NULL, OPTION_LATE          \
	}

/* For the commands' --help. */
#define OPTIONS_SYMBOLS_HELP                                                   \
	"  -i, --input FILE   the recording (default: dither.dither)\n"        \
	"      --symfs DIR    look for programs and libraries below DIR\n"     \
	"      --debug-dir DIR  separate symbols (default: /usr/lib/debug)\n"  \
	"      --no-demangle  symbols of C++ and Rust as files have them\n"    \
	"      --demangle     those of folded stacks by name, too (default,\n" \
	"                     but for fold)\n"

#define OPTIONS_ROOTS_HELP                                        \
	"      --pid          a frame [pid N] for each process\n" \
	"      --tid          a frame [tid N] for each thread\n"  \
	"      --cpu          a frame [cpu N] for each CPU\n"

#define OPTIONS_TEXT_HELP                                                           \
	"      --strict       what cannot be used is an error\n"                    \
	"      --lenient      read a text of which more lines are left out than\n"  \
	"                     used\n"                                               \
	"      --event NAME   weigh by this event, not by time; all: each sample\n" \
	"                     once, whatever made it, apart by a frame [NAME];\n"   \
	"                     of perf-script text, this event only\n"               \
	"      --samples      of perf-script text, count samples, not\n"            \
	"                     their periods\n"                                      \
	"      --threads N    that read text (default: one for each CPU);\n"        \
	"                     the output is the same\n"

#define OPTIONS_UNSEEN_HELP                                                        \
	"      --no-unseen    of a recording, leave out time in which no sample\n" \
	"                     was taken; by default it is in the frames\n"         \
	"                     [interrupts off], [late] and [lost] (--unseen)\n"    \
	"      --late USEC    samples more than USEC late count as late\n"         \
	"                     (default: four times what is usual)\n"

/* getopt_long() starts over and leaves messages to options_wrong(). */
void options_begin(void);

/* Take @option with its optarg, if it is one of the above: true. */
bool options_take(struct load_options *options, int option);
/* The same for whoever reads text, too. */
bool options_take_input(struct input_options *options, int option);

/*
 * After the last option: the input may also stand alone. 0, or EXIT_USAGE
 * after a message.
 */
int options_input(struct load_options *options, int argc, char **argv);

/* Name the option that getopt_long() answered with '?' or ':'. EXIT_USAGE. */
int options_wrong(int answer, char **argv);

#endif
