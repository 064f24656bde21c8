// SPDX-License-Identifier: GPL-2.0
/* kmod/core/stopwatch.h with a clock and a counter made up here. */
#include "unit.h"

#include <inttypes.h>

#include "../../kmod/core/portable.h"

static u64 clock_ns, counter;

static u64 get_cycles(void)
{
	return counter;
}

static u64 ktime_get_mono_fast_ns(void)
{
	return clock_ns;
}

#include "../../kmod/core/stopwatch.h"

#define SECOND 1000000000ULL
#define HOUR (3600 * SECOND)

/* Three cycles a nanosecond. */
static void pass(u64 ns)
{
	clock_ns += ns;
	counter += 3 * ns;
}

static struct dither_stopwatch adjusted_stopwatch(void)
{
	struct dither_stopwatch watch = { 0 };

	clock_ns = 17 * HOUR;
	counter = 5;
	dither_stopwatch_start(&watch, clock_ns);
	pass(SECOND);
	dither_stopwatch_start(&watch, clock_ns);
	return watch;
}

/* What a handler of @ns is found to take. */
static u64 measure(struct dither_stopwatch *watch, u64 ns)
{
	u64 now = clock_ns;
	u64 begun = dither_stopwatch_start(watch, now);

	pass(ns);
	return dither_stopwatch_stop(watch, now, begun);
}

static bool is_near(u64 measured, u64 truth)
{
	return measured <= truth && truth - measured <= 1 + truth / 1000;
}

static void by_the_counter(void)
{
	struct dither_stopwatch watch = adjusted_stopwatch();
	u64 now = clock_ns;
	u64 begun = dither_stopwatch_start(&watch, now);

	counter += 3000;
	CU_ASSERT(is_near(dither_stopwatch_stop(&watch, now, begun), 1000));
}

static void unknown_speed(void)
{
	struct dither_stopwatch watch = { 0 };

	clock_ns = HOUR;
	counter = 5;
	CU_ASSERT_EQUAL(measure(&watch, 1234), 1234);
}

static void long_sleeps(void)
{
	static const u64 hours[] = { 1, 4, 5, 10, 24, 100, 1000, 100000 };

	for (int i = 0; i < 8; i++) {
		struct dither_stopwatch watch = adjusted_stopwatch();

		pass(hours[i] * HOUR);
		for (int j = 0; j < 30; j++) {
			CU_ASSERT(is_near(measure(&watch, 2000), 2000));
			pass(SECOND / 100);
		}
	}
}

static void standing_counter(void)
{
	struct dither_stopwatch watch = adjusted_stopwatch();

	clock_ns += SECOND;
	CU_ASSERT_EQUAL(measure(&watch, 1234), 1234);
}

static void clock_set_back(void)
{
	struct dither_stopwatch watch = adjusted_stopwatch();
	u64 begun;

	watch.due = 0;
	clock_ns -= SECOND;
	counter += 3;
	begun = dither_stopwatch_start(&watch, clock_ns);
	pass(1234);
	CU_ASSERT_EQUAL(dither_stopwatch_stop(&watch, clock_ns - 1234, begun),
			1234);
}

static const struct unit_case cases[] = {
	{ "a handler's time is measured by the cycle counter", by_the_counter },
	{ "until the counter's speed is known, the clock measures",
	  unknown_speed },
	{ "a handler after a sleep of any length is measured right",
	  long_sleeps },
	{ "a counter that stood still is not used", standing_counter },
	{ "a clock that went back makes no speed", clock_set_back },
};

UNIT_MAIN("stopwatch", cases)
