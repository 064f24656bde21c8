// SPDX-License-Identifier: GPL-2.0
/*
 * Sleeps whenever it expects to be sampled: looks once at when the sampler's
 * timer is to fire, as /proc/timer_list tells root, counts on it to go on at
 * the same pace, and works in between.
 *
 * Usage: evader SECONDS HERTZ MARGIN_US CPU
 */
#include "truth.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define TIMERS "/proc/timer_list"
#define LINE 512

/* Those of dither and of perf's cpu-clock. */
static bool is_sampler(const char *line)
{
	return strstr(line, "[dither]") || strstr(line, "perf_swevent_hrtimer");
}

/* When the sampler's timer on @cpu is due, or 0. */
static uint64_t next_sample(int cpu)
{
	FILE *file = fopen(TIMERS, "r");
	unsigned long long due = 0;
	char line[LINE];
	int at = -1;

	if (!file) {
		perror(TIMERS);
		exit(1);
	}
	while (!due && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "cpu: %d", &at) == 1 || at != cpu ||
		    !is_sampler(line) || !fgets(line, sizeof(line), file))
			continue;
		sscanf(line, " # expires at %llu", &due);
	}
	fclose(file);
	return due;
}

__attribute__((noinline)) static uint64_t evader_work(uint64_t end)
{
	uint64_t begin = truth_used();

	truth_use_until(end);
	return truth_used() - begin;
}

int main(int argc, char **argv)
{
	uint64_t period, margin, begin, end, due = 0, worked = 0;

	if (argc < 5 || atof(argv[2]) <= 0)
		return 2;
	truth_pin(argv[4]);
	period = (uint64_t)(1e9 / atof(argv[2]));
	margin = strtoull(argv[3], NULL, 10) * 1000;
	for (int tries = 0; !due && tries < 100; tries++) {
		due = next_sample(atoi(argv[4]));
		if (!due)
			usleep(10000);
	}
	if (!due) {
		fputs("evader: no sampler's timer in " TIMERS "\n", stderr);
		return 1;
	}
	begin = truth_now();
	end = begin + (uint64_t)(atof(argv[1]) * 1e9);
	while (due < begin)
		due += period;
	begin = due;
	/* Whoever was held up waits for the next time. */
	for (; due < end; due += period) {
		truth_sleep_until(due + margin);
		worked += evader_work(due + period - margin);
	}
	truth_sleep_until(due);
	truth_window(begin, truth_now());
	truth_of("evader_work", worked);
	return 0;
}
