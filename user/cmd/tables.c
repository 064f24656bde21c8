// SPDX-License-Identifier: GPL-2.0
/*
 * dither tables: compile unwind tables of files and say what came of it. For
 * people who wonder why a stack ends; recording compiles its own.
 */
#include "cmd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../load/input_options.h"
#include "../unwind/compile.h"

static const char help[] =
	"usage: dither tables [options] FILE...\n"
	"Compile the unwind tables of programs and libraries, as recording does,\n"
	"and print a line for each: rows, distinct rules, bytes of call frame\n"
	"information read, bytes of the table, the share of executable bytes that\n"
	"can be unwound, and how many rows say only that they are unsupported.\n"
	"Nothing is kept.\n"
	"\n"
	"  -v, --verbose  say what is unsupported, and which files have no table\n"
	"  -h, --help     this text\n";

static const struct option long_options[] = {
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

struct totals {
	struct unwind_statistics sum;
	unsigned int tables, without, foreign, others, failed;
	double seconds;
};

static double cpu_seconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void add(struct unwind_statistics *sum,
		const struct unwind_statistics *one)
{
	sum->frame_bytes += one->frame_bytes;
	sum->table_bytes += one->table_bytes;
	sum->functions += one->functions;
	sum->rows += one->rows;
	sum->rules += one->rules;
	sum->executable_bytes += one->executable_bytes;
	sum->covered_bytes += one->covered_bytes;
	for (int why = 0; why < UNWIND_UNSUPPORTED_COUNT; why++)
		sum->unsupported[why] += one->unsupported[why];
}

static void print_line(const struct unwind_statistics *statistics,
		       const char *name)
{
	uint64_t unsupported = 0;

	for (int why = UNWIND_SUPPORTED + 1; why < UNWIND_UNSUPPORTED_COUNT;
	     why++)
		unsupported += statistics->unsupported[why];
	printf("%9llu %6llu %10llu %10llu %5.1f%% %6llu  %s\n",
	       (unsigned long long)statistics->rows,
	       (unsigned long long)statistics->rules,
	       (unsigned long long)statistics->frame_bytes,
	       (unsigned long long)statistics->table_bytes,
	       statistics->executable_bytes ?
		       100.0 * (double)statistics->covered_bytes /
			       (double)statistics->executable_bytes :
		       0.0,
	       (unsigned long long)unsupported, name);
}

static void print_unsupported(const struct unwind_statistics *statistics)
{
	for (int why = UNWIND_SUPPORTED + 1; why < UNWIND_UNSUPPORTED_COUNT;
	     why++)
		if (statistics->unsupported[why])
			printf("%62s %llu\n", unwind_unsupported_name(why),
			       (unsigned long long)statistics->unsupported[why]);
}

/* A file that there is no table of: 0 if that is all right. */
static int without_table(struct totals *totals, int code, const char *path,
			 bool verbose, const struct error *error)
{
	if (code == -ENODATA || code == -ENOTSUP || code == -ENOEXEC) {
		totals->without += code == -ENODATA;
		totals->others += code == -ENOEXEC;
		totals->foreign += code == -ENOTSUP;
		if (verbose)
			printf("%51s  %s: %s\n", "", path, error->text);
		return 0;
	}
	totals->failed++;
	error_print("%s: %s", path, error->text);
	return code;
}

static int compile_file(struct totals *totals, const char *path, bool verbose)
{
	struct error error = { "" };
	struct unwind_table table;
	struct stat status;
	double began = cpu_seconds();
	struct elf *elf;
	int code = elf_open_regular(path, &status, &error);

	if (code >= 0)
		code = elf_read(code, (uint64_t)status.st_size, &elf, &error);
	if (code)
		return without_table(totals, code, path, verbose, &error);
	code = unwind_compile(elf, &table, &error);
	elf_close(elf);
	totals->seconds += cpu_seconds() - began;
	if (code)
		return without_table(totals, code, path, verbose, &error);
	totals->tables++;
	add(&totals->sum, &table.statistics);
	print_line(&table.statistics, path);
	if (verbose)
		print_unsupported(&table.statistics);
	unwind_table_free(&table);
	return 0;
}

static void print_totals(const struct totals *totals)
{
	char name[128];

	snprintf(name, sizeof(name), "%u tables, %.0f MB in a CPU second", totals->tables,
		 totals->seconds > 0 ? 1e-6 * (double)totals->sum.frame_bytes /
					       totals->seconds :
				       0.0);
	print_line(&totals->sum, name);
	print_unsupported(&totals->sum);
	printf("%u without call frame information, %u of other machines, %u not ELF programs, %u failed\n",
	       totals->without, totals->foreign, totals->others,
	       totals->failed);
}

int cmd_tables(int argc, char **argv)
{
	struct totals totals = { .tables = 0 };
	bool verbose = false;
	int option;

	options_begin();
	while ((option = getopt_long(argc, argv, ":hv", long_options, NULL)) !=
	       -1) {
		switch (option) {
		case 'v':
			verbose = true;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_DONE;
		default:
			return options_wrong(option, argv);
		}
	}
	if (optind == argc) {
		error_print("tables: no file is named; see 'dither tables --help'");
		return EXIT_USAGE;
	}
	printf("%9s %6s %10s %10s %6s %6s\n", "rows", "rules", "bytes in",
	       "bytes out", "share", "unsup.");
	for (int i = optind; i < argc; i++)
		compile_file(&totals, argv[i], verbose);
	print_totals(&totals);
	return totals.failed ? EXIT_USAGE : EXIT_DONE;
}
