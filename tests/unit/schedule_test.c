// SPDX-License-Identifier: GPL-2.0
/*
 * The schedule's promises, instant by instant: what is drawn, where cells lie,
 * what passing and reshaping do to them, and that RATE records are enough to
 * follow. How instants are distributed is schedule_law_test.c's matter.
 */
#include "unit.h"

#include "../../kmod/core/schedule.h"
#include "random_numbers.h"

#define ORIGIN 86400123456789ULL
#define PERIOD 1000003ULL
#define FAR_AWAY ((u64)INT64_MAX)

struct plan {
	u32 policy;
	u32 jitter_ppm;
};

static const struct plan plans[] = {
	{ DITHER_POLICY_STRATIFIED, 0 },
	{ DITHER_POLICY_FIXED, 0 },
	{ DITHER_POLICY_POISSON, 0 },
	{ DITHER_POLICY_UNIFORM, 0 },
	{ DITHER_POLICY_UNIFORM, 250000 },
	{ DITHER_POLICY_UNIFORM, DITHER_JITTER_MAX_PPM },
};

#define PLANS (sizeof(plans) / sizeof(plans[0]))

static bool is_grid(const struct plan *plan)
{
	return dither_schedule_is_grid(plan->policy);
}

static bool is_random(const struct plan *plan)
{
	return plan->policy == DITHER_POLICY_STRATIFIED ||
	       plan->policy == DITHER_POLICY_POISSON || plan->jitter_ppm;
}

static void start(struct dither_schedule *schedule, const struct plan *plan,
		  u64 seed, u32 cpu)
{
	dither_schedule_start(schedule, plan->policy, plan->jitter_ppm, PERIOD,
			      seed, cpu, ORIGIN);
}

/* Serve the instant that is due, exactly when it is. */
static u64 next(struct dither_schedule *schedule)
{
	u64 due = schedule->due;

	dither_schedule_pass(schedule, due);
	return due;
}

/* Where the armed cell of a grid begins. */
static u64 cell_start(const struct dither_schedule *schedule)
{
	return schedule->origin + schedule->number * schedule->cell;
}

static void same_again(void)
{
	for (size_t i = 0; i < PLANS; i++) {
		struct dither_schedule one, other;
		int differences = 0;

		start(&one, &plans[i], 42, 3);
		start(&other, &plans[i], 42, 3);
		for (int n = 0; n < 1000; n++)
			differences += next(&one) != next(&other);
		CU_ASSERT_EQUAL(differences, 0);
	}
}

static int equal_instants(const struct plan *plan, u64 seed, u32 cpu,
			  u64 other_seed, u32 other_cpu)
{
	struct dither_schedule one, other;
	int equal = 0;

	start(&one, plan, seed, cpu);
	start(&other, plan, other_seed, other_cpu);
	for (int n = 0; n < 1000; n++)
		equal += next(&one) == next(&other);
	return equal;
}

static void others_differ(void)
{
	for (size_t i = 0; i < PLANS; i++) {
		if (!is_random(&plans[i]))
			continue;
		CU_ASSERT(equal_instants(&plans[i], 42, 0, 42, 1) < 5);
		CU_ASSERT(equal_instants(&plans[i], 42, 0, 43, 0) < 5);
		CU_ASSERT(equal_instants(&plans[i], 0, 0, ~0ULL, 0) < 5);
	}
}

static void one_in_each_cell(void)
{
	struct dither_schedule schedule;
	int outside = 0, miscounted = 0;

	start(&schedule, &plans[0], 7, 0);
	for (u64 n = 0; n < 100000; n++) {
		outside += schedule.due < ORIGIN + n * PERIOD ||
			   schedule.due >= ORIGIN + (n + 1) * PERIOD;
		miscounted += dither_schedule_pass(&schedule, schedule.due) !=
			      1;
	}
	CU_ASSERT_EQUAL(outside, 0);
	CU_ASSERT_EQUAL(miscounted, 0);
}

static void fixed_at_the_start(void)
{
	struct dither_schedule schedule;
	int elsewhere = 0;

	start(&schedule, &plans[1], 7, 0);
	for (u64 n = 0; n < 1000; n++)
		elsewhere += next(&schedule) != ORIGIN + n * PERIOD;
	CU_ASSERT_EQUAL(elsewhere, 0);
}

