// SPDX-License-Identifier: GPL-2.0
/* dither import as a command: what it says, leaves behind, and what reads it. */
#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "../../user/base/error.h"
#include "../../user/cmd/cmd.h"
#include "../../user/cmd/lab.h"
#include "../../user/file/recording.h"
#include "run_command.h"

#define TEXT                                                     \
	"prog 12/34 [001] 5.000001: 3 cycles: \n"                \
	"\tffffffff81001000 schedule+0x1a ([kernel.kallsyms])\n" \
	"\t          401100 main+0x0 (/bin/prog)\n\n"            \
	"prog 12/35 [002] 5.500001: 4 cache-misses: \n"          \
	"\t          401100 main+0x0 (/bin/prog)\n\n"

static char directory[] = "/tmp/import_test.XXXXXX";
static char input[64], output[64], said[65536];

static void write_input(const char *text)
{
	FILE *file = fopen(input, "w");

	fputs(text, file);
	fclose(file);
}

static int import(const char *option)
{
	return run_command(cmd_import, said, sizeof(said), "import", input,
			   "-o", output, option, NULL);
}

static bool says(const char *text)
{
	if (strstr(said, text))
		return true;
	printf("# said: %s", said);
	return false;
}

static bool exists(const char *path)
{
	struct stat status;

	return !stat(path, &status);
}

