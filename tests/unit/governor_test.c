// SPDX-License-Identifier: GPL-2.0
/*
 * The governor against loads made up of numbers: what it does to single
 * handlers, and where it ends up with a load that goes on.
 */
#include "unit.h"

#include "../../include/dither/abi.h"
#include "../../kmod/core/governor.h"
#include "../../kmod/core/schedule.h"
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

	dither_governor_init(&load.governor, budget_ppm, period, START);
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

/* Two that cost much are no habit: what came before them was cheap. */
static void doubling(void)
{
	struct dither_governor governor;
	u64 allowance, now = START;

	dither_governor_init(&governor, ONE_PERCENT, DITHER_PERIOD_MIN_NS, now);
	allowance = governor.allowance;
	CU_ASSERT(allowance > 0);
	for (u32 shift = 0; shift < 4; shift++) {
		CU_ASSERT_EQUAL(dither_governor_charge(&governor, 1, ++now),
				shift);
		CU_ASSERT_EQUAL(dither_governor_charge(&governor, allowance - 1,
						       ++now),
				shift);
		CU_ASSERT_EQUAL(dither_governor_charge(&governor, 1, ++now),
				shift + 1);
	}
}

/* As many as a handler that costs so much needs. */
static void at_once(void)
{
	for (u32 doublings = 1; doublings < 12; doublings++) {
		u64 cost = (DITHER_PERIOD_MIN_NS / 100 << doublings) - 1;
		struct load load =
			new_load(ONE_PERCENT, DITHER_PERIOD_MIN_NS, cost);

		while (!load.changes)
			step(&load);
		CU_ASSERT_EQUAL(load.governor.shift, doublings);
		run_for(&load, 10 * SECOND);
		CU_ASSERT_EQUAL(load.changes, 1);
		CU_ASSERT(load.spent <= (load.now - START) / 100 +
						load.governor.allowance + cost);
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

/* Not before the window, which is the load's in part, and the next are over. */
static void calm(void)
{
	struct load load = new_load(ONE_PERCENT, MS, 30000);
	u64 began;

	run_for(&load, 10 * SECOND);
	CU_ASSERT_EQUAL(load.governor.shift, 2);
	load.cost = 100;
	began = load.now;
	load.changes = 0;
	while (load.governor.shift)
		step(&load);
	CU_ASSERT(load.now - began > 250 * MS);
	CU_ASSERT(load.now - began < 600 * MS);
	CU_ASSERT(load.changes <= 2);
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
	static const u64 periods[] = { DITHER_PERIOD_MIN_NS,
				       MS,
				       10101010,
				       125 * MS,
				       126 * MS,
				       251 * MS,
				       SECOND };
	static const u32 longest[] = { 12, 7, 4, 1, 0, 0, 0 };

	for (int i = 0; i < 7; i++) {
		struct load load = new_load(1, periods[i], SECOND);

		for (int j = 0; j < 1000; j++)
			step(&load);
		CU_ASSERT_EQUAL(load.highest, longest[i]);
		CU_ASSERT_EQUAL(load.governor.shift, longest[i]);
		CU_ASSERT(periods[i] << longest[i] <= DITHER_CELL_MAX_NS ||
			  !longest[i]);
		load.cost = 0;
		load.changes = 0;
		for (int j = 0; j < 100000; j++)
			step(&load);
		/* It has not gone below and around. */
		CU_ASSERT(load.changes <= 1);
		CU_ASSERT_EQUAL(load.governor.shift, 0);
	}
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

/*
 * The schedule and the governor together, as the clock has them: an instant is
 * drawn in each cell, and a handler's cost is known when it has run.
 */
struct clock {
	struct dither_schedule schedule;
	struct dither_governor governor;
	u64 now, spent;
	u64 random;
};

static struct clock new_clock(u32 policy, u64 period, u32 budget_ppm, u64 seed)
{
	struct clock clock = { .now = START, .random = seed };

	dither_schedule_start(&clock.schedule, policy,
			      policy == DITHER_POLICY_UNIFORM ? 1000000 : 0,
			      period, seed, 0, START);
	dither_governor_init(&clock.governor, budget_ppm, period, START);
	return clock;
}

/* Fire once; returns how long the cell was in periods. */
static u32 fire(struct clock *clock, u64 cost)
{
	u32 shift = clock->schedule.shift;

	if (clock->schedule.due > clock->now)
		clock->now = clock->schedule.due;
	dither_schedule_pass(&clock->schedule, clock->now);
	clock->now += cost;
	clock->spent += cost;
	dither_schedule_reshape(&clock->schedule,
				dither_governor_charge(&clock->governor, cost,
						       clock->now));
	return 1U << shift;
}

/* From a load of @cost on to one of @after: when cells are short again. */
static u64 recovery(u32 policy, u64 period, u64 cost, u64 after, u64 seed,
		    u64 duration)
{
	struct clock clock = new_clock(policy, period, ONE_PERCENT, seed);
	u64 end = START + duration, last;

	while (clock.now < end)
		fire(&clock, cost);
	end = clock.now;
	last = end;
	/* What came before is no matter once all cells are short. */
	while (clock.now < end + 5 * SECOND)
		if (fire(&clock, after) > 1)
			last = clock.now;
	return last - end;
}

static void back_in_a_second(void)
{
	static const u64 periods[] = {
		DITHER_PERIOD_MIN_NS, 100003, MS, 10101010, 30 * MS, 125 * MS
	};
	u64 random = 7, worst = 0;

	for (int i = 0; i < 6000; i++) {
		u64 period = periods[i % 6];
		u32 policy = i / 6 % 2 ? DITHER_POLICY_FIXED :
					 DITHER_POLICY_STRATIFIED;
		/* From a little too much to a hundred times what there is. */
		u64 cost = (period / 100) << random_below(&random, 14);
		u64 took = recovery(policy, period, cost, period / 1000,
				    random_next(&random) | 1,
				    random_below(&random, 3 * SECOND));

		if (took > worst)
			worst = took;
	}
	CU_ASSERT(worst > 0);
	CU_ASSERT(worst <= SECOND);
}

/* Samples of the eight seconds after a load, in parts of what they were to be. */
static void most_cells_after_a_load(void)
{
	static const u32 policies[] = { DITHER_POLICY_STRATIFIED,
					DITHER_POLICY_POISSON,
					DITHER_POLICY_UNIFORM,
					DITHER_POLICY_FIXED };
	u64 random = 11;

	for (int policy = 0; policy < 4; policy++) {
		u64 samples = 0, cells = 0;

		for (int i = 0; i < 500; i++) {
			struct clock clock = new_clock(
				policies[policy], 10101010, ONE_PERCENT,
				random_next(&random) | 1);
			u64 cost = 101010ULL << random_below(&random, 10);
			u64 end = START + random_below(&random, 3 * SECOND);

			while (clock.now < end)
				fire(&clock, random_below(&random, 2 * cost));
			end = clock.now + 8 * SECOND;
			for (; clock.now < end; samples++)
				fire(&clock, 5000);
			cells += 8 * SECOND / 10101010;
		}
		CU_ASSERT(samples >= cells * 95 / 100);
	}
}

/*
 * A million loads one after the other, each of its own cost and kind, of which
 * many are more than the budget at first. It is kept on the whole, wherever
 * cells could be long enough for it.
 */
static void random_loads(void)
{
	static const u64 periods[] = { DITHER_PERIOD_MIN_NS, 100003, MS,
				       10101010 };
	u64 random = 3;

	for (int i = 0; i < 4; i++) {
		struct clock clock = new_clock(DITHER_POLICY_STRATIFIED,
					       periods[i], ONE_PERCENT, 99 + i);
		/* What the longest cells can bear. */
		u64 most = (periods[i] << clock.governor.longest) / 100;

		for (int j = 0; j < 250000; j++) {
			u64 cost = most >> random_below(&random, 12);
			u32 kind = random_below(&random, 3);
			int count = 1 + (int)random_below(&random, 40);

			while (count--)
				fire(&clock,
				     !kind ? cost :
				     kind == 1 ?
					     random_below(&random, cost + 1) :
				     count & 1 ? cost :
						 cost / 50);
		}
		CU_ASSERT(clock.spent <= (clock.now - START) / 100);
	}
}

static const struct unit_case cases[] = {
	{ "within the budget nothing changes", within_budget },
	{ "rare samples within a small budget change nothing", rare_samples },
	{ "cells are doubled whenever a window's allowance is spent",
	  doubling },
	{ "a heavy load is slowed down within milliseconds",
	  within_milliseconds },
	{ "one long handler costs one doubling, and not for long", outliers },
	{ "as many doublings as a load needs come at once", at_once },
	{ "after calm it is as fast as before within two windows", calm },
	{ "it does not return to what it could not afford", not_calm_enough },
	{ "cells are never longer than a quarter of a second, or the period",
	  limits },
	{ "a budget of everything changes nothing", no_limit },
	{ "a steady load settles within its budget, and stays there",
	  settling },
	{ "a load that comes and goes keeps the budget too", phases },
	{ "within a second after any load cells are short again",
	  back_in_a_second },
	{ "in the 8 s after a load 95 of 100 cells become samples",
	  most_cells_after_a_load },
	{ "a million random loads keep the budget on the whole", random_loads },
};

UNIT_MAIN("governor", cases)
