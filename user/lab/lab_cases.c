// SPDX-License-Identifier: GPL-2.0
/* See lab_cases.h. */
#include "lab_cases.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../kmod/core/schedule.h"
#include "../base/alloc.h"
#include "../load/input.h"
#include "../profile/synthetic_frames.h"
#include "../schedule/schedule_audit.h"
#include "lab_trial_text.h"
#include "tally.h"

/* Phases of the runs: as even as can be, as many as there are. */
#define GOLDEN .6180339887498949

void lab_cases_add(struct lab_case *item, const struct outcome *outcome)
{
	item->points = alloc_grow(item->points, item->point_count,
				  &item->point_room, sizeof(*item->points));
	item->points[item->point_count++] = (struct lab_point){
		.truth = outcome->truth[0],
		.reported = trial_share(outcome),
		.interval = trial_interval(outcome),
	};
	trial_add(&item->trial, outcome);
}

static void add_lateness(struct lab_case *item,
			 const struct statistics *statistics)
{
	item->overruns += statistics->overruns;
	for (size_t i = 0; i < statistics->lateness_count; i++)
		item->lateness[31 -
			       __builtin_clz(statistics->lateness[i] | 1)]++;
}

/* ns; what is later than a period was due in another one, too. */
static double mean_lateness(const struct statistics *statistics, double period)
{
	double sum = 0;

	for (size_t i = 0; i < statistics->lateness_count; i++)
		sum += fmin(statistics->lateness[i], period);
	return statistics->lateness_count ?
		       sum / (double)statistics->lateness_count :
		       0;
}

static bool is_loaded(const char *module)
{
	char *path = alloc_format("/sys/module/%s", module);
	bool loaded = !access(path, F_OK);

	free(path);
	return loaded;
}

static void leave_out(struct lab_cases *cases, const struct subject *subject,
		      const char *module)
{
	cases->left_out = alloc_grow(cases->left_out, cases->left_out_count,
				     &cases->left_out_room,
				     sizeof(*cases->left_out));
	cases->left_out[cases->left_out_count++] = (struct lab_left_out){
		subject, alloc_format("the module %s is not loaded", module)
	};
}

static void add_cases(struct lab_cases *cases,
		      const struct lab_options *options,
		      const struct experiment *experiment, double rate)
{
	for (unsigned int i = 0; i < options->sampler_count; i++)
		cases->items[cases->count++] = (struct lab_case){
			.experiment = experiment,
			.trial = trial_begin(&experiment->subject,
					     &options->samplers[i], rate),
		};
}

void lab_cases_plan(struct lab_cases *cases, const struct lab_options *options)
{
	unsigned int rates = options->rate_count ? options->rate_count : 1;

	*cases = (struct lab_cases){
		.seed = options->seed,
		.repeat = options->repeat,
	};
	cases->items =
		alloc_zeroed(experiment_count * rates * options->sampler_count,
			     sizeof(*cases->items));
	for (size_t i = 0; i < experiment_count; i++) {
		const struct experiment *experiment = &experiments[i];
		const struct subject *subject = &experiment->subject;
		const char *module = experiment_needs(experiment);

		if (!lab_options_want(options, subject->experiment))
			continue;
		if (module && !is_loaded(module)) {
			leave_out(cases, subject, module);
			continue;
		}
		for (unsigned int j = 0; j < rates; j++)
			add_cases(cases, options, experiment,
				  options->rate_count ? options->rates[j] :
							subject->rate);
	}
}

static void verify(struct lab_cases *cases, struct recording *recording)
{
	struct schedule_audit replay;
	struct error error;

	cases->recordings++;
	if (schedule_audit(recording, NULL, NULL, &replay, &error)) {
		error_print("%s", error.text);
		return;
	}
	cases->replayed += !replay.problems;
	free(replay.cpus);
}

