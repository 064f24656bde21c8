// SPDX-License-Identifier: GPL-2.0
/*
 * What dither lab run does outside of a guest: logs of truth, samples counted
 * by them, what it shows, and what it refuses. tests/vm/lab_test.sh runs it.
 */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../../user/base/error.h"
#include "../../user/cmd/cmd.h"
#include "../../user/lab/lab_page.h"
#include "../../user/lab/lab_run_table.h"
#include "../../user/lab/tally.h"
#include "run_command.h"

#define TEXT_ROOM 262144

static int read_truth(const char *text, struct truth *truth,
		      struct error *error)
{
	FILE *file = fopen(file_path(), "w");

	fputs(text, file);
	fclose(file);
	return truth_read(file_path(), truth, error);
}

static void truth_is_read(void)
{
	struct truth truth;
	struct error error;

	CU_ASSERT_EQUAL(read_truth("anything else\n"
				   "truth window 1000 5000\n"
				   "truth chase 1500\n"
				   "truth work 500\n",
				   &truth, &error),
			0);
	CU_ASSERT_EQUAL(truth.begin, 1000);
	CU_ASSERT_EQUAL(truth.end, 5000);
	CU_ASSERT_EQUAL(truth.count, 2);
	CU_ASSERT_STRING_EQUAL(truth.functions[0].name, "chase");
	CU_ASSERT_EQUAL(truth.functions[1].ns, 500);
}

static void truth_is_refused(void)
{
	static const struct {
		const char *text, *why;
	} logs[] = {
		{ "truth window 5 4\n", ":1: neither" },
		{ "truth window 1 2\ntruth f\n", ":2: neither" },
		{ "truth window 1 2\ntruth f 1 2\n", ":2: neither" },
		{ "truth window 1 2\ntruth f x\n", ":2: neither" },
		{ "truth window 1 2\ntruth a 1\ntruth b 1\ntruth c 1\n"
		  "truth d 1\ntruth e 1\ntruth f 1\ntruth g 1\ntruth h 1\n"
		  "truth i 1\ntruth j 1\n",
		  ":11: neither" },
		{ "truth f 1\n", "no window" },
		{ "truth window 1 2\n", "no function" },
		{ "", "no window" },
	};
	struct truth truth;
	struct error error;

	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		CU_ASSERT_EQUAL(read_truth(logs[i].text, &truth, &error),
				-EINVAL);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, logs[i].why));
	}
	CU_ASSERT_EQUAL(truth_read("/nowhere/truth", &truth, &error), -ENOENT);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "/nowhere/truth"));
}

struct samples {
	struct profile *profile;
	struct sample_times times;
};

/* @stack: frames by ';', outermost first. */
static void add_sample(struct samples *samples, uint64_t time, double weight,
		       const char *stack)
{
	uint32_t node = PROFILE_ROOT;

	for (const char *at = stack; *at;) {
		size_t length = strcspn(at, ";");

		node = profile_child(samples->profile, node,
				     profile_name(samples->profile, at,
						  length));
		at += length + (at[length] == ';');
	}
	profile_weigh(samples->profile, node, weight);
	sample_times_add(&samples->times, time, node, weight);
}

static struct samples some_samples(void)
{
	struct samples samples = { .profile = profile_new() };

	add_sample(&samples, 99, 1, "burst;main;work");	 /* before, */
	add_sample(&samples, 200, 1, "burst;main;work"); /* … and behind it */
	add_sample(&samples, 100, 1, "burst;main;work");
	add_sample(&samples, 110, 3, "burst;main;work;tick_[k]");
	add_sample(&samples, 120, 1, "burst;main;work;rest");
	add_sample(&samples, 130, 1, "burst;main;worked");
	add_sample(&samples, 140, 1, "swapper;idle_[k]");
	add_sample(&samples, 199, 1, "burst;masked_body_[k]");
	profile_finish(samples.profile);
	return samples;
}

static void forget(struct samples *samples)
{
	sample_times_free(&samples->times);
	profile_free(samples->profile);
}

static void count_see(void *context, uint64_t time, unsigned int function)
{
	uint64_t *sums = context;

	sums[function] += time;
}

