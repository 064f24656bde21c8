// SPDX-License-Identifier: GPL-2.0
/*
 * dither lab replay: what the module would have written is accepted, however
 * late, idle, lossy and throttled it was; what has been altered is not.
 */
#include "unit.h"

#include "../../user/base/error.h"
#include "../../user/cmd/cmd.h"
#include "../../user/schedule/schedule_audit.h"
#include "run_command.h"
#include "schedule_inputs.h"

static const struct plan plans[] = {
	{ DITHER_POLICY_STRATIFIED, 0 },
	{ DITHER_POLICY_FIXED, 0 },
	{ DITHER_POLICY_POISSON, 0 },
	{ DITHER_POLICY_UNIFORM, 250000 },
	{ DITHER_POLICY_UNIFORM, DITHER_JITTER_MAX_PPM },
};

#define PLANS (sizeof(plans) / sizeof(plans[0]))

static const struct spoil sound = { 0 };

/* The first problem, with its CPU before it. */
static char problem[400];

/* run_command() writes to file_path(). */
static char saved[64];

static void save_recording(void)
{
	snprintf(saved, sizeof(saved), "%s.dither", file_path());
	CU_ASSERT_EQUAL_FATAL(rename(file_path(), saved), 0);
}

static void keep_first(void *context, unsigned int cpu, const char *text)
{
	(void)context;
	if (!*problem)
		snprintf(problem, sizeof(problem), "%u: %s", cpu, text);
}

static struct schedule_audit replay(const struct plan *plan,
				    const struct spoil *spoil)
{
	uint64_t samples = make_recording(plan, spoil);
	struct recording *recording;
	struct schedule_audit result;
	struct error error = { "" };

	*problem = '\0';
	CU_ASSERT_EQUAL_FATAL(recording_open(file_path(), &recording, &error),
			      0);
	CU_ASSERT_EQUAL_FATAL(schedule_audit(recording, keep_first, NULL,
					     &result, &error),
			      0);
	if (!spoil->chunk)
		CU_ASSERT_EQUAL(result.samples, samples);
	free(result.cpus);
	recording_close(recording);
	return result;
}

static void accept(const struct plan *plan, const struct spoil *spoil)
{
	struct schedule_audit result = replay(plan, spoil);

	if (*problem)
		printf("# policy %u: %s\n", plan->policy, problem);
	CU_ASSERT_EQUAL(result.problems, 0);
	CU_ASSERT_EQUAL(result.met + result.unknown, result.samples);
}

/* And say @text; how many samples were not on their instants. */
static uint64_t reject(const struct plan *plan, const struct spoil *spoil,
		       const char *text)
{
	struct schedule_audit result = replay(plan, spoil);

	CU_ASSERT(result.problems > 0);
	if (!strstr(problem, text))
		printf("# policy %u: %s\n", plan->policy, problem);
	CU_ASSERT_PTR_NOT_NULL(strstr(problem, text));
	return result.samples - result.met - result.unknown;
}

static void sound_recordings(void)
{
	for (size_t i = 0; i < PLANS; i++) {
		struct schedule_audit result = replay(&plans[i], &sound);

		accept(&plans[i], &sound);
		CU_ASSERT(result.samples > 2000);
		CU_ASSERT_EQUAL(result.unknown, 0);
		CU_ASSERT(result.events > 20);
	}
}

static void another_seed(void)
{
	const struct spoil spoil = { .meta = "seed=43\n" };

	for (size_t i = 0; i < PLANS; i++) {
		/* It draws nothing. */
		if (plans[i].policy == DITHER_POLICY_FIXED)
			accept(&plans[i], &spoil);
		else
			CU_ASSERT(reject(&plans[i], &spoil,
					 "0: sample 1 of time") > 2000);
	}
}

static void another_policy(void)
{
	static const char *const meta[PLANS] = {
		"policy=fixed\n",
		"policy=stratified\n",
		"policy=uniform\njitter_ppm=1000000\n",
		"jitter_ppm=260000\n",
		"policy=poisson\n",
	};

	for (size_t i = 0; i < PLANS; i++) {
		const struct spoil spoil = { .meta = meta[i] };

		CU_ASSERT(reject(&plans[i], &spoil, "0: sample 1 of time") >
			  2000);
	}
}

static void longer_cells(struct dither_rate *rate)
{
	rate->cell_ns++;
}

static void another_shape(struct dither_rate *rate)
{
	rate->shift ^= 1;
	rate->cell_ns = PERIOD << rate->shift;
}

static void next_cell(struct dither_rate *rate)
{
	rate->number++;
}

static void later_origin(struct dither_rate *rate)
{
	rate->origin++;
}

static void later_change(struct dither_rate *rate)
{
	rate->time += 100 * PERIOD;
}

