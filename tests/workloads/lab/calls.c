// SPDX-License-Identifier: GPL-2.0
/*
 * Two functions by turns, a million times a second, three parts of the time
 * the one and seven the other: too short for a clock, so the truth is what each
 * takes alone, before and after: the median of many times, for what else the
 * machine does can add to one of them, and its clock can take from one.
 *
 * Usage: calls SECONDS [CPU]
 */
#include "truth.h"

#define UNIT 40
#define ALONE 500
#define TIMES 40

__attribute__((noinline)) static void call_short(void)
{
	truth_spin(3 * UNIT);
}

__attribute__((noinline)) static void call_long(void)
{
	truth_spin(7 * UNIT);
}

/* How long each of TIMES times took. */
static void alone(void (*function)(void), uint64_t *took)
{
	for (int i = 0; i < TIMES; i++) {
		uint64_t begin = truth_used();

		for (int j = 0; j < ALONE; j++)
			function();
		took[i] = truth_used() - begin;
	}
}

static int ascending(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static uint64_t median(uint64_t took[2 * TIMES])
{
	qsort(took, 2 * TIMES, sizeof(*took), ascending);
	return took[TIMES];
}

int main(int argc, char **argv)
{
	static uint64_t took_short[2 * TIMES], took_long[2 * TIMES];
	uint64_t begin, end;

	if (argc < 2)
		return 2;
	truth_pin(argc > 2 ? argv[2] : NULL);
	alone(call_short, took_short);
	alone(call_long, took_long);
	begin = truth_now();
	end = begin + (uint64_t)(atof(argv[1]) * 1e9);
	while (truth_now() < end)
		for (int i = 0; i < 1000; i++) {
			call_short();
			call_long();
		}
	truth_window(begin, truth_now());
	alone(call_long, took_long + TIMES);
	alone(call_short, took_short + TIMES);
	truth_of("call_short", median(took_short));
	truth_of("call_long", median(took_long));
	return 0;
}