static void nothing_is_early(void)
{
	for (size_t i = 0; i < PLANS; i++) {
		struct dither_schedule schedule, before;

		start(&schedule, &plans[i], 11, 0);
		next(&schedule);
		before = schedule;
		CU_ASSERT_EQUAL(
			dither_schedule_pass(&schedule, schedule.due - 1), 0);
		CU_ASSERT_EQUAL(schedule.due, before.due);
		CU_ASSERT_EQUAL(schedule.number, before.number);
	}
}

/* Whether one jump to @until does what single steps do. */
static bool jump_equals_steps(const struct dither_schedule *from, u64 until)
{
	struct dither_schedule stepped = *from, jumped = *from;
	u64 steps = 0, jump;

	while (stepped.due <= until)
		steps += dither_schedule_pass(&stepped, stepped.due);
	jump = dither_schedule_pass(&jumped, until);
	return jump == steps && jumped.due == stepped.due &&
	       jumped.number == stepped.number &&
	       dither_schedule_cells(&jumped) ==
		       dither_schedule_cells(&stepped);
}

/* Jumps that end right before, at and after the next instants. */
static bool jumps_to_instants(const struct dither_schedule *from)
{
	struct dither_schedule ahead = *from;
	bool equal = true;

	for (int n = 0; n < 4; n++) {
		u64 due = next(&ahead);

		equal = equal && jump_equals_steps(from, due - 1) &&
			jump_equals_steps(from, due) &&
			jump_equals_steps(from, due + 1);
	}
	return equal;
}

static void grids_jump(void)
{
	static const u64 gaps[] = { 0, 1, 2, 3, 64, 65, 1000, 1000000 };
	u64 random = 1;

	for (size_t i = 0; i < PLANS; i++) {
		struct dither_schedule schedule;

		if (!is_grid(&plans[i]))
			continue;
		start(&schedule, &plans[i], 5, 1);
		for (size_t g = 0; g < sizeof(gaps) / sizeof(gaps[0]); g++) {
			u64 edge =
				cell_start(&schedule) + gaps[g] * schedule.cell;

			CU_ASSERT(jump_equals_steps(&schedule, edge - 1));
			CU_ASSERT(jump_equals_steps(&schedule, edge));
			CU_ASSERT(jump_equals_steps(&schedule, edge + 1));
			CU_ASSERT(jumps_to_instants(&schedule));
			next(&schedule);
		}
		for (int n = 0; n < 2000; n++) {
			u64 gap = random_below(&random, 100 * PERIOD);

			CU_ASSERT(jump_equals_steps(&schedule,
						    schedule.due + gap));
			dither_schedule_pass(&schedule, schedule.due + gap);
			dither_schedule_reshape(&schedule,
						random_below(&random, 3));
		}
	}
}

static void renewals_catch_up(void)
{
	u64 random = 2;

	for (size_t i = 0; i < PLANS; i++) {
		struct dither_schedule schedule;

		if (is_grid(&plans[i]))
			continue;
		start(&schedule, &plans[i], 5, 1);
		for (int n = 0; n < 2000; n++) {
			u64 until = schedule.due +
				    random_below(&random, 20 * PERIOD);

			CU_ASSERT(jump_equals_steps(&schedule, until));
			CU_ASSERT(jumps_to_instants(&schedule));
			dither_schedule_pass(&schedule, until);
		}
	}
}

static void renewals_begin_anew(void)
{
	for (size_t i = 0; i < PLANS; i++) {
		struct dither_schedule schedule;
		u64 until = ORIGIN + 1000000 * PERIOD;
		u64 passed;

		if (is_grid(&plans[i]))
			continue;
		start(&schedule, &plans[i], 5, 1);
		CU_ASSERT_FALSE(schedule.resumed);
		passed = dither_schedule_pass(&schedule, until);
		CU_ASSERT(schedule.resumed);
		CU_ASSERT(passed < 100);
		CU_ASSERT(schedule.due > until);
		CU_ASSERT_EQUAL(schedule.origin, until);
		schedule.resumed = false;
		next(&schedule);
		CU_ASSERT_FALSE(schedule.resumed);
	}
}

/*
 * A random walk of passing and reshaping. What must hold after each step is
 * counted when it does not.
 */
struct walk {
	struct dither_schedule schedule;
	u64 random;
	u64 passed;
	int miscounted, backwards, moved, misaligned, elsewhere, changes;
};

