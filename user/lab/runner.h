/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs one of the lab's programs on a CPU of its own, while dither or perf
 * samples it there.
 */
#ifndef LAB_RUNNER_H
#define LAB_RUNNER_H

#include "../base/error.h"
#include "experiment.h"

struct runner {
	char *dither;	/* path of this tool */
	char *programs; /* folder of the lab's programs */
	char *scratch;	/* folder, for files of one run */
	int cpu;
};

/*
 * @programs: NULL: those beside this tool, or of its installation. @cpu: -1:
 * the last that this process may run on. -ENOENT, …: there are none.
 */
int runner_open(struct runner *runner, const char *programs, int cpu,
		struct error *error);
/* With what the last run left. */
void runner_close(struct runner *runner);

struct runner_run {
	const struct experiment *experiment;
	struct sampler sampler;
	double rate;   /* Hz */
	uint64_t seed; /* of the sampler */
	double phase;  /* of the program, where it takes one; 0 to 1 */
};

/* What a run leaves, until the next one. */
struct runner_files {
	char *samples; /* a recording, or perf-script text */
	char *truth;
};

/*
 * -ECANCELED: interrupted. -ENODEV: the machine cannot sample. -EIO: it failed
 * otherwise, as the error says.
 */
int runner_run(const struct runner *runner, const struct runner_run *run,
	       struct error *error);
struct runner_files runner_files(const struct runner *runner,
				 const struct runner_run *run);
void runner_files_free(struct runner_files *files);

/* Whether perf is there to be run. */
bool runner_has_perf(void);

#endif
