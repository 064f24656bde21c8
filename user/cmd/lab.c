// SPDX-License-Identifier: GPL-2.0
/* dither lab: the table of its commands. */
#include "lab.h"

#include <stdio.h>
#include <string.h>

#include "../base/error.h"
#include "cmd.h"

static const struct {
	const char *name, *called; /* in messages */
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "replay", "lab replay", cmd_lab_replay,
	  "recompute a recording's instants from its seed, and verify them" },
	{ "run", "lab run", cmd_lab_run,
	  "sample programs that log their own truth, by each policy and perf" },
	{ "simulate", "lab simulate", cmd_lab_simulate,
	  "sample models whose truth is known, and see who finds it" },
};

#define COUNT (sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *out)
{
	fputs("usage: dither lab COMMAND [options]\n"
	      "How true sampling is, shown by experiment.\n\n",
	      out);
	for (size_t i = 0; i < COUNT; i++)
		fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].help);
	fputs("\n'dither lab COMMAND --help' tells more.\n", out);
}

int cmd_lab(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	for (size_t i = 0; i < COUNT; i++) {
		if (strcmp(name, commands[i].name) != 0)
			continue;
		argv[1] = (char *)commands[i].called;
		return commands[i].run(argc - 1, argv + 1);
	}
	if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
		print_help(stdout);
		return EXIT_DONE;
	}
	if (*name)
		error_print("lab: no command \"%s\"", name);
	print_help(stderr);
	return EXIT_USAGE;
}
