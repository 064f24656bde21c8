// SPDX-License-Identifier: GPL-2.0
/*
 * A fixed amount of user-mode work at the bottom of a stack of known depth, to
 * measure what sampling adds to it. Prints the CLOCK_MONOTONIC nanoseconds it
 * took; under instruction counting these are instructions.
 *
 * Usage: deepspin DEPTH MILLIONS   (frames; millions of loop rounds)
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static volatile uint64_t sink;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

__attribute__((noinline)) static void descend(int depth, uint64_t rounds)
{
	if (depth > 1) {
		descend(depth - 1, rounds);
		sink++;
		return;
	}
	for (uint64_t i = 0; i < rounds; i++)
		sink += i;
}

int main(int argc, char **argv)
{
	uint64_t begin;

	if (argc != 3)
		return 2;
	begin = now_ns();
	descend(atoi(argv[1]), (uint64_t)(atof(argv[2]) * 1e6));
	printf("%llu\n", (unsigned long long)(now_ns() - begin));
	return 0;
}
