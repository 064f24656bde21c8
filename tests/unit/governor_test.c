// SPDX-License-Identifier: GPL-2.0
/*
 * The governor against loads made up of numbers: what it does to single
 * handlers, and where it ends up with a load that goes on.
 */
#include "unit.h"

#include "../../include/dither/abi.h"
#include "../../kmod/governor.h"
#include "random_numbers.h"

#define MS 1000000ULL
#define SECOND (1000 * MS)
#define START (123 * SECOND)
#define ONE_PERCENT 10000U

/* A load whose handlers all cost the same. */
struct load {
	struct dither_governor governor;
	u64 period, cost, now;
	u64 spent;   /* by handlers */
	u32 changes; /* of the shift */
	u32 highest;
};

static struct load new_load(u32 budget_ppm, u64 period, u64 cost)
{
	struct load load = { .period = period, .cost = cost, .now = START };

	dither_governor_init(&load.governor, budget_ppm, START);
	return load;
}

static u32 step(struct load *load)
{
	u32 before = load->governor.shift, after;

	load->now += load->period << before;
	load->spent += load->cost;
	after = dither_governor_charge(&load->governor, load->cost, load->now);
	CU_ASSERT_FATAL(after <= DITHER_SHIFT_MAX);
	load->changes += after != before;
	if (after > load->highest)
		load->highest = after;
	return after;
}

static void run_for(struct load *load, u64 duration)
{
	u64 end = load->now + duration;

	while (load->now < end)
		step(load);
}

static void within_budget(void)
{
	static const u64 costs[] = { 0, 1000, 5000, 9990 };

	for (int i = 0; i < 4; i++) {
		struct load load = new_load(ONE_PERCENT, MS, costs[i]);

		run_for(&load, 60 * SECOND);
		CU_ASSERT_EQUAL(load.highest, 0);
	}
}

/* Samples further apart than windows: each alone exceeds a window's part. */
static void rare_samples(void)
{
	struct load load = new_load(10, SECOND, 5000);

	run_for(&load, 3600 * SECOND);
	CU_ASSERT_EQUAL(load.changes, 0);
	CU_ASSERT_EQUAL(load.governor.shift, 0);
}

static void doubling(void)
{
	struct dither_governor governor;
	u64 allowance, now = START;

	dither_governor_init(&governor, ONE_PERCENT, now);
	allowance = governor.allowance;
	CU_ASSERT(allowance > 0);
	for (u32 shift = 0; shift < 4; shift++) {
		CU_ASSERT_EQUAL(dither_governor_charge(&governor, allowance / 2,
						       ++now),
				shift);
		CU_ASSERT_EQUAL(dither_governor_charge(&governor, allowance / 2,
						       ++now),
				shift);
		CU_ASSERT_EQUAL(dither_governor_charge(&governor, 1, ++now),
				shift + 1);
	}
}

static void within_milliseconds(void)
{
	/* Ten times more than a CPU has. */
	struct load load = new_load(ONE_PERCENT, 50000, 500000);

	run_for(&load, 100 * MS);
	CU_ASSERT(load.governor.shift >= 4);
	run_for(&load, 10 * SECOND);
	CU_ASSERT_EQUAL(load.governor.shift, 10);
}

static void outliers(void)
{
	struct load load = new_load(ONE_PERCENT, MS, 1000);
	u32 shift;

	run_for(&load, SECOND);
	load.now += 10 * SECOND;
	shift = dither_governor_charge(&load.governor, 10 * SECOND, load.now);
	CU_ASSERT_EQUAL(shift, 1);
	load.highest = 0;
	run_for(&load, 60 * SECOND);
	CU_ASSERT_EQUAL(load.highest, 1);
	CU_ASSERT_EQUAL(load.governor.shift, 0);
}

static void calm(void)
{
	struct load load = new_load(ONE_PERCENT, MS, 30000);
	u64 began;

	run_for(&load, 10 * SECOND);
	CU_ASSERT_EQUAL(load.governor.shift, 2);
	load.cost = 100;
	began = load.now;
	while (load.governor.shift == 2)
		step(&load);
	CU_ASSERT(load.now - began > SECOND / 2);
	CU_ASSERT(load.now - began < 2 * SECOND);
	run_for(&load, 2 * SECOND);
	CU_ASSERT_EQUAL(load.governor.shift, 0);
}

