// SPDX-License-Identifier: GPL-2.0
/*
 * Two functions by turns, a million times a second, three parts of the time
 * the one and seven the other: too short for a clock. The truth is by how much
 * longer the turns take with the second one called twice, before and after: of
 * many times the median, for what else the machine does can add to one of them,
 * and its clock can take from one.
 *
 * Usage: calls SECONDS [CPU]
 */
#include "truth.h"

#define UNIT 40
#define TURNS 1500
#define TIMES 40

__attribute__((noinline)) static void call_short(void)
{
	truth_spin(3 * UNIT);
}

__attribute__((noinline)) static void call_long(void)
{
	truth_spin(7 * UNIT);
}

static uint64_t turns(void)
{
	uint64_t begin = truth_used();

	for (int i = 0; i < TURNS; i++) {
		call_short();
		call_long();
	}
	return truth_used() - begin;
}

static uint64_t longer_turns(void)
{
	uint64_t begin = truth_used();

	for (int i = 0; i < TURNS; i++) {
		call_short();
		call_long();
		call_long();
	}
	return truth_used() - begin;
}

/* How long TIMES of them took. */
static void take(uint64_t *took, uint64_t *took_longer)
{
	for (int i = 0; i < TIMES; i++) {
		took[i] = turns();
		took_longer[i] = longer_turns();
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
	static uint64_t took[2 * TIMES], took_longer[2 * TIMES];
	uint64_t begin, end, both, longer;

	if (argc < 2)
		return 2;
	truth_pin(argc > 2 ? argv[2] : NULL);
	take(took, took_longer);
	begin = truth_now();
	end = begin + (uint64_t)(atof(argv[1]) * 1e9);
	while (truth_now() < end)
		turns();
	truth_window(begin, truth_now());
	take(took + TIMES, took_longer + TIMES);
	both = median(took);
	longer = median(took_longer);
	if (longer < both || longer > 2 * both) {
		fputs("calls: the machine is too busy for a truth\n", stderr);
		return 1;
	}
	truth_of("call_short", 2 * both - longer);
	truth_of("call_long", longer - both);
	return 0;
}
