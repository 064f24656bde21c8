// SPDX-License-Identifier: GPL-2.0
/* What late and lost samples stand for. */
#include "unit.h"

#include <errno.h>
#include <math.h>

#include "../../kmod/core/schedule.h"
#include "../../user/base/policy.h"
#include "../../user/load/load.h"
#include "../../user/text/folded.h"
#include "late_inputs.h"

#define USER DITHER_SAMPLE_USER
#define KTHREAD DITHER_SAMPLE_KTHREAD
#define IDLE DITHER_SAMPLE_IDLE
#define K(offset) (KERNEL_TEXT + (uint64_t)(offset))
#define PERIOD 1000000ULL /* ns */

static void put_rate(struct ring *ring, uint32_t reason, uint64_t number,
		     uint32_t shift)
{
	struct dither_rate rate = {
		.header = { .type = DITHER_RECORD_RATE, .tid = reason },
		.time = ++ring->time,
		.number = number,
		.cell_ns = PERIOD << shift,
		.shift = shift,
	};

	put(ring, &rate, sizeof(rate));
}

static void open_load(const struct ring *ring, const char *meta,
		      const struct dither_ledger *ledger,
		      const struct load_options *given, struct load *load)
{
	struct load_options options = *given;
	struct error error = { "" };

	write_recording(ring, meta, ledger);
	options.path = recording_file;
	CU_ASSERT_EQUAL_FATAL(load_open(&options, load, &error), 0);
}

static const struct load_options drawn;
static const struct load_options plain = { .no_unseen = true };

static void expect_with(const struct ring *ring, const char *meta,
			const struct dither_ledger *ledger,
			const struct load_options *options, const char *folded)
{
	struct load load;
	char *written = NULL;
	size_t length;
	FILE *output = open_memstream(&written, &length);

	open_load(ring, meta, ledger, options, &load);
	folded_write(load.profile, output);
	fclose(output);
	CU_ASSERT_STRING_EQUAL(written, folded);
	free(written);
	load_close(&load);
}

static void expect(const struct ring *ring, const char *folded)
{
	expect_with(ring, "", NULL, &drawn, folded);
}

static void late_in_the_kernel(void)
{
	struct ring ring = { .length = 0 };

	put_usual(&ring, 8);
	put_late(&ring, KTHREAD, K(0x110), LATE, 2, 0);
	expect(&ring, "work;middle_[k];[interrupts off] 3\nwork;outer_[k] 8\n");
	expect_with(&ring, "", NULL, &plain,
		    "work;middle_[k] 1\nwork;outer_[k] 8\n");
}

static void late_elsewhere(void)
{
	struct ring ring = { .length = 0 };

	put_usual(&ring, 8);
	put_late(&ring, USER, 0x10, LATE, 1, 0);
	put_late(&ring, IDLE, K(0x210), LATE, 0, 0);
	expect(&ring, "swapper;inner_[k];[late] 1\nwork;[unknown];[late] 2\n"
		      "work;outer_[k] 8\n");
}

static void weights(void)
{
	struct ring ring = { .length = 0 };
	struct load load;

	put_usual(&ring, 8);
	put_late(&ring, KTHREAD, K(0x110), LATE, 2, 3);
	expect(&ring, "work;middle_[k];[interrupts off] 24\n"
		      "work;outer_[k] 8\n");
	open_load(&ring, "", NULL, &drawn, &load);
	/* Three cells of eight, not one of 24. */
	CU_ASSERT_EQUAL(profile_squares(load.profile), 8 + 3 * 64);
	CU_ASSERT_EQUAL(load.late.cells, 32);
	CU_ASSERT_EQUAL(load.late.squares, 200);
	load_close(&load);
}

static void passed_on_time(void)
{
	struct ring ring = { .length = 0 };

	put_usual(&ring, 8);
	put_late(&ring, KTHREAD, K(0x110), ON_TIME, 1, 0);
	expect(&ring, "work;middle_[k] 2\nwork;outer_[k] 8\n");
}

static uint32_t limit_of(const uint32_t *lateness, unsigned int count,
			 const char *meta)
{
	struct ring ring = { .length = 0 };
	struct load load;
	uint32_t limit;

	for (unsigned int i = 0; i < count; i++)
		put_late(&ring, KTHREAD, K(0x10), lateness[i], 0, 0);
	open_load(&ring, meta, NULL, &plain, &load);
	limit = load.late.limit_ns;
	load_close(&load);
	return limit;
}

