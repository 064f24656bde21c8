// SPDX-License-Identifier: GPL-2.0
/*
 * How the schedule's instants are distributed, and what that does to a share
 * that is measured with them, against the formulas. Seeds are fixed: nothing
 * here depends on time or luck.
 */
#include "unit.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "../../kmod/core/schedule.h"

#define PERIOD 1000000.0

struct plan {
	u32 policy;
	double jitter;
};

static const struct plan stratified = { DITHER_POLICY_STRATIFIED, 0 };
static const struct plan fixed = { DITHER_POLICY_FIXED, 0 };
static const struct plan poisson = { DITHER_POLICY_POISSON, 0 };
static const struct plan narrow = { DITHER_POLICY_UNIFORM, .1 };
static const struct plan quarter = { DITHER_POLICY_UNIFORM, .25 };
static const struct plan half = { DITHER_POLICY_UNIFORM, .5 };
static const struct plan wide = { DITHER_POLICY_UNIFORM, 1 };

static const struct plan *const renewals[] = { &poisson, &narrow, &quarter,
					       &half, &wide };

#define RENEWALS (sizeof(renewals) / sizeof(renewals[0]))

static void start(struct dither_schedule *schedule, const struct plan *plan,
		  u64 seed)
{
	dither_schedule_start(schedule, plan->policy,
			      (u32)lrint(plan->jitter * 1e6), (u64)PERIOD, seed,
			      0, 0);
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

typedef double (*law)(const struct plan *plan, double x);

/*
 * Kolmogorov's distance of values from their law, times the square root of
 * their number: above 1.95 once in a thousand.
 */
static double distance(double *values, size_t count, law cumulative,
		       const struct plan *plan)
{
	double furthest = 0;

	qsort(values, count, sizeof(*values), compare);
	for (size_t i = 0; i < count; i++) {
		double expected = cumulative(plan, values[i] / PERIOD);
		double below = expected - (double)i / (double)count;
		double above = (double)(i + 1) / (double)count - expected;

		furthest = fmax(furthest, fmax(below, above));
	}
	return furthest * sqrt((double)count);
}

/* Intervals in units of the mean one. */
static double interval_law(const struct plan *plan, double x)
{
	if (plan->policy == DITHER_POLICY_POISSON)
		return 1 - exp(-x);
	return fmin(fmax((x - 1 + plan->jitter) / (2 * plan->jitter), 0), 1);
}

/* From any moment to the next instant: the integral of 1 - interval_law. */
static double residual_law(const struct plan *plan, double x)
{
	double low = 1 - plan->jitter, rest = 1 + plan->jitter - x;

	if (plan->policy == DITHER_POLICY_POISSON)
		return 1 - exp(-x);
	if (x <= low)
		return x;
	return rest > 0 ? 1 - rest * rest / (4 * plan->jitter) : 1;
}

static double mean_of(const double *values, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return sum / (double)count;
}

static double variance_of(const double *values, size_t count)
{
	double mean = mean_of(values, count), sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += (values[i] - mean) * (values[i] - mean);
	return sum / (double)count;
}

#define INTERVALS 100000

static double values[INTERVALS];

static void draw_intervals(const struct plan *plan, u64 seed)
{
	struct dither_schedule schedule;
	size_t count = 0;

	start(&schedule, plan, seed);
	while (count < INTERVALS) {
		u64 before = schedule.due;
		u64 passed = dither_schedule_pass(&schedule, before);

		/* Instants within the same nanosecond pass together. */
		while (--passed && count < INTERVALS)
			values[count++] = 0;
		if (count < INTERVALS)
			values[count++] = (double)(schedule.due - before);
	}
}

static void exponential_intervals(void)
{
	for (u64 seed = 1; seed <= 3; seed++) {
		double mean, variance;

		draw_intervals(&poisson, seed);
		mean = mean_of(values, INTERVALS) / PERIOD;
		variance = variance_of(values, INTERVALS) / PERIOD / PERIOD;
		/* Four standard errors. */
		CU_ASSERT_DOUBLE_EQUAL(mean, 1, 4 / sqrt(INTERVALS));
		CU_ASSERT_DOUBLE_EQUAL(variance, 1, 4 * sqrt(8. / INTERVALS));
		CU_ASSERT(distance(values, INTERVALS, interval_law, &poisson) <
			  1.95);
	}
}

static void uniform_intervals(void)
{
	for (size_t i = 0; i < RENEWALS; i++) {
		const struct plan *plan = renewals[i];
		double margin = 4 * plan->jitter / sqrt(3. * INTERVALS);

		if (plan->policy != DITHER_POLICY_UNIFORM)
			continue;
		draw_intervals(plan, 1);
		CU_ASSERT_DOUBLE_EQUAL(mean_of(values, INTERVALS) / PERIOD, 1,
				       margin);
		CU_ASSERT(distance(values, INTERVALS, interval_law, plan) <
			  1.95);
		/* Sorted now. */
		CU_ASSERT(values[0] >= PERIOD * (1 - plan->jitter) - 1);
		CU_ASSERT(values[INTERVALS - 1] <=
			  PERIOD * (1 + plan->jitter) + 1);
	}
}

static void exact_intervals(void)
{
	static const struct plan none = { DITHER_POLICY_UNIFORM, 0 };

	draw_intervals(&none, 1);
	CU_ASSERT_EQUAL(variance_of(values, INTERVALS), 0);
	CU_ASSERT_EQUAL(mean_of(values, INTERVALS), PERIOD);
}

static double cell_law(const struct plan *plan, double x)
{
	(void)plan;
	return x;
}

static void uniform_in_cells(void)
{
	struct dither_schedule schedule;

	start(&schedule, &stratified, 1);
	for (size_t i = 0; i < INTERVALS; i++) {
		values[i] = (double)schedule.due - (double)i * PERIOD;
		dither_schedule_pass(&schedule, schedule.due);
	}
	CU_ASSERT(distance(values, INTERVALS, cell_law, &stratified) < 1.95);
}

#define STARTS 40000

/* E[X^2] / 2 E[X], in units of E[X]. */
static double residual_mean(const struct plan *plan)
{
	if (plan->policy == DITHER_POLICY_POISSON)
		return 1;
	return (1 + plan->jitter * plan->jitter / 3) / 2;
}

static void check_residuals(const struct plan *plan)
{
	CU_ASSERT_DOUBLE_EQUAL(mean_of(values, STARTS) / PERIOD,
			       residual_mean(plan), 4 / sqrt(STARTS));
	CU_ASSERT(distance(values, STARTS, residual_law, plan) < 1.95);
}

static void equilibrium_at_start(void)
{
	for (size_t i = 0; i < RENEWALS; i++) {
		for (u64 seed = 0; seed < STARTS; seed++) {
			struct dither_schedule schedule;

			start(&schedule, renewals[i], seed);
			values[seed] = (double)schedule.due;
		}
		check_residuals(renewals[i]);
	}
}

static void equilibrium_after_gaps(void)
{
	for (size_t i = 0; i < RENEWALS; i++) {
		struct dither_schedule schedule;
		size_t count = 0;

		start(&schedule, renewals[i], 1);
		while (count < STARTS) {
			u64 until = schedule.due + 200 * (u64)PERIOD;

			schedule.resumed = false;
			dither_schedule_pass(&schedule, until);
			if (!schedule.resumed)
				break;
			values[count++] = (double)(schedule.due - until);
		}
		CU_ASSERT_EQUAL(count, STARTS);
		check_residuals(renewals[i]);
	}
}

/*
 * The variance ratio V = n Var(p) / Var(f) of a share p measured by n samples
 * of a workload f that repeats every 1 / @ratio mean intervals.
 */
#define SAMPLES 200
#define RUNS 8000

/* One harmonic of @turns periods per mean interval. */
static double harmonic_ratio(const struct plan *plan, double turns)
{
	double angle = M_PI * turns, spread = 2 * angle * plan->jitter;
	double _Complex phi;

	if (plan->policy == DITHER_POLICY_STRATIFIED)
		return 1 - pow(sin(angle) / angle, 2);
	if (plan->policy == DITHER_POLICY_POISSON)
		return 1;
	/* The characteristic function of an interval. */
	phi = cexp(2 * I * angle) * (spread > 0 ? sin(spread) / spread : 1);
	return creal((1 + phi) / (1 - phi) -
		     2. / SAMPLES * phi / ((1 - phi) * (1 - phi)));
}

/* A workload that is busy for the share @duty of each of its periods. */
static double duty_ratio(const struct plan *plan, double ratio, double duty)
{
	double sum = 0, weights = 0;

	for (int h = 1; h <= 20000; h++) {
		double weight = pow(sin(M_PI * h * duty) / h, 2);

		sum += weight * harmonic_ratio(plan, h * ratio);
		weights += weight;
	}
	return sum / weights;
}

struct measured {
	double duty; /* V of the duty cycle */
	double sine; /* V of a sine */
};

static struct measured measure(const struct plan *plan, double ratio,
			       double duty)
{
	double duty_sum = 0, sine_sum = 0;

	for (u64 run = 0; run < RUNS; run++) {
		double phase = (double)run * .6180339887498949;
		struct dither_schedule schedule;
		double busy = 0, sine = 0;

		start(&schedule, plan, run);
		for (int n = 0; n < SAMPLES; n++) {
			double turns =
				(double)schedule.due / PERIOD * ratio + phase;

			turns -= floor(turns);
			busy += turns < duty;
			sine += cos(2 * M_PI * turns);
			dither_schedule_pass(&schedule, schedule.due);
		}
		duty_sum += pow(busy / SAMPLES - duty, 2);
		sine_sum += pow(sine / SAMPLES, 2);
	}
	return (struct measured){
		.duty = duty_sum / RUNS * SAMPLES / (duty * (1 - duty)),
		.sine = sine_sum / RUNS * SAMPLES * 2,
	};
}

static void check_ratio(const struct plan *plan, double ratio, double duty)
{
	struct measured measured = measure(plan, ratio, duty);
	double expected = duty_ratio(plan, ratio, duty);

	CU_ASSERT_DOUBLE_EQUAL(measured.duty / expected, 1, .05);
	expected = harmonic_ratio(plan, ratio);
	CU_ASSERT_DOUBLE_EQUAL(measured.sine / expected, 1, .05);
}

static void workload_at_the_rate(void)
{
	struct measured measured = measure(&quarter, 1, .2);

	CU_ASSERT_DOUBLE_EQUAL(measured.sine, 4.5, .2);
	measured = measure(&half, 1, .2);
	CU_ASSERT_DOUBLE_EQUAL(measured.sine, 1, .05);
	measured = measure(&poisson, 1, .2);
	CU_ASSERT_DOUBLE_EQUAL(measured.duty, 1, .05);
	measured = measure(&stratified, 1, .2);
	CU_ASSERT_DOUBLE_EQUAL(measured.duty, 1, .05);
	check_ratio(&quarter, 1, .2);
	check_ratio(&half, 1, .2);
}

static void slow_workloads(void)
{
	struct measured measured = measure(&stratified, .01, .1);

	CU_ASSERT_DOUBLE_EQUAL(measured.duty, .038, .002);
	check_ratio(&stratified, .5, .3);
	check_ratio(&poisson, .5, .3);
	check_ratio(&quarter, .5, .3);
}

static void fixed_locks(void)
{
	int locked = 0;

	for (u64 run = 0; run < 100; run++) {
		double phase = ((double)run + .5) / 100, busy = 0;
		struct dither_schedule schedule;

		start(&schedule, &fixed, run);
		for (int n = 0; n < SAMPLES; n++) {
			busy += fmod((double)schedule.due / PERIOD + phase, 1) <
				.2;
			dither_schedule_pass(&schedule, schedule.due);
		}
		locked += busy == 0 || busy == SAMPLES;
	}
	CU_ASSERT_EQUAL(locked, 100);
}

/* The one residual in 2^32 that is over before it began. */
static void resumes_replay_to_the_nanosecond(void)
{
	struct dither_rate rate = { .header.tid = DITHER_RATE_RESUME };
	struct dither_schedule ran, replayed;

	dither_schedule_start(&ran, DITHER_POLICY_UNIFORM, 1000000, 50000,
			      73820, 0, 0);
	replayed = ran;
	dither_schedule_pass(&ran, 5000000);
	CU_ASSERT_FATAL(ran.resumed);
	rate.origin = ran.origin;
	rate.number = ran.number;
	rate.cell_ns = ran.cell;
	rate.shift = ran.shift;
	dither_schedule_set(&replayed, &rate);
	CU_ASSERT_EQUAL(ran.due, 5000001);
	CU_ASSERT_EQUAL(replayed.due, ran.due);
}

static const struct unit_case cases[] = {
	{ "poisson: intervals are exponential", exponential_intervals },
	{ "uniform: intervals are uniform within their bounds",
	  uniform_intervals },
	{ "uniform without jitter: intervals are all the same",
	  exact_intervals },
	{ "stratified: instants are uniform in their cells", uniform_in_cells },
	{ "renewals start in equilibrium", equilibrium_at_start },
	{ "renewals begin anew in equilibrium after a gap",
	  equilibrium_after_gaps },
	{ "a workload at the sampling rate gets the variance that theory says",
	  workload_at_the_rate },
	{ "a slower workload gets the variance that theory says",
	  slow_workloads },
	{ "a fixed schedule locks onto a workload at its rate", fixed_locks },
	{ "what begins anew is replayed to the nanosecond",
	  resumes_replay_to_the_nanosecond },
};

UNIT_MAIN("schedule law", cases)
