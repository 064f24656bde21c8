// SPDX-License-Identifier: GPL-2.0
/*
 * Two functions by turns, a million times a second, three parts of the time
 * the one and seven the other: too short for a clock, so the truth is what each
 * takes alone, before and after.
 *
 * Usage: calls SECONDS [CPU]
 */
#include "truth.h"

#define UNIT 40
#define ALONE 20000

__attribute__((noinline)) static void call_short(void)
{
	truth_spin(3 * UNIT);
}

__attribute__((noinline)) static void call_long(void)
{
	truth_spin(7 * UNIT);
}

static uint64_t alone(void (*function)(void))
{
	uint64_t begin = truth_used();

	for (int i = 0; i < ALONE; i++)
		function();
	return truth_used() - begin;
}

int main(int argc, char **argv)
{
	uint64_t begin, end, took_short, took_long;

	if (argc < 2)
		return 2;
	truth_pin(argc > 2 ? argv[2] : NULL);
	took_short = alone(call_short);
	took_long = alone(call_long);
	begin = truth_now();
	end = begin + (uint64_t)(atof(argv[1]) * 1e9);
	while (truth_now() < end)
		for (int i = 0; i < 1000; i++) {
			call_short();
			call_long();
		}
	truth_window(begin, truth_now());
	took_long += alone(call_long);
	took_short += alone(call_short);
	truth_of("call_short", took_short);
	truth_of("call_long", took_long);
	return 0;
}