/* Calm enough now, but the double of it would not be. */
static void not_calm_enough(void)
{
	struct load load = new_load(ONE_PERCENT, MS, 30000);

	run_for(&load, 10 * SECOND);
	CU_ASSERT_EQUAL(load.governor.shift, 2);
	load.cost = 20500;
	load.changes = 0;
	run_for(&load, 60 * SECOND);
	CU_ASSERT_EQUAL(load.changes, 0);
	CU_ASSERT_EQUAL(load.governor.shift, 2);
}

static void limits(void)
{
	struct load load = new_load(1, DITHER_PERIOD_MIN_NS, SECOND);

	for (int i = 0; i < 1000; i++)
		step(&load);
	CU_ASSERT_EQUAL(load.highest, DITHER_SHIFT_MAX);
	CU_ASSERT_EQUAL(load.governor.shift, DITHER_SHIFT_MAX);
	load.cost = 0;
	for (int i = 0; i < 1000000; i++)
		step(&load);
	/* Once for each step back: it has not gone below and around. */
	CU_ASSERT_EQUAL(load.changes, 2 * DITHER_SHIFT_MAX);
	CU_ASSERT_EQUAL(load.highest, DITHER_SHIFT_MAX);
	CU_ASSERT_EQUAL(load.governor.shift, 0);
}

static void no_limit(void)
{
	struct load load = new_load(DITHER_BUDGET_MAX_PPM, MS, 5 * MS);

	run_for(&load, 10 * SECOND);
	CU_ASSERT_EQUAL(load.highest, 0);
}

/* What handlers have taken of the time, in units of the budget. */
static double used(const struct load *load, u64 since, u32 budget_ppm)
{
	return (double)load->spent / (double)(load->now - since) * 1e6 /
	       budget_ppm;
}

static void settle(u32 budget_ppm, u64 period, u64 cost)
{
	struct load load = new_load(budget_ppm, period, cost);
	u64 since;

	run_for(&load, 10 * SECOND);
	load.spent = 0;
	load.changes = 0;
	since = load.now;
	run_for(&load, 40 * SECOND);
	CU_ASSERT_EQUAL(load.changes, 0);
	CU_ASSERT(used(&load, since, budget_ppm) <= 1.001 ||
		  load.governor.shift == DITHER_SHIFT_MAX);
	/* Slower than it must be only by what keeps it from swinging. */
	CU_ASSERT(used(&load, since, budget_ppm) > .4 || !load.governor.shift);
}

static void settling(void)
{
	static const u32 budgets[] = { 1000, ONE_PERCENT, 100000, 900000 };
	static const u64 periods[] = { DITHER_PERIOD_MIN_NS, 100003, MS };
	u64 random = 1;

	for (int i = 0; i < 240; i++) {
		u32 budget = budgets[i % 4];
		u64 period = periods[i / 4 % 3];
		/* Up to 30 times the budget, spread evenly over doublings. */
		u64 most = period * budget / 1000000 * 30;
		u64 cost = most >> random_below(&random, 8);

		settle(budget, period, cost - random_below(&random, cost / 2));
	}
}

/* A load that comes and goes, as cheap and dear phases of a program do. */
static void phases(void)
{
	struct load load = new_load(ONE_PERCENT, MS, 0);
	u64 since = load.now;

	for (int phase = 0; phase < 200; phase++) {
		load.cost = phase & 1 ? 2000 : 60000;
		run_for(&load, 3 * SECOND);
	}
	CU_ASSERT(used(&load, since, ONE_PERCENT) <= 1);
	CU_ASSERT(load.changes < 200 * 4);
	CU_ASSERT(load.highest <= 3);
}

static const struct unit_case cases[] = {
	{ "within the budget nothing changes", within_budget },
	{ "rare samples within a small budget change nothing", rare_samples },
	{ "cells are doubled whenever a window's allowance is spent",
	  doubling },
	{ "a heavy load is slowed down within milliseconds",
	  within_milliseconds },
	{ "one long handler costs one doubling, and not for long", outliers },
	{ "after calm it is faster again, one step a second", calm },
	{ "it does not return to what it could not afford", not_calm_enough },
	{ "it stays within the shortest and longest cells", limits },
	{ "a budget of everything changes nothing", no_limit },
	{ "a steady load settles within its budget, and stays there",
	  settling },
	{ "a load that comes and goes keeps the budget too", phases },
};

UNIT_MAIN("governor", cases)
