// SPDX-License-Identifier: GPL-2.0
/* See runner.h. */
#include "runner.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/alloc.h"
#include "../base/policy.h"
#include "command.h"

/* Beside the tool where it was built, and where it was installed. */
static const char *const places[] = { "lab", "../libexec/dither" };
static const char *const left_behind[] = { "samples.dither", "perf.data",
					   "samples.txt", "truth", "log" };
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Of both samplers, so that it fills up. */
#define SMALL_RING_KB 64
#define PERF_RING_PAGES 16

static char *scratch_file(const struct runner *runner, const char *name)
{
	return alloc_format("%s/%s", runner->scratch, name);
}

static int find_self(struct runner *runner, struct error *error)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (length < 0)
		return error_set(error, -errno, "/proc/self/exe: %s",
				 strerror(errno));
	path[length] = '\0';
	runner->dither = alloc_string(path);
	return 0;
}

static bool has_programs(const char *folder)
{
	char *program = alloc_format("%s/%s", folder, experiments[0].program);
	bool has = !access(program, X_OK);

	free(program);
	return has;
}

static int find_programs(struct runner *runner, const char *given,
			 struct error *error)
{
	int folder = (int)(strrchr(runner->dither, '/') - runner->dither);

	if (given) {
		runner->programs = alloc_string(given);
		if (has_programs(given))
			return 0;
		return error_set(error, -ENOENT, "%s: no program %s in it",
				 given, experiments[0].program);
	}
	for (size_t i = 0; i < COUNT(places); i++) {
		free(runner->programs);
		runner->programs = alloc_format("%.*s/%s", folder,
						runner->dither, places[i]);
		if (has_programs(runner->programs))
			return 0;
	}
	return error_set(error, -ENOENT,
			 "the lab's programs are neither in %.*s/lab nor in "
			 "%s: build them by 'make lab', or name their folder "
			 "by --programs",
			 folder, runner->dither, runner->programs);
}

static int make_scratch(struct runner *runner, struct error *error)
{
	const char *folder = getenv("TMPDIR");

	runner->scratch = alloc_format("%s/dither-lab.XXXXXX",
				       folder && *folder ? folder : "/tmp");
	if (mkdtemp(runner->scratch))
		return 0;
	error_set(error, -errno, "%s: %s", runner->scratch, strerror(errno));
	free(runner->scratch);
	runner->scratch = NULL;
	return -EIO;
}

static int last_cpu(void)
{
	cpu_set_t set;
	int last = CPU_SETSIZE - 1;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 0;
	while (last && !CPU_ISSET((unsigned int)last, &set))
		last--;
	return last;
}

int runner_open(struct runner *runner, const char *programs, int cpu,
		struct error *error)
{
	int code;

	*runner = (struct runner){ .cpu = cpu >= 0 ? cpu : last_cpu() };
	code = find_self(runner, error);
	if (!code)
		code = find_programs(runner, programs, error);
	if (!code)
		code = make_scratch(runner, error);
	if (code)
		runner_close(runner);
	return code;
}

static void remove_files(const struct runner *runner)
{
	for (size_t i = 0; i < COUNT(left_behind); i++) {
		char *file = scratch_file(runner, left_behind[i]);

		unlink(file);
		free(file);
	}
}

void runner_close(struct runner *runner)
{
	if (runner->scratch) {
		remove_files(runner);
		rmdir(runner->scratch);
	}
	free(runner->scratch);
	free(runner->programs);
	free(runner->dither);
	*runner = (struct runner){ .cpu = -1 };
}

static void add_dither(struct command *command, const struct runner *runner,
		       const struct runner_run *run)
{
	const struct sampler *sampler = &run->sampler;

	command_add(command, "%s", runner->dither);
	command_add(command, "record");
	command_add(command, "-qa");
	command_add(command, "-C%d", runner->cpu);
	command_add(command, "-F%.0f", run->rate);
	command_add(command, "--budget=100");
	command_add(command, "--seed=%" PRIu64, run->seed);
	if (sampler->policy == DITHER_POLICY_UNIFORM)
		command_add(command, "--jitter=uniform:%.6f",
			    sampler->jitter_ppm / 1e6);
	else
		command_add(command, "--jitter=%s",
			    policy_names[sampler->policy]);
	if (run->experiment->view == EXPERIMENT_STOPPED)
		command_add(command, "--ring-size=%dK", SMALL_RING_KB);
	if (run->experiment->view != EXPERIMENT_ASLEEP)
		command_add(command, "--idle");
	command_add(command, "-o%s/samples.dither", runner->scratch);
}