static void another_rate(void)
{
	const struct spoil period = { .meta = "period_ns=1000004\n" };
	const struct spoil cells = { .rate = longer_cells };
	const struct spoil shape = { .rate = another_shape };
	const struct spoil number = { .rate = next_cell };
	const struct spoil origin = { .rate = later_origin };
	const struct spoil later = { .rate = later_change };

	for (size_t i = 0; i < PLANS; i++) {
		reject(&plans[i], &period, "0: cells of 1000003 ns");
		reject(&plans[i], &cells, "1: cells of ");
		reject(&plans[i], &shape, "1: ");
		reject(&plans[i], &number, "1: ");
		reject(&plans[i], &origin, "1: ");
		reject(&plans[i], &later, "1: ");
	}
}

static void a_nanosecond_later(struct dither_sample *sample)
{
	sample->time++;
}

static void a_nanosecond_more(struct dither_sample *sample)
{
	sample->lateness++;
}

static void a_cell_later(struct dither_sample *sample)
{
	sample->time += PERIOD;
}

static void long_before(struct dither_sample *sample)
{
	sample->time -= 300 * PERIOD;
}

static void at_the_end_of_time(struct dither_sample *sample)
{
	sample->time = UINT64_MAX;
}

static void fewer_overruns(struct dither_sample *sample)
{
	sample->lateness += 3 * (uint32_t)PERIOD << SHIFT_MOST;
	sample->time += 3 * PERIOD << SHIFT_MOST;
}

static void of_other_cells(struct dither_sample *sample)
{
	sample->shift++;
}

static void one_sample(void)
{
	static void (*const spoilers[])(struct dither_sample * sample) = {
		a_nanosecond_later, a_nanosecond_more, long_before,
		at_the_end_of_time, of_other_cells,
	};

	for (size_t i = 0; i < PLANS; i++) {
		for (size_t j = 0; j < sizeof(spoilers) / sizeof(spoilers[0]);
		     j++) {
			const struct spoil spoil = {
				.sample = spoilers[j],
				.place = 100,
			};

			CU_ASSERT_EQUAL(reject(&plans[i], &spoil,
					       "1: sample 100 of time "),
					1);
		}
	}
}

static void before_the_clock(struct dither_sample *sample)
{
	sample->time = 1000;
	sample->lateness = 2000;
}

static void before_any_clock(struct dither_sample *sample)
{
	sample->time = UINT32_MAX - 1U;
	sample->lateness = UINT32_MAX;
}

/* No end is promised that they could be beyond, and no draw is made for them. */
static void due_before_the_clock(void)
{
	const struct spoil soon = { .sample = before_the_clock,
				    .place = 100,
				    .killed = true };
	const struct spoil late = { .sample = before_any_clock,
				    .place = 100,
				    .killed = true };

	for (size_t i = 0; i < PLANS; i++) {
		CU_ASSERT_EQUAL(reject(&plans[i], &soon,
				       "1: sample 100 of time 1000 is late by "
				       "2000 ns: due before the clock began"),
				1);
		CU_ASSERT_EQUAL(reject(&plans[i], &late,
				       "1: sample 100 of time 4294967294 is "
				       "late by 4294967295 ns: "),
				1);
	}
}

/* To another instant of a grid, but then it is another's turn. */
static void out_of_turn(void)
{
	const struct spoil cell = { .sample = a_cell_later, .place = 100 };
	const struct spoil late = { .sample = fewer_overruns, .place = 100 };

	for (size_t i = 0; i < PLANS; i++) {
		reject(&plans[i], &cell, "1: sample 10");
		reject(&plans[i], &late, "1: sample 10");
	}
}

static void unknown_lateness(struct dither_sample *sample)
{
	sample->time += 5 * PERIOD;
	sample->lateness = UINT32_MAX;
}

static void very_late(void)
{
	const struct spoil spoil = { .sample = unknown_lateness, .place = 100 };

	for (size_t i = 0; i < PLANS; i++) {
		struct schedule_audit result = replay(&plans[i], &spoil);

		CU_ASSERT_EQUAL(result.problems, 0);
		CU_ASSERT_EQUAL(result.unknown, 1);
	}
}

static void told_late(void)
{
	const struct spoil spoil = { .delay = true };

	for (size_t i = 0; i < 2; i++) {
		struct schedule_audit result = replay(&plans[i], &spoil);

		CU_ASSERT_EQUAL(result.problems, 0);
		CU_ASSERT_EQUAL(result.unknown, 1);
	}
}

static void missing_chunks(void)
{
	for (size_t i = 0; i < PLANS; i++) {
		for (unsigned int chunk = 1; chunk < 6; chunk++) {
			const struct spoil gap = { .chunk = chunk };
			const struct spoil altered = {
				.chunk = chunk,
				.sample = a_nanosecond_later,
				.place = 1000,
			};
			struct schedule_audit result = replay(&plans[i], &gap);

			accept(&plans[i], &gap);
			CU_ASSERT(result.met > result.samples / 2);
			if (dither_schedule_is_grid(plans[i].policy))
				CU_ASSERT_EQUAL(result.met, result.samples);
			/* Or it is one of those. */
			if (!result.unknown)
				CU_ASSERT_EQUAL(reject(&plans[i], &altered,
						       "1: sample "),
						1);
		}
	}
}

