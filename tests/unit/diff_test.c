// SPDX-License-Identifier: GPL-2.0
/* diff and check as commands: the table, the exit codes, JUnit and JSON. */
#include "unit.h"

#include <stdbool.h>
#include <stdint.h>

#include "../../user/base/error.h"
#include "../../user/cmd/cmd.h"
#include "random_numbers.h"
#include "run_command.h"

static char base[64], now[64], other[64], text[65536];

/* perf-script text of samples a millisecond apart, so many percent in "hot". */
static void write_script(const char *path, unsigned int count, uint64_t percent)
{
	FILE *file = fopen(path, "w");
	uint64_t state = 99;

	for (unsigned int i = 0; i < count; i++) {
		bool hot = random_below(&state, 100) < percent;

		fprintf(file,
			"prog 1/1 [000] %u.%03u000: 1000000 cpu-clock: \n"
			"\t1 %s+0x1 (/b)\n\t2 main+0x1 (/b)\n\n",
			i / 1000, i % 1000, hot ? "hot<\"&" : "cold");
	}
	fclose(file);
}

static void read_text(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t length = fread(text, 1, sizeof(text) - 1, file);

	text[length] = '\0';
	fclose(file);
}

static void regressed(void)
{
	write_script(base, 20000, 10);
	write_script(now, 20000, 13);
	CU_ASSERT_EQUAL(run_command(cmd_check, text, sizeof(text), "check",
				    "--junit", other, base, now, NULL),
			EXIT_CHECK_FAILED);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "regressed: 1 function takes"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "hot<\"&\n"));
	CU_ASSERT_PTR_NULL(strstr(text, "cold"));
	read_text(other);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "failures=\"1\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "name=\"hot&lt;&quot;&amp;\""));
	CU_ASSERT_EQUAL(run_command(cmd_check, text, sizeof(text), "check",
				    "--max-regression", "6pp", base, now, NULL),
			EXIT_DONE);
	/* A function that shrank is none. */
	CU_ASSERT_EQUAL(run_command(cmd_check, text, sizeof(text), "check",
				    "--max-regression", "5%", now, base, NULL),
			EXIT_DONE);
}

static void same(void)
{
	write_script(base, 20000, 10);
	CU_ASSERT_EQUAL(run_command(cmd_check, text, sizeof(text), "check",
				    "--json", other, base, base, NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "ok: "));
	read_text(other);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "{\"verdict\":\"ok\",\"cause\":null,"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "\"least\":{\"samples\":100,\"samples_ok\":400,"
			     "\"blocks\":12},\"base\":{\"samples\":20000,"
			     "\"runs\":1,"
			     "\"blocks\":24,\"seconds\":19.999,\"lost\":0}"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "\"name\":\"hot\\u003c\\\"\\u0026\""));
	CU_ASSERT_EQUAL(run_command(cmd_diff, text, sizeof(text), "diff", base,
				    base, NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "No function differs"));
}

static void inconclusive(void)
{
	write_script(base, 100, 10);
	write_script(now, 100, 12);
	CU_ASSERT_EQUAL(run_command(cmd_check, text, sizeof(text), "check",
				    base, now, NULL),
			EXIT_INCONCLUSIVE);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "base has 100, new has 100; a limit of 1.00 "
			     "points needs at least 400 a side; record at "
			     "least 1 s a side\n"));
}

/* Words of folded text, and the exit code of check. */
static int check_counts(const char *before, const char *after)
{
	FILE *file = fopen(base, "w");

	fputs(before, file);
	fclose(file);
	file = fopen(now, "w");
	fputs(after, file);
	fclose(file);
	return run_command(cmd_check, text, sizeof(text), "check", "--json",
			   other, base, now, NULL);
}

static void edges(void)
{
	CU_ASSERT_EQUAL(check_counts("a;b 1\n", "a;b 100\n"),
			EXIT_INCONCLUSIVE);
	CU_ASSERT_EQUAL(check_counts("a;b 1\n", "a;c 1\n"), EXIT_INCONCLUSIVE);
	read_text(other);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"cause\":\"few samples\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"detectable\":1,"));
	CU_ASSERT_PTR_NULL(strstr(text, "\"regressed\":true"));
	CU_ASSERT_EQUAL(check_counts("a;b 1000\n", "a;b 1000\n"), EXIT_DONE);
	CU_ASSERT_EQUAL(check_counts("a;b 1000\n", "a;c 1000\n"),
			EXIT_CHECK_FAILED);
	read_text(other);
	CU_ASSERT_PTR_NULL(strstr(text, "\"low\":1,"));
	CU_ASSERT_PTR_NULL(strstr(text, "\"high\":0,"));
}

