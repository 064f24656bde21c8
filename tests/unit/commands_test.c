// SPDX-License-Identifier: GPL-2.0
/* What report, fold and flame say and leave behind, run as commands. */
#include "unit.h"

#include <fcntl.h>
#include <stdarg.h>
#include <sys/wait.h>

#include "../../user/cmd/cmd.h"
#include "load_inputs.h"

#define KTHREAD DITHER_SAMPLE_KTHREAD
#define IN_KERNEL DITHER_STACK_KERNEL
#define NEAR DITHER_STACK_ADJACENT
#define K(offset) (KERNEL_TEXT + (uint64_t)(offset))

/* Run a command; what it wrote to stdout and stderr goes to @text. */
static int run(int (*command)(int, char **), char *text, size_t room, ...)
{
	char path[80], *argv[12];
	int argc = 0, status, fd;
	va_list words;
	ssize_t length;
	pid_t child;

	va_start(words, room);
	while ((argv[argc] = va_arg(words, char *)))
		argc++;
	va_end(words);
	snprintf(path, sizeof(path), "%s/output", directory);
	fflush(NULL);
	child = fork();
	if (!child) {
		fd = open(path, O_CREAT | O_TRUNC | O_RDWR, 0600);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		status = command(argc, argv);
		fflush(NULL);
		_exit(status);
	}
	waitpid(child, &status, 0);
	fd = open(path, O_RDONLY);
	length = read(fd, text, room - 1);
	text[length > 0 ? length : 0] = '\0';
	close(fd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void report(void)
{
	struct dither_ledger ledger = {
		.size = sizeof(ledger),
		.cells = 10,
		.kept = 2,
		.idle = 5,
		.overruns = 1,
		.filtered = 1,
		.lost = { 1, 0, 0, 7 },
		.running_ns = 1000,
		.handler_ns = 10,
	};
	struct ring ring = { .length = 0 };
	struct dither_sample sample;
	char text[8192];

	make_sample(&sample, 7, KTHREAD, K(0x210));
	put_stack(&ring, IN_KERNEL, DITHER_END_ROOT, 1, K(0x10));
	sample.kernel_stack = NEAR;
	put_sample(&ring, &sample);
	sample.kernel_stack = DITHER_STACK_NONE;
	put_sample(&ring, &sample);
	write_recording(&ring, "command=x \033[2J\nperiod_ns=1000000\n",
			&ledger);
	CU_ASSERT_EQUAL(run(cmd_report, text, sizeof(text), "report",
			    recording_file, NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "command   x \xef\xbf\xbd[2J\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "1000.00 Hz"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "100.00 [34.24-100.00]"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "inner"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "  balanced"));
	CU_ASSERT_PTR_NULL(strstr(text, "NOT BALANCED"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "median 1.50 us"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "root 50.0%"));
	ledger.idle = 8;
	write_recording(&ring, "", &ledger);
	run(cmd_report, text, sizeof(text), "report", "-i", recording_file,
	    NULL);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "NOT BALANCED by -3"));
}

static void usage(void)
{
	char text[4096];

	CU_ASSERT_EQUAL(run(cmd_fold, text, sizeof(text), "fold", "--frob",
			    NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "'--frob'"));
	CU_ASSERT_EQUAL(run(cmd_flame, text, sizeof(text), "flame", "--pid",
			    "-z", NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "'-z'"));
	CU_ASSERT_EQUAL(run(cmd_report, text, sizeof(text), "report", "--sort",
			    "x", NULL),
			EXIT_USAGE);
	CU_ASSERT_EQUAL(run(cmd_fold, text, sizeof(text), "fold", program_file,
			    NULL),
			EXIT_USAGE);
	CU_ASSERT_EQUAL(run(cmd_fold, text, sizeof(text), "fold", "--help",
			    NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "--symfs"));
}

static void flame(void)
{
	struct ring ring = { .length = 0 };
	char text[65536], path[80];

	snprintf(path, sizeof(path), "%s/out.svg", directory);
	write_recording(&ring, "", NULL);
	CU_ASSERT_EQUAL(run(cmd_flame, text, sizeof(text), "flame", "-o", path,
			    recording_file, NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "no samples"));
	CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0);
	CU_ASSERT_EQUAL(run(cmd_flame, text, sizeof(text), "flame", "-o", path,
			    program_file, NULL),
			EXIT_USAGE);
	CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0);
	put_bare(&ring, 7, KTHREAD, K(0x10));
	write_recording(&ring, "command=ls -l\npolicy=poisson\n", NULL);
	CU_ASSERT_EQUAL(run(cmd_flame, text, sizeof(text), "flame",
			    recording_file, NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "<title>outer\n1 samples, 100.00%"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "ls -l \xc2\xb7 poisson"));
	CU_ASSERT_EQUAL(run(cmd_flame, text, sizeof(text), "flame", "-o",
			    "/dev/full", recording_file, NULL),
			EXIT_CANNOT);
	CU_ASSERT_EQUAL(access("/dev/full", F_OK), 0);
}

static void damage(void)
{
	struct ring ring = { .length = 0 };
	char text[4096];

	put_bare(&ring, 7, KTHREAD, K(0x10));
	write_recording(&ring, "", NULL);
	CU_ASSERT_EQUAL(truncate(recording_file, 16 + 24), 0);
	CU_ASSERT_EQUAL(run(cmd_fold, text, sizeof(text), "fold",
			    recording_file, NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, recording_file));
}

static void tables(void)
{
	char text[4096], path[80];
	FILE *file;

	snprintf(path, sizeof(path), "%s/program.c", directory);
	CU_ASSERT_EQUAL(run(cmd_tables, text, sizeof(text), "tables", path,
			    directory, program_file, "/bin/sh", NULL),
			EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " 1 tables,"));
	CU_ASSERT_PTR_NOT_NULL(strstr(
		text, "\n1 without call frame information, 0 of other machines, "
		      "2 not ELF programs, 0 failed\n"));
	snprintf(path, sizeof(path), "%s/damaged", directory);
	file = fopen(path, "w");
	fputs("\177ELF, as it were", file);
	fclose(file);
	CU_ASSERT_EQUAL(run(cmd_tables, text, sizeof(text), "tables", path,
			    NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "0 not ELF programs, 1 failed\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "damaged: too short"));
}

static const struct unit_case cases[] = {
	{ "the report proves or disproves the balance", report },
	{ "a wrong option is named", usage },
	{ "flame leaves a whole file or none", flame },
	{ "damage is told and is no failure", damage },
	{ "what is no program has no table, what is damaged fails", tables },
};

int main(void)
{
	return run_with_inputs("commands", cases, sizeof(cases) / sizeof(cases[0]));
}