static void another_kept(struct dither_ledger *ledger)
{
	ledger->kept--;
	ledger->filtered++;
}

static void another_sum(struct dither_ledger *ledger)
{
	ledger->idle++;
}

static void fewer_cells(struct dither_ledger *ledger)
{
	ledger->cells -= 1000;
	ledger->idle -= 1000;
}

static void more_cells(struct dither_ledger *ledger)
{
	ledger->cells += 1000;
	ledger->idle += 1000;
}

static void another_event(struct dither_ledger *ledger)
{
	ledger->event_kept++;
}

static void no_overruns(struct dither_ledger *ledger)
{
	ledger->idle += ledger->overruns;
	ledger->overruns = 0;
}

static void ledgers(void)
{
	static const struct {
		void (*spoil)(struct dither_ledger *ledger);
		const char *text;
	} spoilers[] = {
		{ another_kept, "samples kept, the file" },
		{ another_sum, "cells, its terms" },
		{ fewer_cells, "cells, the schedule" },
		{ more_cells, "cells, the schedule" },
		{ another_event, "samples by events kept" },
		{ no_overruns, "the ledger has 0 overruns" },
	};

	for (size_t i = 0; i < PLANS; i++) {
		for (size_t j = 0; j < sizeof(spoilers) / sizeof(spoilers[0]);
		     j++) {
			const struct spoil spoil = {
				.ledger = spoilers[j].spoil
			};

			CU_ASSERT_EQUAL(
				reject(&plans[i], &spoil, spoilers[j].text), 0);
		}
	}
}

static void killed(void)
{
	const struct spoil spoil = { .killed = true };

	for (size_t i = 0; i < PLANS; i++)
		accept(&plans[i], &spoil);
}

static void event_clocks(void)
{
	const struct spoil spoil = { .by_events = true };
	struct schedule_audit result = replay(&plans[0], &spoil);

	CU_ASSERT_EQUAL(result.problems, 0);
	CU_ASSERT_EQUAL(result.samples, 0);
	CU_ASSERT_EQUAL(result.events, 100);
}

static int command(const char *file, char *text, size_t room)
{
	return run_command(cmd_lab, text, room, "lab", "replay", file, NULL);
}

static void exit_codes(void)
{
	const struct spoil altered = { .sample = a_nanosecond_later,
				       .place = 100 };
	const struct spoil seedless = { .meta = "seed=none\n" };
	const struct spoil fast = { .meta = "period_ns=1\n" };
	char text[4096];

	make_recording(&plans[0], &sound);
	save_recording();
	CU_ASSERT_EQUAL(command(saved, text, sizeof(text)), EXIT_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "policy stratified, period 1000003 "
					    "ns, jitter 0 ppm, seed 42\n"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "is the one that was promised, as "));
	make_recording(&plans[0], &altered);
	save_recording();
	CU_ASSERT_EQUAL(command(saved, text, sizeof(text)), EXIT_CHECK_FAILED);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "  CPU 1: sample 100 of time "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "NOT the schedule"));
	make_recording(&plans[0], &seedless);
	save_recording();
	CU_ASSERT_EQUAL(command(saved, text, sizeof(text)), EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "does not say how it was sampled"));
	make_recording(&plans[0], &fast);
	save_recording();
	CU_ASSERT_EQUAL(command(saved, text, sizeof(text)), EXIT_USAGE);
	CU_ASSERT_EQUAL(command("/dev/null", text, sizeof(text)), EXIT_USAGE);
	CU_ASSERT_EQUAL(command("/no/such", text, sizeof(text)), EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "/no/such"));
	CU_ASSERT_EQUAL(command("-x", text, sizeof(text)), EXIT_USAGE);
	CU_ASSERT_EQUAL(run_command(cmd_lab, text, sizeof(text), "lab", "no",
				    NULL),
			EXIT_USAGE);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"no\""));
	CU_ASSERT_EQUAL(run_command(cmd_lab, text, sizeof(text), "lab",
				    "--help", NULL),
			EXIT_DONE);
	unlink(saved);
}

static const struct unit_case cases[] = {
	{ "what the module writes is accepted, to the last sample",
	  sound_recordings },
	{ "another seed is found, but where it draws nothing", another_seed },
	{ "another policy or jitter is found", another_policy },
	{ "another rate is found, in the promise and in what was told of it",
	  another_rate },
	{ "one altered sample is found and named, and no other", one_sample },
	{ "a sample due before the clock began is found, without a draw",
	  due_before_the_clock },
	{ "a sample out of its turn is found", out_of_turn },
	{ "a sample too late to be told is left out", very_late },
	{ "a rate that was told late is accepted", told_late },
	{ "a missing chunk is crossed, and what follows verified",
	  missing_chunks },
	{ "a ledger that does not fit is found", ledgers },
	{ "a recording that was cut short is accepted", killed },
	{ "samples by events are of no schedule", event_clocks },
	{ "the exit code tells promised, altered and unusable", exit_codes },
};

UNIT_MAIN("lab replay", cases)
