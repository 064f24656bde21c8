// SPDX-License-Identifier: GPL-2.0
/*
 * Works at the beginning of every period of CLOCK_MONOTONIC, or so long behind
 * it, then sleeps: a program with a rhythm, for samplers that have one too.
 *
 * Usage: burst SECONDS HERTZ DUTY [CPU [BEHIND_NS]]
 */
#include "truth.h"

__attribute__((noinline)) static uint64_t burst_work(uint64_t work)
{
	return truth_use(work);
}

int main(int argc, char **argv)
{
	uint64_t period, behind, begin, next, end, worked = 0;

	if (argc < 4 || atof(argv[2]) <= 0)
		return 2;
	truth_pin(argc > 4 ? argv[4] : NULL);
	behind = argc > 5 ? strtoull(argv[5], NULL, 10) : 0;
	period = (uint64_t)(1e9 / atof(argv[2]));
	begin = truth_now();
	begin += period - (begin + period - behind % period) % period;
	truth_sleep_until(begin);
	end = begin + (uint64_t)(atof(argv[1]) * 1e9);
	for (next = begin; next < end; next += period) {
		truth_sleep_until(next);
		worked +=
			burst_work((uint64_t)((double)period * atof(argv[3])));
	}
	truth_sleep_until(next);
	truth_window(begin, truth_now());
	truth_of("burst_work", worked);
	return 0;
}
