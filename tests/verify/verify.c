// SPDX-License-Identifier: GPL-2.0
/*
 * Holds the module's user stacks against those that libdw finds offline in the
 * copies that a module made with TEST=copy has put beside its samples.
 *
 * usage: verify [-e EXAMPLES] [-r ROOT] [-m SAMPLES] FILE...
 *
 * Prints what was compared and what came of it. Exit status 1: fewer than
 * 99.9% of the frames are equal and more than one stack differs (of few samples
 * one is more than that), or fewer than SAMPLES could be compared, or more than
 * 5% of the frames lie beyond rules that tables have no kind for.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../user/file/replay.h"
#include "compare.h"
#include "copies.h"
#include "images.h"
#include "tasks.h"

struct run {
	struct images *images;
	struct copies *copies;
	struct tasks *tasks;
	struct totals *totals;
	uint64_t without_copy;
};

static void on_sample(void *context, unsigned int cpu,
		      const struct dither_sample *sample,
		      const struct replay_stack *kernel,
		      const struct replay_stack *user)
{
	struct run *run = context;
	struct process *process;
	const struct copy *copy;

	(void)kernel;
	if (!user)
		return;
	copy = copies_find(run->copies, cpu, sample);
	if (!copy) {
		run->without_copy++;
		return;
	}
	process = tasks_find(run->tasks, sample->tgid);
	if (process && !process->reference)
		process->reference = reference_new(process);
	if (process && process->reference)
		compare(run->totals, sample, user, process, copy);
	else
		run->totals->unknown_process++;
}

static void on_fork(void *context, const struct dither_fork *record)
{
	struct run *run = context;

	if (record->header.tid == record->tgid)
		tasks_fork(run->tasks, record->tgid, record->parent_tgid);
}

static void on_comm(void *context, const struct dither_comm *record)
{
	struct run *run = context;

	if (record->header.flags & DITHER_COMM_EXEC)
		tasks_exec(run->tasks, record->tgid);
}

static void on_exit_record(void *context, const struct dither_exit *record)
{
	struct run *run = context;

	if (record->header.flags & DITHER_EXIT_PROCESS)
		tasks_exit(run->tasks, record->tgid);
}

static void on_map(void *context, const struct dither_map *record)
{
	struct run *run = context;
	const struct mapping mapping = {
		.start = record->start,
		.end = record->start + record->length,
		.offset = record->offset,
		.image = record->header.flags & DITHER_MAP_ANONYMOUS ?
				 NULL :
				 images_get(run->images, record),
	};

	tasks_map(run->tasks, record->tgid, &mapping);
}

static int verify(const char *path, const char *root, struct totals *totals)
{
	struct recording *recording;
	struct run run = { .totals = totals };
	const struct replay_handler handler = {
		.context = &run,
		.sample = on_sample,
		.fork = on_fork,
		.comm = on_comm,
		.exit = on_exit_record,
		.map = on_map,
	};
	const unsigned char *vdso;
	struct error error;
	size_t length = 0;
	int code;

	code = recording_open(path, &recording, &error);
	if (code) {
		fprintf(stderr, "verify: %s\n", error.text);
		return code;
	}
	vdso = recording_vdso(recording, &length);
	run.images = images_new(root, vdso, length);
	run.copies = copies_read(recording);
	run.tasks = tasks_new();
	code = replay_run(recording, &handler, &error);
	if (code)
		fprintf(stderr, "verify: %s\n", error.text);
	for (size_t i = 0; i < recording_damage_count(recording); i++)
		fprintf(stderr, "verify: %s\n", recording_damage(recording, i));
	printf("# %s: %zu copies; user stacks without one: %" PRIu64 "\n", path,
	       copies_count(run.copies), run.without_copy);
	tasks_free(run.tasks);
	copies_free(run.copies);
	images_free(run.images);
	recording_close(recording);
	return code;
}

int main(int argc, char **argv)
{
	struct totals totals = { .examples = 3 };
	unsigned long least = 1;
	const char *root = "";
	int option, code = 0;

	while ((option = getopt(argc, argv, "e:r:m:")) != -1) {
		if (option == 'e')
			totals.examples = (unsigned int)strtoul(optarg, NULL, 0);
		else if (option == 'r')
			root = optarg;
		else if (option == 'm')
			least = strtoul(optarg, NULL, 0);
		else
			return EXIT_USAGE;
	}
	for (; !code && optind < argc; optind++)
		code = verify(argv[optind], root, &totals);
	totals_print(&totals);
	if (code)
		return EXIT_USAGE;
	if (totals.samples < least ||
	    (totals.equal * 1000 < totals.frames * 999 &&
	     totals_different(&totals) > 1) ||
	    totals.rest[OUTCOME_UNSUPPORTED] * 20 > totals.frames)
		return EXIT_CHECK_FAILED;
	return EXIT_DONE;
}