static void expect_fold(const char *option)
{
	char text[4096];

	CU_ASSERT_EQUAL(run_command(cmd_fold, text, sizeof(text), "fold", input,
				    option, NULL),
			EXIT_DONE);
	CU_ASSERT_EQUAL(run_command(cmd_fold, said, sizeof(said), "fold",
				    output, option, NULL),
			EXIT_DONE);
	/* Messages name the file. */
	CU_ASSERT_PTR_NOT_NULL_FATAL(strstr(text, "[cycles];prog"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(strstr(said, "[cycles];prog"));
	CU_ASSERT_STRING_EQUAL(strstr(text, "[cache-misses];prog"),
			       strstr(said, "[cache-misses];prog"));
}

static void folds_alike(void)
{
	write_input(TEXT);
	CU_ASSERT_EQUAL(import(NULL), EXIT_DONE);
	CU_ASSERT(says("dither: 2 samples, 0.00 MB in "));
	expect_fold(NULL);
	expect_fold("--tid");
	expect_fold("--samples");
	CU_ASSERT_EQUAL(run_command(cmd_fold, said, sizeof(said), "fold",
				    output, "--event", "cache-misses", NULL),
			EXIT_DONE);
	CU_ASSERT_STRING_EQUAL(said, "prog;main 4\n");
	CU_ASSERT_EQUAL(run_command(cmd_fold, said, sizeof(said), "fold",
				    output, "--event", "none", NULL),
			EXIT_USAGE);
	CU_ASSERT(says("no samples of event none"));
}

static void report(void)
{
	write_input(TEXT "nonsense\n");
	CU_ASSERT_EQUAL(import("-q"), EXIT_DONE);
	CU_ASSERT(says(":8: neither a frame nor the beginning of a sample"));
	CU_ASSERT(says("1 lines left out"));
	CU_ASSERT_EQUAL(run_command(cmd_report, said, sizeof(said), "report",
				    output, NULL),
			EXIT_DONE);
	CU_ASSERT(says("imported  from perf-script text /tmp/import_test."));
	CU_ASSERT(says(", of which 1 lines were left out: no ledger\n"));
	CU_ASSERT(says("event     cycles, 1 samples"));
	CU_ASSERT(says("schedule "));
	CU_ASSERT_PTR_NULL(strstr(said, "Lateness"));
	CU_ASSERT_PTR_NULL(strstr(said, "95% sure"));
	CU_ASSERT_PTR_NULL(strstr(said, "Ledger"));
}

static void expect_meta(const struct recording *recording, const char *key,
			const char *expected)
{
	const char *value = recording_meta(recording, key);

	CU_ASSERT_PTR_NOT_NULL_FATAL(value);
	CU_ASSERT_STRING_EQUAL(value, expected);
}

static void metadata(void)
{
	struct recording *recording;

	write_input(TEXT "nonsense\n");
	import(NULL);
	CU_ASSERT_EQUAL_FATAL(recording_open(output, &recording, NULL), 0);
	CU_ASSERT(recording_imported(recording));
	expect_meta(recording, "imported", "perf script");
	expect_meta(recording, "imported_from", input);
	expect_meta(recording, "policy", "imported");
	expect_meta(recording, "lines_left_out", "1");
	expect_meta(recording, "other_records", "0");
	expect_meta(recording, "start_ns", "5000001000");
	expect_meta(recording, "stop_ns", "5500001000");
	CU_ASSERT_PTR_NULL(recording_meta(recording, "period_ns"));
	recording_close(recording);
}

static void cut_short(void)
{
	struct stat status;

	write_input(TEXT);
	import(NULL);
	CU_ASSERT_FATAL(!stat(output, &status));
	CU_ASSERT_EQUAL(truncate(output, status.st_size - 1), 0);
	CU_ASSERT_EQUAL(run_command(cmd_report, said, sizeof(said), "report",
				    output, NULL),
			EXIT_DONE);
	CU_ASSERT(says("cut short"));
	CU_ASSERT(says(": no ledger; the file is not whole\n"));
	CU_ASSERT_EQUAL(run_command(cmd_report, said, sizeof(said), "report",
				    output, "--strict", NULL),
			EXIT_USAGE);
	CU_ASSERT(says("damage is an error (--strict)"));
}

static void no_schedule(void)
{
	write_input(TEXT);
	import(NULL);
	CU_ASSERT_EQUAL(run_command(cmd_lab_replay, said, sizeof(said),
				    "replay", output, NULL),
			EXIT_USAGE);
	CU_ASSERT(says("imported: the file has no schedule"));
}

static void other_commands(void)
{
	write_input(TEXT);
	import(NULL);
	CU_ASSERT_EQUAL(run_command(cmd_flame, said, sizeof(said), "flame",
				    "--html", "-o", "-", output, NULL),
			EXIT_DONE);
	CU_ASSERT(says("\"main\""));
	CU_ASSERT_EQUAL(run_command(cmd_flame, said, sizeof(said), "flame",
				    "--color", "ipc", "-o", "-", output, NULL),
			EXIT_USAGE);
	CU_ASSERT(says("what perf script prints has no counts"));
	CU_ASSERT_EQUAL(run_command(cmd_diff, said, sizeof(said), "diff", input,
				    output, NULL),
			EXIT_DONE);
	CU_ASSERT(says("No function differs."));
	CU_ASSERT_EQUAL(run_command(cmd_check, said, sizeof(said), "check",
				    input, output, NULL),
			EXIT_INCONCLUSIVE);
	CU_ASSERT_EQUAL(run_command(cmd_export, said, sizeof(said), "export",
				    "perf", output, NULL),
			EXIT_DONE);
	CU_ASSERT(says("5.500001:"));
}

static void strict(void)
{
	write_input(TEXT "nonsense\n");
	CU_ASSERT_EQUAL(import("--strict"), EXIT_USAGE);
	CU_ASSERT(says("(--strict)"));
	CU_ASSERT_FALSE(exists(output));
}

static void expect_refused(const char *text, const char *why)
{
	write_input(text);
	CU_ASSERT_EQUAL(import(NULL), EXIT_USAGE);
	CU_ASSERT(says(why));
	CU_ASSERT_FALSE(exists(output));
}

static void no_text(void)
{
	expect_refused("a;b 3\n", "folded stacks have no samples to import");
	expect_refused("PERFILE2..", "perf's own file");
	expect_refused("", "is empty");
	expect_refused("\x1f\x8b\b damaged", "gzip");
	expect_refused("\x89"
		       "DITHER\n....",
		       "is a recording already");
	CU_ASSERT_EQUAL(run_command(cmd_import, said, sizeof(said), "import",
				    NULL),
			EXIT_USAGE);
	CU_ASSERT(says("a file, or '-' for standard input"));
}

static void onto_itself(void)
{
	write_input(TEXT);
	CU_ASSERT_EQUAL(run_command(cmd_import, said, sizeof(said), "import",
				    input, "-o", input, NULL),
			EXIT_USAGE);
	CU_ASSERT(says("is the input and the output"));
	CU_ASSERT_EQUAL(import(NULL), EXIT_DONE);
}

static void full_disk(void)
{
	struct rlimit limit, small;

	write_input(TEXT);
	CU_ASSERT_EQUAL(run_command(cmd_import, said, sizeof(said), "import",
				    input, "-o", "/dev/full", NULL),
			EXIT_CANNOT);
	CU_ASSERT(says("No space left on device"));
	CU_ASSERT_EQUAL(run_command(cmd_import, said, sizeof(said), "import",
				    input, "-o", "/nowhere/x", NULL),
			EXIT_CANNOT);
	CU_ASSERT(says("cannot create /nowhere/x"));
	getrlimit(RLIMIT_FSIZE, &limit);
	small = (struct rlimit){ 400, limit.rlim_max };
	setrlimit(RLIMIT_FSIZE, &small);
	CU_ASSERT_EQUAL(import(NULL), EXIT_CANNOT);
	setrlimit(RLIMIT_FSIZE, &limit);
	CU_ASSERT(says("File too large"));
	CU_ASSERT_FALSE(exists(output));
}

static const struct unit_case cases[] = {
	{ "an import folds as the text does", folds_alike },
	{ "the report says that it was imported, and claims nothing more",
	  report },
	{ "the metadata says what was imported, and of no schedule", metadata },
	{ "a recording that was cut short says so", cut_short },
	{ "a schedule that is not there is not verified", no_schedule },
	{ "flame, diff, check and export read it", other_commands },
	{ "with --strict a bad line leaves no file", strict },
	{ "what perf script did not print is refused", no_text },
	{ "the input is not overwritten by its own import", onto_itself },
	{ "a full disk is an error, and leaves no part", full_disk },
};

int main(void)
{
	char command[64];
	int status;

	if (!mkdtemp(directory))
		return 2;
	snprintf(input, sizeof(input), "%s/in", directory);
	snprintf(output, sizeof(output), "%s/out.dither", directory);
	status = unit_run("import_command", cases,
			  sizeof(cases) / sizeof(cases[0]));
	snprintf(command, sizeof(command), "rm -r %s", directory);
	return system(command) ? 2 : status;
}