static void limits(void)
{
	static const uint32_t few[] = { 9000, 100000, 6000,   5000,
					7000, 8000,   200000, UINT32_MAX };
	static const uint32_t slow[] = { 400000, 400000, 400000 };
	static const uint32_t brisk[] = { 2499, 2499, 2499, 2499 };

	/* Sorted, the third of eight is 7 us. */
	CU_ASSERT_EQUAL(limit_of(few, 8, "period_ns=1000000\n"), 28000);
	CU_ASSERT_EQUAL(limit_of(slow, 3, "period_ns=1000000\n"), 1000000);
	CU_ASSERT_EQUAL(limit_of(slow, 3, ""), 1600000);
	CU_ASSERT_EQUAL(limit_of(brisk, 4, ""), 10000);
	CU_ASSERT_EQUAL(limit_of(brisk, 0, ""), 10000);
}

static void given_limits(void)
{
	static const char *const wrong[] = { "x", "5us", "", "-1", "1001" };
	const struct load_options exact = { .late = "1.5" };
	const struct load_options below = { .late = "1.4" };
	struct ring ring = { .length = 0 };
	struct error error;
	struct load load;

	put_usual(&ring, 2);
	expect_with(&ring, "", NULL, &exact, "work;outer_[k] 2\n");
	expect_with(&ring, "", NULL, &below,
		    "work;outer_[k];[interrupts off] 2\n");
	write_recording(&ring, "period_ns=1000000\n", NULL);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		const struct load_options options = { .path = recording_file,
						      .late = wrong[i] };

		CU_ASSERT_EQUAL(load_open(&options, &load, &error), -EINVAL);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "--late: "));
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, wrong[i]));
	}
}

/* Instants at 10 and 11 ms: two others passed before, with what left nothing. */
static void put_foreign(struct ring *ring, bool lost)
{
	put_rate(ring, DITHER_RATE_START, 0, 0);
	put_usual(ring, 0);
	if (lost)
		put_lost(ring, 3, 0);
	ring->time = 10 * PERIOD + ON_TIME - 1;
	put_late(ring, KTHREAD, K(0x10), ON_TIME, 2, 0);
	ring->time = 13 * PERIOD + ON_TIME - 1;
	put_late(ring, KTHREAD, K(0x10), 2 * PERIOD + ON_TIME, 2, 0);
}

static void cells_of_others(void)
{
	static const char meta[] = "policy=fixed\nseed=1\njitter_ppm=0\n"
				   "period_ns=1000000\n";
	struct ring ring = { .length = 0 };
	struct load load;

	put_foreign(&ring, false);
	expect_with(&ring, meta, NULL, &drawn,
		    "work;outer_[k] 1\nwork;outer_[k];[interrupts off] 3\n");
	open_load(&ring, meta, NULL, &drawn, &load);
	CU_ASSERT_EQUAL(load.late.passed, 2);
	CU_ASSERT_EQUAL(load.late.foreign, 2);
	load_close(&load);
	ring.length = ring.time = 0;
	put_foreign(&ring, true);
	expect_with(&ring, meta, NULL, &drawn,
		    "[lost] 5\nwork;outer_[k] 1\n"
		    "work;outer_[k];[interrupts off] 3\n");
}

static void lost_by_cause(void)
{
	const struct dither_ledger ledger = {
		.size = sizeof(ledger),
		.kept = 7,
		.lost = { 10, 4, 2, 99, 99 },
		.shift = 1,
	};
	struct ring ring = { .length = 0 };
	struct load load;
	char *causes;

	put_usual(&ring, 2);
	put_rate(&ring, DITHER_RATE_SLOWER, 1, 2);
	put_lost(&ring, 6, 2);
	put_usual(&ring, 2);
	/* 6 and 2 of four cells; then, of two, 4, 4, and 7 - 4 in no file. */
	expect_with(&ring, "", &ledger, &drawn,
		    "[lost] 54\nwork;outer_[k] 4\n");
	open_load(&ring, "", &ledger, &plain, &load);
	causes = lost_text(&load.lost);
	CU_ASSERT_STRING_EQUAL(causes, "ring full 32, nested too deep 8, "
				       "no registers 8, not in the file 6");
	CU_ASSERT_EQUAL(load.lost.squares, 8 * 16 + 11 * 4);
	free(causes);
	load_close(&load);
	/* A flight recorder's file is the end of what the ledger tells of. */
	expect_with(&ring, "flags=0x20\n", &ledger, &drawn,
		    "[lost] 32\nwork;outer_[k] 4\n");
	/* Without a ledger there is what the records tell. */
	expect_with(&ring, "", NULL, &drawn, "[lost] 32\nwork;outer_[k] 4\n");
}

