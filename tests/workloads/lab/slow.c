// SPDX-License-Identifier: GPL-2.0
/*
 * Slow phases whose lengths are chance: exponential, of two functions that
 * both work.
 *
 * Usage: slow SECONDS FIRST_MS SECOND_MS [CPU]
 */
#include "truth.h"

#include <math.h>
#include <unistd.h>

__attribute__((noinline)) static uint64_t slow_first(uint64_t ns)
{
	return truth_use(ns);
}

__attribute__((noinline)) static uint64_t slow_second(uint64_t ns)
{
	return truth_use(ns);
}

static uint64_t length(const char *mean_ms)
{
	return (uint64_t)(-log(1 - drand48()) * atof(mean_ms) * 1e6) + 1;
}

int main(int argc, char **argv)
{
	uint64_t begin, end, first = 0, second = 0;

	if (argc < 4)
		return 2;
	truth_pin(argc > 4 ? argv[4] : NULL);
	begin = truth_now();
	srand48((long)(begin ^ (uint64_t)getpid()));
	end = begin + (uint64_t)(atof(argv[1]) * 1e9);
	while (truth_now() < end) {
		first += slow_first(length(argv[2]));
		second += slow_second(length(argv[3]));
	}
	truth_window(begin, truth_now());
	truth_of("slow_first", first);
	truth_of("slow_second", second);
	return 0;
}