static void count(struct lab_cases *cases, struct lab_case *item,
		  struct input *input, const struct truth *truth)
{
	const struct statistics *statistics = &input->load.statistics;
	enum experiment_view view = item->experiment->view;
	bool perf = item->trial.sampler.perf;
	struct tally_options options = { .instead = NULL };
	struct outcome outcome;

	if (!perf && view == EXPERIMENT_MASKED)
		options.instead = SYNTHETIC_IRQS_OFF;
	if (!perf && view == EXPERIMENT_ASLEEP)
		options.cells = (double)(truth->end - truth->begin) / 1e9 *
				item->trial.rate;
	tally(input->profile, &input->times, truth, &options, &outcome,
	      trial_see, &item->trial);
	if (!perf) {
		outcome.lost = (uint64_t)llround(input->load.lost.weight);
		outcome.slip =
			item->experiment->begins / 1e9 *
			mean_lateness(statistics, 1e9 / item->trial.rate);
		add_lateness(item, statistics);
		verify(cases, input->load.recording);
	}
	lab_cases_add(item, &outcome);
}

static int look(struct lab_cases *cases, struct lab_case *item,
		const struct runner_files *files, struct error *error)
{
	struct input_options options = {
		.load = { .path = files->samples },
		.samples = true,
		.times = true,
	};
	struct truth truth;
	struct input input;
	int code = truth_read(files->truth, &truth, error);

	if (!code)
		code = input_open(&options, &input, error);
	if (code)
		return code;
	count(cases, item, &input, &truth);
	input_close(&input);
	return 0;
}

static int run_case(struct lab_cases *cases, struct lab_case *item,
		    const struct runner *runner, uint64_t number,
		    struct error *error)
{
	uint64_t turn = number / cases->count;
	double phase = (double)turn * GOLDEN;
	struct runner_run run = {
		.experiment = item->experiment,
		.sampler = item->trial.sampler,
		.rate = item->trial.rate,
		.seed = dither_schedule_draw(cases->seed, number),
		.phase = phase - (double)(uint64_t)phase,
	};
	struct runner_files files = runner_files(runner, &run);
	int code = runner_run(runner, &run, error);

	if (!code)
		code = look(cases, item, &files, error);
	runner_files_free(&files);
	return code;
}

static void show_progress(const struct lab_case *item, uint64_t number,
			  uint64_t planned)
{
	const struct subject *subject = item->trial.subject;
	char name[LAB_SAMPLER_TEXT];

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[Kdither: %llu of %llu: %s, %s, by %s ",
			(unsigned long long)number + 1,
			(unsigned long long)planned, subject->experiment,
			subject->name,
			lab_sampler_text(name, &item->trial.sampler));
}

static void clear_progress(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

static int run_all(struct lab_cases *cases, const struct runner *runner)
{
	uint64_t planned = (uint64_t)cases->count * cases->repeat;

	for (uint64_t number = 0; number < planned; number++) {
		struct lab_case *item = &cases->items[number % cases->count];
		const struct subject *subject = item->trial.subject;
		struct error error;
		int code;

		show_progress(item, number, planned);
		code = run_case(cases, item, runner, number, &error);
		clear_progress();
		if (!code)
			continue;
		item->failed++;
		cases->failed++;
		error_print("lab run: %s, %s: %s", subject->experiment,
			    subject->name, error.text);
		if (code == -ENODEV || code == -ECANCELED)
			return EXIT_CANNOT;
	}
	return 0;
}

int lab_cases_run(struct lab_cases *cases, const struct runner *runner)
{
	int code;

	cases->cpu = runner->cpu;
	code = run_all(cases, runner);
	for (size_t i = 0; i < cases->count; i++)
		trial_end(&cases->items[i].trial);
	return code;
}

void lab_cases_free(struct lab_cases *cases)
{
	for (size_t i = 0; i < cases->count; i++)
		free(cases->items[i].points);
	for (size_t i = 0; i < cases->left_out_count; i++)
		free(cases->left_out[i].reason);
	free(cases->left_out);
	free(cases->items);
}
