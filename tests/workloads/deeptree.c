// SPDX-License-Identifier: GPL-2.0
/*
 * Stacks of twenty frames in some hundreds of shapes: at each of the first
 * levels one of three functions is chosen. Usage: deeptree SECONDS
 */
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define DEPTH 18	/* below main and what calls it */
#define BRANCHING 6	/* levels at which there is a choice: 3^6 shapes */

static volatile uint64_t sink;
static uint64_t state = 88172645463325252ULL;

static uint64_t draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void descend(int depth);

#define BRANCH(name)							\
	__attribute__((noinline)) static void name(int depth)		\
	{								\
		descend(depth);						\
		sink++;							\
	}

BRANCH(branch_a)
BRANCH(branch_b)
BRANCH(branch_c)

static inline __attribute__((always_inline)) void descend(int depth)
{
	static void (*const branches[])(int) = { branch_a, branch_b, branch_c };

	if (depth == DEPTH) {
		for (int i = 0; i < 20000; i++)
			sink += i;
		return;
	}
	branches[depth < BRANCHING ? draw() % 3 : 0](depth + 1);
}

int main(int argc, char **argv)
{
	struct timespec now;
	time_t end;

	if (argc != 2)
		return 2;
	clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec + atoi(argv[1]);
	while (now.tv_sec < end) {
		descend(0);
		clock_gettime(CLOCK_MONOTONIC, &now);
	}
	return 0;
}
