// SPDX-License-Identifier: GPL-2.0
/*
 * Works at the beginning of every period of CLOCK_MONOTONIC, then sleeps: a
 * program with a rhythm, for samplers that have one too. Prints the share of
 * the time that `burst_work` had the CPU, by its own CPU clock.
 *
 * Usage: burst HERTZ DUTY SECONDS
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static volatile uint64_t sink;

static uint64_t ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

__attribute__((noinline)) static uint64_t burst_work(uint64_t work)
{
	uint64_t begin = ns(CLOCK_THREAD_CPUTIME_ID), now;

	do {
		for (int i = 0; i < 2000; i++)
			sink = sink * 6364136223846793005 + i;
		now = ns(CLOCK_THREAD_CPUTIME_ID);
	} while (now - begin < work);
	return now - begin;
}

int main(int argc, char **argv)
{
	uint64_t period, begin, next, end, worked = 0;
	struct timespec until;

	if (argc != 4 || atof(argv[1]) <= 0)
		return 2;
	period = 1e9 / atof(argv[1]);
	begin = ns(CLOCK_MONOTONIC);
	end = begin + atof(argv[3]) * 1e9;
	for (next = begin - begin % period + period; next < end; next += period) {
		until.tv_sec = next / 1000000000;
		until.tv_nsec = next % 1000000000;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
		worked += burst_work(period * atof(argv[2]));
	}
	printf("%.4f\n", (double)worked / (ns(CLOCK_MONOTONIC) - begin));
	return 0;
}