static void walk_reshape(struct walk *walk, u64 served)
{
	struct dither_schedule *schedule = &walk->schedule;
	struct dither_schedule before = *schedule;
	u32 wanted = random_below(&walk->random, DITHER_SHIFT_MAX + 1);
	bool changed = dither_schedule_reshape(schedule, wanted);

	walk->changes += changed;
	walk->misaligned += changed != (schedule->shift != before.shift);
	walk->misaligned += schedule->cell != PERIOD << schedule->shift;
	walk->backwards += schedule->due < served;
	if (!dither_schedule_is_grid(schedule->policy)) {
		walk->moved += schedule->origin != before.origin;
		walk->moved += schedule->number != before.number;
		walk->elsewhere += schedule->shift != wanted;
		return;
	}
	/* No moment is left out, and none belongs to two cells. */
	walk->moved += cell_start(schedule) != cell_start(&before);
	walk->backwards += schedule->due <= served;
	walk->elsewhere += schedule->due < cell_start(schedule) ||
			   schedule->due - cell_start(schedule) >=
				   schedule->cell;
	/* Longer when it may, and shorter at once. */
	walk->misaligned += wanted < before.shift && schedule->shift != wanted;
	walk->misaligned += wanted > schedule->shift && !(schedule->number & 1);
}

static void walk_step(struct walk *walk)
{
	struct dither_schedule *schedule = &walk->schedule;
	u64 served = schedule->due;
	u64 until = served;

	if (!random_below(&walk->random, 4))
		until += random_below(&walk->random, 90 * schedule->cell);
	walk->passed += dither_schedule_pass(schedule, until);
	walk->backwards += schedule->due <= until;
	walk->miscounted += dither_schedule_cells(schedule) != walk->passed;
	if (!random_below(&walk->random, 3))
		walk_reshape(walk, served);
	walk->miscounted += dither_schedule_cells(schedule) != walk->passed;
}

static void reshaping(void)
{
	for (size_t i = 0; i < PLANS; i++) {
		struct walk walk = { .random = 3 + i };

		start(&walk.schedule, &plans[i], 9, 2);
		for (int n = 0; n < 20000; n++)
			walk_step(&walk);
		CU_ASSERT_EQUAL(walk.miscounted, 0);
		CU_ASSERT_EQUAL(walk.backwards, 0);
		CU_ASSERT_EQUAL(walk.moved, 0);
		CU_ASSERT_EQUAL(walk.misaligned, 0);
		CU_ASSERT_EQUAL(walk.elsewhere, 0);
		CU_ASSERT(walk.changes > 1000);
	}
}

static void reaches_the_longest(void)
{
	struct dither_schedule schedule;
	u64 began;

	start(&schedule, &plans[0], 9, 2);
	for (int n = 0; n < 12345; n++)
		next(&schedule);
	began = cell_start(&schedule);
	while (schedule.shift < DITHER_SHIFT_MAX &&
	       cell_start(&schedule) - began <= PERIOD << DITHER_SHIFT_MAX) {
		next(&schedule);
		dither_schedule_reshape(&schedule, DITHER_SHIFT_MAX);
	}
	CU_ASSERT_EQUAL(schedule.shift, DITHER_SHIFT_MAX);
	CU_ASSERT(dither_schedule_reshape(&schedule, 0));
	CU_ASSERT_EQUAL(schedule.shift, 0);
	CU_ASSERT_FALSE(dither_schedule_reshape(&schedule, 0));
}

static struct dither_rate describe(const struct dither_schedule *schedule,
				   enum dither_rate_reason reason)
{
	return (struct dither_rate){
		.header.tid = reason,
		.origin = schedule->origin,
		.number = schedule->number,
		.cell_ns = schedule->cell,
		.shift = schedule->shift,
	};
}

struct pursuit {
	struct dither_schedule leader, follower;
	u64 random;
	int astray, told[4];
};

static void tell(struct pursuit *pursuit, enum dither_rate_reason reason)
{
	struct dither_rate rate = describe(&pursuit->leader, reason);

	dither_schedule_set(&pursuit->follower, &rate);
	pursuit->told[reason]++;
}

static void pursue(struct pursuit *pursuit)
{
	struct dither_schedule *leader = &pursuit->leader;
	u32 shift = leader->shift;
	u64 until = leader->due;

	if (!random_below(&pursuit->random, 8))
		until += random_below(&pursuit->random, 200 * leader->cell);
	leader->resumed = false;
	dither_schedule_pass(leader, until);
	if (leader->resumed)
		tell(pursuit, DITHER_RATE_RESUME);
	while (pursuit->follower.due <= until)
		next(&pursuit->follower);
	pursuit->astray += pursuit->follower.due != leader->due;
	if (random_below(&pursuit->random, 8) ||
	    !dither_schedule_reshape(leader, random_below(&pursuit->random, 5)))
		return;
	tell(pursuit,
	     leader->shift > shift ? DITHER_RATE_SLOWER : DITHER_RATE_FASTER);
	pursuit->astray += pursuit->follower.due != leader->due;
}

