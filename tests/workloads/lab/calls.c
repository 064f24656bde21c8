// SPDX-License-Identifier: GPL-2.0
/*
 * Two functions by turns, a million times a second, three parts of the time
 * the one and seven the other: too short for a clock. The truth is by which part
 * turns take longer with the second one called twice, before and after: of many
 * times the median, for what else the machine does can add to one of them, and
 * each time beside the other, for its clock may change.
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

/* The part that call_long() has, TIMES times. */
static void measure(double *parts)
{
	for (int i = 0; i < TIMES; i++) {
		double took = (double)turns();

		parts[i] = ((double)longer_turns() - took) / took;
	}
}

static int ascending(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
	static double parts[2 * TIMES];
	uint64_t begin, end;
	double part;

	if (argc < 2)
		return 2;
	truth_pin(argc > 2 ? argv[2] : NULL);
	measure(parts);
	begin = truth_now();
	end = begin + (uint64_t)(atof(argv[1]) * 1e9);
	while (truth_now() < end)
		turns();
	end = truth_now();
	measure(parts + TIMES);
	qsort(parts, 2 * TIMES, sizeof(*parts), ascending);
	part = parts[TIMES];
	if (part < 0 || part > 1) {
		fputs("calls: the machine is too busy for a truth\n", stderr);
		return 1;
	}
	truth_window(begin, end);
	truth_of("call_short", (uint64_t)((1 - part) * (double)(end - begin)));
	truth_of("call_long", (uint64_t)(part * (double)(end - begin)));
	return 0;
}