static void one_function_is_a_part_of_the_window(void)
{
	struct truth truth = { .begin = 100, .end = 200, .count = 1 };
	struct samples samples = some_samples();
	struct tally_options options = { .instead = NULL };
	uint64_t sums[2] = { 0 };
	struct outcome outcome;

	strcpy(truth.functions[0].name, "work");
	truth.functions[0].ns = 30;
	tally(samples.profile, &samples.times, &truth, &options, &outcome,
	      count_see, sums);
	CU_ASSERT_EQUAL(outcome.functions, 2);
	CU_ASSERT_EQUAL(outcome.count[0], 5);
	CU_ASSERT_EQUAL(outcome.count[1], 3);
	CU_ASSERT_EQUAL(outcome.samples, 8);
	CU_ASSERT_DOUBLE_EQUAL(outcome.truth[0], .3, 1e-12);
	CU_ASSERT_DOUBLE_EQUAL(outcome.truth[1], .7, 1e-12);
	/* 8 squared, over 3 squared and five times 1. */
	CU_ASSERT_DOUBLE_EQUAL(outcome.effective, 64. / 14, 1e-12);
	CU_ASSERT_EQUAL(sums[0], 330);
	CU_ASSERT_EQUAL(sums[1], 469);

	/* Cells that were left asleep were planned, too. */
	options.cells = 20;
	tally(samples.profile, &samples.times, &truth, &options, &outcome, NULL,
	      NULL);
	CU_ASSERT_EQUAL(outcome.count[0], 5);
	CU_ASSERT_EQUAL(outcome.samples, 20);
	CU_ASSERT_DOUBLE_EQUAL(outcome.effective, 400. / 26, 1e-12);
	forget(&samples);
}

static void several_functions_are_parts_of_their_sum(void)
{
	struct truth truth = { .begin = 100, .end = 200, .count = 3 };
	struct samples samples = some_samples();
	struct tally_options options = { .instead = NULL };
	struct outcome outcome;

	strcpy(truth.functions[0].name, "work");
	truth.functions[0].ns = 30;
	strcpy(truth.functions[1].name, "rest");
	truth.functions[1].ns = 10;
	strcpy(truth.functions[2].name, "masked_body");
	tally(samples.profile, &samples.times, &truth, &options, &outcome, NULL,
	      NULL);
	CU_ASSERT_EQUAL(outcome.functions, 3);
	CU_ASSERT_EQUAL(outcome.count[0], 4);
	CU_ASSERT_EQUAL(outcome.count[1], 1);
	CU_ASSERT_EQUAL(outcome.count[2], 1);
	CU_ASSERT_DOUBLE_EQUAL(outcome.truth[0], .75, 1e-12);
	forget(&samples);
}

static void another_frame_may_stand_for_the_function(void)
{
	struct truth truth = { .begin = 100, .end = 200, .count = 1 };
	struct samples samples = some_samples();
	struct tally_options options = { .instead = "tick" };
	struct outcome outcome;

	strcpy(truth.functions[0].name, "masked_body");
	truth.functions[0].ns = 20;
	tally(samples.profile, &samples.times, &truth, &options, &outcome, NULL,
	      NULL);
	CU_ASSERT_EQUAL(outcome.count[0], 3);
	options.instead = NULL;
	tally(samples.profile, &samples.times, &truth, &options, &outcome, NULL,
	      NULL);
	CU_ASSERT_EQUAL(outcome.count[0], 1);
	forget(&samples);
}

/* A run of 100 samples, of which so many were the function's, of 20. */
static struct outcome outcome_of(uint64_t count)
{
	return (struct outcome){
		.functions = 2,
		.truth = { .2, .8 },
		.count = { count, 100 - count },
		.samples = 100,
		.effective = 100,
	};
}

/* Two samplers, of which the second is right in all but @wrong of 200 runs. */
static void make_cases(struct lab_cases *cases, unsigned int wrong)
{
	struct lab_options options;

	lab_options_begin(&options, "test", 200);
	options.sampler_count = 2;
	options.samplers[0] = (struct sampler){ DITHER_POLICY_FIXED, 0, true };
	options.samplers[1] =
		(struct sampler){ DITHER_POLICY_STRATIFIED, 0, false };
	options.names = (char *[]){ "idle" };
	options.name_count = 1;
	lab_cases_plan(cases, &options);
	CU_ASSERT_EQUAL_FATAL(cases->count, 2);
	for (unsigned int i = 0; i < 200; i++) {
		struct outcome never = outcome_of(0);
		struct outcome good = outcome_of(i < wrong ? 50 : 20);

		lab_cases_add(&cases->items[0], &never);
		lab_cases_add(&cases->items[1], &good);
	}
	for (size_t i = 0; i < cases->count; i++)
		trial_end(&cases->items[i].trial);
	cases->recordings = cases->replayed = 200;
}

