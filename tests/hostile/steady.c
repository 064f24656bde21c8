// SPDX-License-Identifier: GPL-2.0
/*
 * A program that does the same all the time, and says how fast: every SECONDS
 * of its own CPU time a line of the time now (CLOCK_MONOTONIC), the wall time
 * and the CPU time that it took, all in ns, and the pieces of work done.
 *
 * Usage: steady SECONDS
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PIECE 2000

static volatile uint64_t sink;

static uint64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

int main(int argc, char **argv)
{
	uint64_t every, cpu, wall, now, pieces = 0;

	if (argc != 2)
		return 2;
	every = atof(argv[1]) * 1e9;
	cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID);
	wall = read_clock(CLOCK_MONOTONIC);
	for (;;) {
		for (int i = 0; i < PIECE; i++)
			sink = sink * 6364136223846793005 + i;
		pieces++;
		if (pieces % 64)
			continue;
		now = read_clock(CLOCK_PROCESS_CPUTIME_ID);
		if (now - cpu < every)
			continue;
		cpu = now - cpu;
		wall = read_clock(CLOCK_MONOTONIC) - wall;
		printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		       read_clock(CLOCK_MONOTONIC), wall, cpu, pieces);
		fflush(stdout);
		pieces = 0;
		cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID);
		wall = read_clock(CLOCK_MONOTONIC);
	}
}
