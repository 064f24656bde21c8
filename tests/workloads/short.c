// SPDX-License-Identifier: GPL-2.0
/*
 * A process that lives for about five milliseconds, in a function whose name
 * only this variant of the program has: WORK is set by the Makefile.
 */
#include <stdint.h>
#include <time.h>

static volatile uint64_t sink;

static uint64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

__attribute__((noinline)) static void WORK(uint64_t end)
{
	while (cpu_ns() < end)
		for (int i = 0; i < 2000; i++)
			sink = sink * 6364136223846793005 + i;
}

int main(void)
{
	WORK(cpu_ns() + 5000000);
	return 0;
}
