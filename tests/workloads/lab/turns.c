// SPDX-License-Identifier: GPL-2.0
/*
 * Two functions by turns that the clock ends: the first has the CPU for its
 * part of every period of CLOCK_MONOTONIC, the second for the rest.
 *
 * Usage: turns SECONDS PERIOD_NS PART [CPU]
 */
#include "truth.h"

__attribute__((noinline)) static uint64_t turn_first(uint64_t end)
{
	return truth_use_until(end);
}

__attribute__((noinline)) static uint64_t turn_second(uint64_t end)
{
	return truth_use_until(end);
}

int main(int argc, char **argv)
{
	uint64_t period, part, begin, end, next, first = 0, second = 0;

	if (argc < 4 || !atof(argv[2]))
		return 2;
	truth_pin(argc > 4 ? argv[4] : NULL);
	period = strtoull(argv[2], NULL, 10);
	part = (uint64_t)((double)period * atof(argv[3]));
	begin = truth_now();
	begin += period - begin % period;
	truth_sleep_until(begin);
	end = begin + (uint64_t)(atof(argv[1]) * 1e9);
	/* From the clock, for whoever was held up does not make up for it. */
	for (next = begin; next < end; next = truth_now()) {
		next -= next % period;
		first += turn_first(next + part);
		second += turn_second(next + period);
	}
	truth_window(begin, truth_now());
	truth_of("turn_first", first);
	truth_of("turn_second", second);
	return 0;
}