static void lost_of_events(void)
{
	const struct dither_ledger ledger = {
		.size = sizeof(ledger),
		.lost = { 3 },
		.event_lost = { 9 },
	};
	struct ring ring = { .length = 0 };

	put_usual(&ring, 2);
	put_lost(&ring, 8, 0);
	put_lost(&ring, 4, 0);
	expect_with(&ring, "", &ledger, &drawn, "[lost] 3\nwork;outer_[k] 2\n");
}

/* Interrupts are off for the first 3 of every 8 ms. */
static uint64_t wait_of(uint64_t due)
{
	uint64_t place = due % (8 * PERIOD);

	return place < 3 * PERIOD ? 3 * PERIOD - place : 0;
}

static void share_of_time(void)
{
	static const struct {
		uint32_t policy, jitter_ppm;
	} plans[] = {
		{ DITHER_POLICY_STRATIFIED, 0 },
		{ DITHER_POLICY_POISSON, 0 },
		{ DITHER_POLICY_UNIFORM, 1000000 },
	};

	for (size_t i = 0; i < sizeof(plans) / sizeof(*plans); i++) {
		struct dither_schedule schedule;
		struct ring ring = { .length = 0 };
		double late = 0, kept = 0, overruns = 0;
		struct load load;
		char meta[160];

		snprintf(meta, sizeof(meta),
			 "policy=%s\nseed=5\njitter_ppm=%u\nperiod_ns=%llu\n",
			 policy_names[plans[i].policy], plans[i].jitter_ppm,
			 PERIOD);
		dither_schedule_start(&schedule, plans[i].policy,
				      plans[i].jitter_ppm, PERIOD, 5, 0, 0);
		put_rate(&ring, DITHER_RATE_START, 0, 0);
		while (kept < 1000) {
			uint64_t due = schedule.due, wait = wait_of(due);
			uint64_t now = due + (wait ? wait : ON_TIME);
			uint32_t passed =
				(uint32_t)dither_schedule_pass(&schedule, now);

			ring.time = now - 1;
			put_late(&ring, KTHREAD, K(0x10), (uint32_t)(now - due),
				 passed - 1, 0);
			kept++;
			overruns += passed - 1;
			if (now - due > 10000)
				late += passed;
		}
		open_load(&ring, meta, NULL, &drawn, &load);
		CU_ASSERT_EQUAL(profile_total(load.profile), kept + overruns);
		CU_ASSERT_EQUAL(profile_squares(load.profile), kept + overruns);
		CU_ASSERT_EQUAL(load.late.weight[LATE_IRQS_OFF], late);
		CU_ASSERT_EQUAL(load.late.foreign, 0);
		CU_ASSERT_DOUBLE_EQUAL(late / (kept + overruns), 3. / 8, .04);
		load_close(&load);
	}
}

static void by_events(void)
{
	const struct load_options all = { .event = "all" };
	struct ring ring = { .length = 0 };

	put_usual(&ring, 8);
	put_late(&ring, KTHREAD, K(0x110), LATE, 2, 0);
	put_lost(&ring, 3, 0);
	expect_with(&ring, "", NULL, &all,
		    "[time];work;middle_[k] 1\n[time];work;outer_[k] 8\n");
}

static const struct unit_case cases[] = {
	{ "a late sample of the kernel stands for interrupts off, with the "
	  "cells that passed",
	  late_in_the_kernel },
	{ "in user mode and idle the CPU was taken away", late_elsewhere },
	{ "cells of a late sample have its weight each", weights },
	{ "cells that pass within a usual lateness count where it stands",
	  passed_on_time },
	{ "late is four times the lower quartile, in bounds", limits },
	{ "a limit may be given, up to the period", given_limits },
	{ "cells that passed with another firing are not the sample's",
	  cells_of_others },
	{ "lost cells are weighed and told by cause, the ledger knowing all",
	  lost_by_cause },
	{ "of what was lost beside events the clock has its part",
	  lost_of_events },
	{ "interrupts off have their share of the time, by any schedule",
	  share_of_time },
	{ "what is not weighed by time has no such frames", by_events },
};

int main(void)
{
	return run_with_inputs("unseen", cases,
			       sizeof(cases) / sizeof(cases[0]));
}
