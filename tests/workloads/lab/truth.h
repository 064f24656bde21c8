/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the lab's programs log what is true of them, for dither lab run
 * (user/lab/truth.h reads it), on standard output:
 *
 *	truth window BEGIN END		CLOCK_MONOTONIC, ns
 *	truth FUNCTION NS		how long it ran of that, one line each
 */
#ifndef TRUTH_H
#define TRUTH_H

#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static volatile uint64_t sink;

static inline uint64_t truth_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static inline uint64_t truth_now(void)
{
	return truth_clock(CLOCK_MONOTONIC);
}

/* What this thread has used of a CPU, ns. */
static inline uint64_t truth_used(void)
{
	return truth_clock(CLOCK_THREAD_CPUTIME_ID);
}

static inline void truth_sleep_until(uint64_t until)
{
	struct timespec time = {
		.tv_sec = (time_t)(until / 1000000000),
		.tv_nsec = (long)(until % 1000000000),
	};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static inline void truth_spin(int turns)
{
	for (int i = 0; i < turns; i++)
		sink = sink * 6364136223846793005 + (uint64_t)i;
}

/*
 * Use so much of the CPU. A function of its own: what looks at the clock hides
 * its caller from whoever walks frame pointers, and that is to be this one.
 */
static __attribute__((noinline, unused)) uint64_t truth_use(uint64_t ns)
{
	uint64_t begin = truth_used(), now;

	do {
		truth_spin(10000);
		now = truth_used();
	} while (now - begin < ns);
	return now - begin;
}

/* The same, until the clock says so; how long it was. */
static __attribute__((noinline, unused)) uint64_t truth_use_until(uint64_t end)
{
	uint64_t begin = truth_now(), now;

	do {
		truth_spin(500);
		now = truth_now();
	} while (now < end);
	return now - begin;
}

/* One CPU for all of it, if @cpu is given. */
static inline void truth_pin(const char *cpu)
{
	cpu_set_t set;

	if (!cpu)
		return;
	CPU_ZERO(&set);
	CPU_SET(atoi(cpu), &set);
	if (sched_setaffinity(0, sizeof(set), &set)) {
		perror("sched_setaffinity");
		exit(1);
	}
}

static inline void truth_window(uint64_t begin, uint64_t end)
{
	printf("truth window %llu %llu\n", (unsigned long long)begin,
	       (unsigned long long)end);
}

static inline void truth_of(const char *function, uint64_t ns)
{
	printf("truth %s %llu\n", function, (unsigned long long)ns);
}

#endif
