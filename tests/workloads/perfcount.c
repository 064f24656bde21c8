// SPDX-License-Identifier: GPL-2.0
/*
 * Counts events of the whole system by perf_event_open(), as `perf stat -a -I`
 * does: a second opinion on what dither says. usage: perfcount EVENT..., an
 * EVENT being cycles, instructions, page-faults or rHEX. Prints a line each
 * 10 ms until it is killed: CLOCK_MONOTONIC in ns, and a sum for each event.
 */
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define EVENTS 6
#define CPUS 64
#define STEP_US 10000

static int fds[EVENTS][CPUS];

static void name_to_attr(const char *name, struct perf_event_attr *attr)
{
	memset(attr, 0, sizeof(*attr));
	attr->size = sizeof(*attr);
	attr->type = PERF_TYPE_HARDWARE;
	if (!strcmp(name, "cycles")) {
		attr->config = PERF_COUNT_HW_CPU_CYCLES;
	} else if (!strcmp(name, "instructions")) {
		attr->config = PERF_COUNT_HW_INSTRUCTIONS;
	} else if (!strcmp(name, "page-faults")) {
		attr->type = PERF_TYPE_SOFTWARE;
		attr->config = PERF_COUNT_SW_PAGE_FAULTS;
	} else {
		attr->type = PERF_TYPE_RAW;
		attr->config = strtoull(name + 1, NULL, 16);
	}
}

static unsigned long long total(int event, long cpus)
{
	unsigned long long sum = 0, count;

	for (long cpu = 0; cpu < cpus; cpu++)
		if (fds[event][cpu] >= 0 &&
		    read(fds[event][cpu], &count, sizeof(count)) ==
			    sizeof(count))
			sum += count;
	return sum;
}

int main(int argc, char **argv)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct perf_event_attr attr;
	int events = argc - 1;

	if (argc < 2 || events > EVENTS || cpus > CPUS) {
		fprintf(stderr, "usage: perfcount EVENT...\n");
		return 2;
	}
	for (int event = 0; event < events; event++) {
		name_to_attr(argv[1 + event], &attr);
		for (long cpu = 0; cpu < cpus; cpu++) {
			fds[event][cpu] = (int)syscall(SYS_perf_event_open,
						       &attr, -1, (int)cpu, -1,
						       0);
			if (fds[event][cpu] < 0) {
				perror(argv[1 + event]);
				return 1;
			}
		}
	}
	for (;;) {
		struct timespec now;

		clock_gettime(CLOCK_MONOTONIC, &now);
		printf("%lld%09ld", (long long)now.tv_sec, now.tv_nsec);
		for (int event = 0; event < events; event++)
			printf(" %llu", total(event, cpus));
		printf("\n");
		fflush(stdout);
		usleep(STEP_US);
	}
}