static void add_perf(struct command *command, const struct runner *runner,
		     const struct runner_run *run)
{
	/* Without its cache of files, which takes longer than the program. */
	static const char *const words[] = { "perf",	  "record",
					     "-qagN",	  "-e",
					     "cpu-clock", "-kCLOCK_MONOTONIC" };

	for (size_t i = 0; i < COUNT(words); i++)
		command_add(command, "%s", words[i]);
	command_add(command, "-C%d", runner->cpu);
	command_add(command, "-F%.0f", run->rate);
	if (run->experiment->view == EXPERIMENT_STOPPED)
		command_add(command, "-m%d", PERF_RING_PAGES);
	command_add(command, "-o%s/perf.data", runner->scratch);
}

static void add_program(struct command *command, const struct runner *runner,
			const struct runner_run *run)
{
	const struct experiment *experiment = run->experiment;

	command_add(command, "--");
	/* perf sees only what begins on the CPU that it looks at. */
	command_add(command, "taskset");
	command_add(command, "-c");
	command_add(command, "%d", runner->cpu);
	command_add(command, "%s/%s", runner->programs, experiment->program);
	command_add(command, "%g", experiment->subject.seconds);
	for (size_t i = 0; experiment->arguments[i]; i++)
		if (strcmp(experiment->arguments[i], EXPERIMENT_RATE) != 0)
			command_add(command, "%s", experiment->arguments[i]);
		else
			command_add(command, "%.0f", run->rate);
	command_add(command, "%d", runner->cpu);
	if (experiment->sweep)
		command_add(command, "%.0f",
			    floor(run->phase * 1e9 / experiment->hertz));
}

/* The last line that a command left, without its end. */
static void last_line(const char *path, char *line, size_t room)
{
	FILE *file = fopen(path, "re");

	line[0] = '\0';
	while (file && fgets(line, (int)room, file))
		line[strcspn(line, "\n")] = '\0';
	if (file)
		fclose(file);
}

static int run_command(const struct runner *runner, struct command *command,
		       const char *output, struct error *error)
{
	char *into = scratch_file(runner, output);
	char *log = scratch_file(runner, "log");
	int code = command_run(command, into, log, error);
	char line[sizeof(error->text) / 2];

	if (code > 0) {
		last_line(log, line, sizeof(line));
		code = error_set(error, code == EXIT_CANNOT ? -ENODEV : -EIO,
				 "%s %s ended with %d: %s", command->words[0],
				 command->words[1], code, line);
	}
	command_clear(command);
	free(log);
	free(into);
	return code;
}

static int print_perf(const struct runner *runner, struct error *error)
{
	struct command command = { .cpu = -1 };

	command_add(&command, "perf");
	command_add(&command, "script");
	command_add(&command, "--ns");
	command_add(&command, "-Fcomm,tid,cpu,time,event,ip,sym");
	command_add(&command, "-i%s/perf.data", runner->scratch);
	return run_command(runner, &command, "samples.txt", error);
}

int runner_run(const struct runner *runner, const struct runner_run *run,
	       struct error *error)
{
	struct command command = { .cpu = runner->cpu };
	int code;

	/* perf would keep an older file by another name. */
	remove_files(runner);
	if (run->sampler.perf)
		add_perf(&command, runner, run);
	else
		add_dither(&command, runner, run);
	add_program(&command, runner, run);
	code = run_command(runner, &command, "truth", error);
	if (!code && run->sampler.perf)
		code = print_perf(runner, error);
	return code;
}

struct runner_files runner_files(const struct runner *runner,
				 const struct runner_run *run)
{
	return (struct runner_files){
		.samples = scratch_file(runner, run->sampler.perf ?
							"samples.txt" :
							"samples.dither"),
		.truth = scratch_file(runner, "truth"),
	};
}

void runner_files_free(struct runner_files *files)
{
	free(files->samples);
	free(files->truth);
}

bool runner_has_perf(void)
{
	struct command command = { .cpu = -1 };
	int code;

	command_add(&command, "perf");
	command_add(&command, "--version");
	code = command_run(&command, "/dev/null", "/dev/null", NULL);
	command_clear(&command);
	return !code;
}
