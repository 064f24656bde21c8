// SPDX-License-Identifier: GPL-2.0
/*
 * Two functions of known shares: `burn_long` works until it has used three
 * quarters of each round's CPU time, `burn_short` one quarter. Prints what each
 * really used and its share of the process's whole CPU time, by its CPU clock:
 *
 *	burn_long SECONDS SHARE
 *	burn_short SECONDS SHARE
 *
 * Usage: twofunctions SECONDS
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/*
 * No multiple of a usual sampling period, and long beside what it takes to look
 * at the clock, some of which happens outside the function that is timed.
 */
#define ROUND_NS 17300000

static volatile uint64_t sink;

static uint64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline __attribute__((always_inline)) void burn(uint64_t until)
{
	/* Long between looks at the clock, whose own cost is no workload. */
	do {
		for (int i = 0; i < 20000; i++)
			sink = sink * 6364136223846793005 + i;
	} while (cpu_ns() < until);
}

__attribute__((noinline)) static void burn_long(uint64_t until)
{
	burn(until);
	sink++;
}

__attribute__((noinline)) static void burn_short(uint64_t until)
{
	burn(until);
	sink--;
}

int main(int argc, char **argv)
{
	uint64_t end, mark, now, used_long = 0, used_short = 0;
	double total;

	if (argc != 2)
		return 2;
	mark = cpu_ns();
	end = mark + atof(argv[1]) * 1e9;
	while (mark < end) {
		burn_long(mark + ROUND_NS * 3 / 4);
		now = cpu_ns();
		used_long += now - mark;
		mark = now;
		burn_short(mark + ROUND_NS / 4);
		now = cpu_ns();
		used_short += now - mark;
		mark = now;
	}
	total = cpu_ns();
	printf("burn_long %.6f %.6f\n", used_long / 1e9, used_long / total);
	printf("burn_short %.6f %.6f\n", used_short / 1e9, used_short / total);
	return 0;
}
