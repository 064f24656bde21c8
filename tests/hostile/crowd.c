// SPDX-License-Identifier: GPL-2.0
/*
 * Processes without any privilege that do all that a program may to the stacks,
 * names, mappings and children that a profiler looks at, at random, while some
 * of them are killed in the midst of it. Prints how often each thing was done.
 *
 * Usage: crowd SECONDS [PROCESSES [SEED]] (default: 20 processes). With SECONDS
 * 0 it goes on until SIGTERM. Run by root it becomes nobody. Exit status: 0, or
 * 1 if anything of all that was never done.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../unit/random_numbers.h"
#include "crowd/crowd.h"
#include "lib/nobody.h"

#define PROCESSES_MAX 200

static const struct {
	const char *name;
	void (*run)(uint64_t *random);
} things[] = {
	{ "renames", crowd_rename },
	{ "forks", crowd_fork },
	{ "execs", crowd_exec },
	{ "threads", crowd_threads },
	{ "traces", crowd_trace },
	{ "code mapped", crowd_map_code },
	{ "memory filled", crowd_fill_memory },
	{ "chains poisoned", crowd_poison },
	{ "stacks switched", crowd_switch_stacks },
	{ "pages pulled", crowd_pull_pages },
	{ "pages held", crowd_hold_pages },
	{ "signals", crowd_signals },
};

#define THINGS (sizeof(things) / sizeof(things[0]))

static volatile uint64_t *done; /* by thing; shared by all processes */
static volatile sig_atomic_t stop;

static void on_stop(int number)
{
	(void)number;
	stop = 1;
}

static pid_t begin(uint64_t seed)
{
	pid_t parent = getpid(), pid = fork();

	if (pid)
		return pid;
	signal(SIGTERM, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	for (;;) {
		unsigned int thing = random_below(&seed, THINGS);

		things[thing].run(&seed);
		__atomic_fetch_add(&done[thing], 1, __ATOMIC_RELAXED);
	}
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Three times a second one is killed, whatever it does, and another begins. */
static void keep_going(pid_t *pids, unsigned int count, time_t end,
		       uint64_t *random)
{
	while (!stop && (!end || seconds() < end)) {
		unsigned int number = random_below(random, count);

		usleep(300000);
		if (pids[number] > 0)
			kill(pids[number], SIGKILL);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		pids[number] = begin(random_next(random) | 1);
	}
	for (unsigned int i = 0; i < count; i++) {
		if (pids[i] > 0)
			kill(pids[i], SIGKILL);
	}
	while (wait(NULL) > 0)
		;
}

static bool report(void)
{
	bool all = true;

	for (unsigned int i = 0; i < THINGS; i++) {
		printf("%s %" PRIu64 "%s", things[i].name, done[i],
		       i + 1 < THINGS ? ", " : "\n");
		all = all && done[i];
	}
	return all;
}

int main(int argc, char **argv)
{
	pid_t pids[PROCESSES_MAX];
	unsigned int count = 20;
	uint64_t random = 1;
	time_t end = 0;

	if (argc < 2 || argc > 4) {
		fprintf(stderr, "usage: crowd SECONDS [PROCESSES [SEED]]\n");
		return 2;
	}
	if (atoi(argv[1]))
		end = seconds() + atoi(argv[1]);
	if (argc > 2)
		count = atoi(argv[2]);
	if (argc > 3)
		random = strtoull(argv[3], NULL, 0) | 1;
	if (!count || count > PROCESSES_MAX)
		return 2;
	done = mmap(NULL, sizeof(*done) * THINGS, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (done == MAP_FAILED)
		return 2;
	signal(SIGTERM, on_stop);
	become_nobody();
	for (unsigned int i = 0; i < count; i++)
		pids[i] = begin(random_next(&random) | 1);
	keep_going(pids, count, end, &random);
	return report() ? 0 : 1;
}