static void few_for_diff(void)
{
	check_counts("a;b 50\n", "a;c 99\n");
	CU_ASSERT_EQUAL(run_command(cmd_diff, text, sizeof(text), "diff", base,
				    now, NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(
		text, "Less than 100 samples on a side: no change is marked"));
	CU_ASSERT_PTR_NULL(strchr(text, '*'));
	check_counts("a;b 100\n", "a;c 100\n");
	run_command(cmd_diff, text, sizeof(text), "diff", base, now, NULL);
	CU_ASSERT_PTR_NULL(strstr(text, "no change is marked"));
	CU_ASSERT_PTR_NOT_NULL(strchr(text, '*'));
}

static void table(void)
{
	FILE *file = fopen(base, "w");

	fputs("main;old 3000\nmain;rest 7000\n", file);
	fclose(file);
	file = fopen(now, "w");
	fputs("main;fresh 2000\nmain;rest 8000\n", file);
	fclose(file);
	CU_ASSERT_EQUAL(run_command(cmd_diff, text, sizeof(text), "diff", base,
				    now, NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "samples are taken as independent"));
	CU_ASSERT_PTR_NOT_NULL(strstr(
		text, " 30.00   0.00  -30.00*  30.00   0.00  -30.00* -3,000   "
		      "      0.000 gone old\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "new  fresh\n"));
	CU_ASSERT(strstr(text, "gone old") < strstr(text, "new  fresh"));
}

static void several(void)
{
	write_script(base, 20000, 10);
	write_script(now, 20000, 13);
	CU_ASSERT_EQUAL(run_command(cmd_check, text, sizeof(text), "check",
				    "--json", other, base, base, base, "--",
				    now, now, NULL),
			EXIT_CHECK_FAILED);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "regressed: 1 function takes"));
	read_text(other);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "\"base\":{\"samples\":60000,\"runs\":3,"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "\"new\":{\"samples\":40000,\"runs\":2,"));
	/* What ends options elsewhere does so here. */
	CU_ASSERT_EQUAL(run_command(cmd_check, text, sizeof(text), "check",
				    "--", base, now, NULL),
			EXIT_CHECK_FAILED);
	CU_ASSERT_EQUAL(run_command(cmd_check, text, sizeof(text), "check",
				    base, "--", now, NULL),
			EXIT_CHECK_FAILED);
	CU_ASSERT_EQUAL(run_command(cmd_check, text, sizeof(text), "check",
				    base, base, "--", now, NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "BASE... -- NEW..."));
	CU_ASSERT_EQUAL(run_command(cmd_check, text, sizeof(text), "check",
				    base, now, "--", NULL),
			EXIT_USAGE);
	CU_ASSERT_EQUAL(run_command(cmd_check, text, sizeof(text), "check",
				    base, base, now, NULL),
			EXIT_USAGE);
}

static void usage(void)
{
	CU_ASSERT_EQUAL(run_command(cmd_check, text, sizeof(text), "check",
				    base, NULL),
			EXIT_USAGE);
	CU_ASSERT_EQUAL(run_command(cmd_check, text, sizeof(text), "check",
				    "--max-regression", "x", base, now, NULL),
			EXIT_USAGE);
	CU_ASSERT_EQUAL(run_command(cmd_diff, text, sizeof(text), "diff",
				    "/nonexistent", now, NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "/nonexistent"));
	fclose(fopen(base, "w"));
	CU_ASSERT_EQUAL(run_command(cmd_diff, text, sizeof(text), "diff", base,
				    now, NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "no samples"));
}

static const struct unit_case cases[] = {
	{ "a function that grew is named, and fails the check", regressed },
	{ "the same twice is ok, in JSON too", same },
	{ "few samples are inconclusive, and it says how many more",
	  inconclusive },
	{ "one sample proves nothing, and no interval has a width of 0",
	  edges },
	{ "diff marks nothing where samples are few, and says so",
	  few_for_diff },
	{ "diff shows what vanished and what is new", table },
	{ "several recordings of each side are parted by --", several },
	{ "wrong use and empty input are told", usage },
};

int main(void)
{
	int status;

	snprintf(base, sizeof(base), "%s.base", file_path());
	snprintf(now, sizeof(now), "%s.now", file_path());
	snprintf(other, sizeof(other), "%s.other", file_path());
	status = unit_run("diff", cases, sizeof(cases) / sizeof(cases[0]));
	unlink(base);
	unlink(now);
	unlink(other);
	return status;
}
