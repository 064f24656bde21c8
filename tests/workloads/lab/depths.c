// SPDX-License-Identifier: GPL-2.0
/*
 * Works by turns at the end of a deep stack, which is another one each time,
 * and of a shallow one: where the ring is full, the deep ones are lost first.
 * The parent, who reads that ring, is stopped for the middle half of the
 * time.
 *
 * Usage: depths SECONDS DEEP_US SHALLOW_US [CPU]
 */
#include "truth.h"

#include <signal.h>
#include <unistd.h>

#define DEPTH 60

static uint64_t deep_ns;

__attribute__((noinline)) static uint64_t deep_work(void)
{
	return truth_use(deep_ns);
}

static uint64_t left(uint64_t path, int depth);
static uint64_t right(uint64_t path, int depth);

/* Which of the two each level is of, the bits of @path say. */
#define BRANCH(name)                                                          \
	__attribute__((noinline)) static uint64_t name(uint64_t path,         \
						       int depth)             \
	{                                                                     \
		uint64_t worked = !depth	    ? deep_work() :           \
				  path >> depth & 1 ? left(path, depth - 1) : \
						      right(path, depth - 1); \
                                                                              \
		sink++;                                                       \
		return worked;                                                \
	}

BRANCH(left)
BRANCH(right)

__attribute__((noinline)) static uint64_t shallow_work(uint64_t ns)
{
	return truth_use(ns);
}

/* Nothing is done twice. */
static void stop_parent(uint64_t begin, uint64_t end)
{
	static const int signals[] = { SIGSTOP, SIGCONT };
	static unsigned int done;
	uint64_t next = begin + (end - begin) / 4 * (2 * done + 1);

	if (done < 2 && truth_now() >= next)
		kill(getppid(), signals[done++]);
}

int main(int argc, char **argv)
{
	uint64_t begin, end, path = 1, deep = 0, shallow = 0, shallow_ns;

	if (argc < 4)
		return 2;
	truth_pin(argc > 4 ? argv[4] : NULL);
	deep_ns = strtoull(argv[2], NULL, 10) * 1000;
	shallow_ns = strtoull(argv[3], NULL, 10) * 1000;
	begin = truth_now();
	end = begin + (uint64_t)(atof(argv[1]) * 1e9);
	while (truth_now() < end) {
		stop_parent(begin, end);
		path = path * 6364136223846793005 + 1442695040888963407;
		deep += left(path, DEPTH);
		shallow += shallow_work(shallow_ns);
	}
	truth_window(begin, truth_now());
	truth_of("deep_work", deep);
	truth_of("shallow_work", shallow);
	return 0;
}
