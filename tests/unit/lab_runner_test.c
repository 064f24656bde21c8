// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that dither lab run starts: how they end, what they leave, and what
 * is made of it. The samplers are scripts.
 */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../user/base/error.h"
#include "../../user/file/writer.h"
#include "../../user/lab/command.h"
#include "../../user/lab/lab_cases.h"
#include "../../user/lab/runner.h"
#include "scratch_file.h"

static void commands_end_as_they_end(void)
{
	struct command command = { .cpu = -1 };
	struct error error;
	char text[64] = "";
	FILE *file;

	command_add(&command, "sh");
	command_add(&command, "-c");
	command_add(&command, "echo $((%d + 1)); exit 5", 41);
	CU_ASSERT_EQUAL(command_run(&command, file_path(), "/dev/null", &error),
			5);
	file = fopen(file_path(), "r");
	CU_ASSERT_PTR_NOT_NULL(fgets(text, sizeof(text), file));
	CU_ASSERT_STRING_EQUAL(text, "42\n");
	fclose(file);
	command_clear(&command);

	command_add(&command, "sh");
	command_add(&command, "-c");
	command_add(&command, "kill -TERM $$");
	CU_ASSERT_EQUAL(command_run(&command, "/dev/null", "/dev/null", &error),
			-ECANCELED);
	command_clear(&command);

	command_add(&command, "sh");
	command_add(&command, "-c");
	command_add(&command, "kill -INT $PPID");
	CU_ASSERT_EQUAL(command_run(&command, "/dev/null", "/dev/null", &error),
			-ECANCELED);
	command_clear(&command);

	command_add(&command, "/nowhere/program");
	CU_ASSERT_EQUAL(command_run(&command, "/dev/null", "/dev/null", &error),
			127);
	command_clear(&command);
}

static void put_program(const char *folder, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	fprintf(file, "#!/bin/sh\n%s\n", text);
	fclose(file);
	chmod(path, 0755);
}

static void remove_folder(const char *folder)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", folder);
	CU_ASSERT_EQUAL(system(command), 0);
}

/* As perf does it. */
static const char keeps_older[] =
	"for word; do case $word in -o*) file=${word#-o};; esac; done\n"
	"[ \"$1\" = record ] || exit 0\n"
	"[ ! -s \"$file\" ] || mv \"$file\" \"$file.old\"\n"
	"echo samples > \"$file\"";

static void nothing_is_left(void)
{
	const struct runner_run run = { .experiment = &experiments[0],
					.sampler = { .perf = true },
					.rate = 100 };
	char folder[] = "/tmp/dither-test-XXXXXX", path[4096], *before;
	struct runner runner;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	put_program(folder, "perf", keeps_older);
	put_program(folder, experiments[0].program, "");
	before = strdup(getenv("PATH"));
	snprintf(path, sizeof(path), "%s:%s", folder, before);
	setenv("PATH", path, 1);
	CU_ASSERT_EQUAL_FATAL(runner_open(&runner, folder, 0, NULL), 0);
	snprintf(path, sizeof(path), "%s", runner.scratch);
	for (int i = 0; i < 2; i++)
		CU_ASSERT_EQUAL(runner_run(&runner, &run, NULL), 0);
	runner_close(&runner);
	CU_ASSERT_EQUAL(access(path, F_OK), -1);
	setenv("PATH", before, 1);
	free(before);
	remove_folder(folder);
}

/* Lost are two samples and nine records that are none. */
static void put_losses(const char *folder)
{
	struct {
		struct chunk_ring ring;
		struct dither_lost_record lost;
	} losses = {
		.lost = { .header = { .type = DITHER_RECORD_LOST,
				      .size = sizeof(losses.lost) },
			  .count = { [DITHER_LOST_RING] = 2,
				     [DITHER_LOST_PROCESS] = 9 } },
	};
	const struct iovec part = { &losses, sizeof(losses) };
	struct writer *writer;
	char path[128];

	snprintf(path, sizeof(path), "%s/losses", folder);
	CU_ASSERT_EQUAL_FATAL(writer_open(path, &writer, NULL), 0);
	CU_ASSERT_EQUAL(writer_chunk(writer, CHUNK_RING, &part, 1, NULL), 0);
	CU_ASSERT_EQUAL(writer_close(writer, NULL), 0);
}

static const char copies_losses[] =
	"for word; do case $word in -o*) file=${word#-o};; esac; done\n"
	"cp \"${0%/*}/losses\" \"$file\"\n"
	"echo truth window 1 2; echo truth f 1";

static void what_is_lost_is_samples(void)
{
	char folder[] = "/tmp/dither-test-XXXXXX";
	struct lab_options options;
	struct lab_cases cases;
	struct runner runner;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	put_losses(folder);
	put_program(folder, "dither", copies_losses);
	put_program(folder, experiments[0].program, "");
	CU_ASSERT_EQUAL_FATAL(runner_open(&runner, folder, 0, NULL), 0);
	free(runner.dither);
	CU_ASSERT(asprintf(&runner.dither, "%s/dither", folder) > 0);
	lab_options_begin(&options, "test", 1);
	options.sampler_count = 1;
	options.names = (char *[]){ "idle" };
	options.name_count = 1;
	lab_cases_plan(&cases, &options);
	CU_ASSERT_EQUAL(lab_cases_run(&cases, &runner), 0);
	CU_ASSERT_EQUAL(cases.items[0].trial.runs, 1);
	CU_ASSERT_EQUAL(cases.items[0].trial.lost, 2);
	lab_cases_free(&cases);
	runner_close(&runner);
	remove_folder(folder);
}

static const struct unit_case cases[] = {
	{ "commands end as they end", commands_end_as_they_end },
	{ "runs leave nothing, of whatever perf keeps", nothing_is_left },
	{ "of what was lost, samples count alone", what_is_lost_is_samples },
};

UNIT_MAIN("lab runner", cases)