static void following(void)
{
	for (size_t i = 0; i < PLANS; i++) {
		struct pursuit pursuit = { .random = 4 + i };

		start(&pursuit.leader, &plans[i], 13, 5);
		dither_schedule_start(&pursuit.follower, plans[i].policy,
				      plans[i].jitter_ppm, PERIOD, 13, 5, 0);
		tell(&pursuit, DITHER_RATE_START);
		CU_ASSERT_EQUAL(pursuit.follower.due, pursuit.leader.due);
		for (int n = 0; n < 20000; n++)
			pursue(&pursuit);
		CU_ASSERT_EQUAL(pursuit.astray, 0);
		CU_ASSERT(pursuit.told[DITHER_RATE_SLOWER] > 100);
		CU_ASSERT(pursuit.told[DITHER_RATE_FASTER] > 100);
		CU_ASSERT(is_grid(&plans[i]) ||
			  pursuit.told[DITHER_RATE_RESUME] > 100);
	}
}

static void try_extreme(const struct plan *plan, u64 period, u32 shift,
			u64 seed, u64 origin)
{
	struct dither_schedule schedule;
	u64 previous = origin, cells;
	u64 longest = 0;
	double mean;

	dither_schedule_start(&schedule, plan->policy, plan->jitter_ppm, period,
			      seed, 0, origin);
	CU_ASSERT_EQUAL(dither_schedule_reshape(&schedule, shift), shift != 0);
	CU_ASSERT_EQUAL(schedule.shift, shift);
	CU_ASSERT(schedule.due >= origin);
	for (int n = 0; n < 3000; n++) {
		u64 due = next(&schedule);

		CU_ASSERT(schedule.due > due);
		if (due - previous > longest)
			longest = due - previous;
		previous = due;
	}
	/* -ln of the smallest draw is 44.4. */
	CU_ASSERT(longest <=
		  schedule.cell *
			  (plan->policy == DITHER_POLICY_POISSON ? 45 : 2));
	mean = (double)(previous - origin) /
	       (double)dither_schedule_cells(&schedule);
	CU_ASSERT_DOUBLE_EQUAL(mean / (double)schedule.cell, 1, .08);

	cells = dither_schedule_cells(&schedule);
	cells += dither_schedule_pass(&schedule, FAR_AWAY);
	CU_ASSERT(schedule.due > FAR_AWAY);
	CU_ASSERT_EQUAL(dither_schedule_cells(&schedule), cells);
	if (is_grid(plan))
		CU_ASSERT(cell_start(&schedule) - schedule.cell <= FAR_AWAY);
	/* It is still a schedule there. */
	previous = next(&schedule);
	CU_ASSERT(schedule.due > previous);
}

static void extremes(void)
{
	static const u64 periods[] = { DITHER_PERIOD_MIN_NS,
				       DITHER_PERIOD_MAX_NS };
	static const u64 seeds[] = { 0, ~0ULL };
	static const u64 origins[] = { 0, 1ULL << 61 };

	for (size_t i = 0; i < PLANS * 16; i++)
		try_extreme(&plans[i / 16], periods[i & 1],
			    i & 2 ? DITHER_SHIFT_MAX : 0, seeds[i >> 2 & 1],
			    origins[i >> 3 & 1]);
}

static const struct unit_case cases[] = {
	{ "the same seed and CPU give the same instants", same_again },
	{ "another CPU or another seed gives other instants", others_differ },
	{ "stratified: one instant in every cell, inside it",
	  one_in_each_cell },
	{ "fixed: every cell's instant is its start", fixed_at_the_start },
	{ "a cell whose instant lies ahead is not passed", nothing_is_early },
	{ "grids: one jump over any gap ends where single steps do",
	  grids_jump },
	{ "renewals: a jump over a short gap ends where single steps do",
	  renewals_catch_up },
	{ "renewals: after a long gap they begin anew behind it, in few draws",
	  renewals_begin_anew },
	{ "reshaping loses no cell, leaves no gap and never goes back",
	  reshaping },
	{ "the longest cells are reached within one of them, and left at once",
	  reaches_the_longest },
	{ "RATE records are enough to follow all instants", following },
	{ "the shortest and longest cells, odd seeds and far times work",
	  extremes },
};

UNIT_MAIN("schedule", cases)