static void misses_are_judged(void)
{
	struct lab_cases cases;

	make_cases(&cases, 16);
	CU_ASSERT_EQUAL(lab_run_coverage(&cases).runs, 200);
	CU_ASSERT_EQUAL(lab_run_coverage(&cases).covered, 184);
	CU_ASSERT(lab_run_table_good(&cases));
	cases.replayed--;
	CU_ASSERT_FALSE(lab_run_table_good(&cases));
	cases.replayed++;
	cases.failed++;
	CU_ASSERT_FALSE(lab_run_table_good(&cases));
	lab_cases_free(&cases);

	make_cases(&cases, 17);
	CU_ASSERT_FALSE(lab_run_table_good(&cases));
	lab_cases_free(&cases);
}

static size_t written(void (*write)(const struct lab_cases *cases,
				    FILE *output),
		      const struct lab_cases *cases, char *text)
{
	FILE *output = fmemopen(text, TEXT_ROOM, "w");
	long length;

	write(cases, output);
	length = ftell(output);
	fclose(output);
	return (size_t)length;
}

static void results_are_shown(void)
{
	static char text[TEXT_ROOM], again[TEXT_ROOM];
	struct lab_cases cases;

	make_cases(&cases, 10);
	written(lab_run_table_text, &cases, text);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "\nidle: 1 ms each 10 ms, 200 runs"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "\n  perf               100   20.00      0.00"));
	CU_ASSERT_PTR_NOT_NULL(strstr(
		text, "\nperf is off by more than 10 points in 1 cases"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "interval of 190 of 200 runs"));

	written(lab_run_table_json, &cases, text);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "{\"policy\":\"perf\""));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "{\"run\":199,\"truth\":0.2,\"reported\":0.2,"));

	CU_ASSERT(written(lab_page, &cases, text) > 1000);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "<h3>idle: 1 ms each 10 ms</h3>"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "190 of 200"));
	/* Whose colour is whose: of lateness, which perf does not tell. */
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "<span class=\"k s1\">&#9632;&#160;stratified<"));
	CU_ASSERT_PTR_NULL(strstr(text, "&#9632;&#160;perf"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "</html>\n"));
	written(lab_page, &cases, again);
	CU_ASSERT_STRING_EQUAL(text, again);
	lab_cases_free(&cases);
}

static void what_cannot_be_is_said(void)
{
	char text[4096];

	CU_ASSERT_EQUAL(run_command(cmd_lab, text, sizeof(text), "lab", "run",
				    "bursts", "brusts", NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "experiment brusts: is none"));
	CU_ASSERT_EQUAL(run_command(cmd_lab, text, sizeof(text), "lab", "run",
				    "--brusts", NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "see 'dither lab run --help'"));
	CU_ASSERT_EQUAL(run_command(cmd_lab, text, sizeof(text), "lab", "run",
				    "--against", "gprof", NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "--against gprof: must be perf"));
	CU_ASSERT_EQUAL(run_command(cmd_lab, text, sizeof(text), "lab", "run",
				    "--repeat", "0", NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "--repeat 0: is too few"));
	CU_ASSERT_EQUAL(run_command(cmd_lab, text, sizeof(text), "lab", "run",
				    "--rates", "100,99.5", NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "--rates 99.5: dither record takes"));
	CU_ASSERT_EQUAL(run_command(cmd_lab, text, sizeof(text), "lab", "run",
				    "--programs", "/nowhere", NULL),
			EXIT_CANNOT);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "/nowhere: no program burst in it"));
}

static const struct unit_case cases[] = {
	{ "a program's truth is read among its other lines", truth_is_read },
	{ "a broken log is refused by its line", truth_is_refused },
	{ "one function is a part of the window",
	  one_function_is_a_part_of_the_window },
	{ "several functions are parts of their sum",
	  several_functions_are_parts_of_their_sum },
	{ "another frame may stand for the function",
	  another_frame_may_stand_for_the_function },
	{ "misses, failures and wrong instants are judged", misses_are_judged },
	{ "results are shown as text, JSON and a page", results_are_shown },
	{ "what cannot be run is said", what_cannot_be_is_said },
};

UNIT_MAIN("lab run", cases)
