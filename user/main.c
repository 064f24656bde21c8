// SPDX-License-Identifier: GPL-2.0
/* The table of commands. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cmd/cmd.h"

#ifndef DITHER_VERSION
#define DITHER_VERSION "unknown"
#endif

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "record", cmd_record, "sample a command, processes or the system into a file" },
	{ "report", cmd_report, "functions, losses and lateness of a recording as text" },
	{ "fold", cmd_fold, "one line a stack: frames;frames;frames count" },
	{ "flame", cmd_flame, "a flame graph as interactive SVG" },
	{ "diff", cmd_diff, "two profiles: what grew, shrank, vanished, and how surely" },
	{ "check", cmd_check, "two profiles: ok, regressed or inconclusive, for a build" },
	{ "export", cmd_export, "for pprof, speedscope, Firefox Profiler, Grafana" },
	{ "import", cmd_import, "what perf script prints as a recording" },
	{ "lab", cmd_lab, "how true sampling is: schedules verified, experiments simulated" },
	{ "tables", cmd_tables, "unwind tables of programs and libraries, as figures" },
};

#define COUNT (sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *out)
{
	fputs("Usage: dither COMMAND [OPTIONS]\n\n", out);
	for (size_t i = 0; i < COUNT; i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].help);
	fputs("\n`dither COMMAND --help` tells more. Exit codes: 0 done, 1 a check\n"
	      "failed, 2 wrong use or bad input, 3 this machine cannot, 4 a check\n"
	      "needs more samples.\n", out);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	for (size_t i = 0; i < COUNT; i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
		print_help(stdout);
		return EXIT_DONE;
	}
	if (!strcmp(name, "--version")) {
		puts("dither " DITHER_VERSION);
		return EXIT_DONE;
	}
	if (*name)
		error_print("no command \"%s\"", name);
	print_help(stderr);
	return EXIT_USAGE;
}
