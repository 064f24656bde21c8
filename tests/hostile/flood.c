// SPDX-License-Identifier: GPL-2.0
/*
 * Floods of process records: what any user can do to fill a profile with them,
 * as nobody, on CPU 1.
 *
 * Usage: flood KIND SECONDS, KIND one of those in the table below. Prints how
 * often it did it. Exit status: 0, or 2.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/nobody.h"

#define USERS 8

/* In memory that all processes of the flood share. */
static struct {
	double end;
	unsigned long count;
} * flood;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static bool goes_on(void)
{
	__atomic_fetch_add(&flood->count, 1, __ATOMIC_RELAXED);
	return now() < flood->end;
}

static void rename_to_the_same(void)
{
	while (goes_on())
		prctl(PR_SET_NAME, "innocent");
}

static void rename_to_others(void)
{
	for (int i = 0; goes_on(); i++)
		prctl(PR_SET_NAME, i & 1 ? "innocent" : "guilty");
}

static void map_code(void)
{
	int program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	while (goes_on())
		munmap(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE,
			    program, 0),
		       4096);
}

static void *do_nothing(void *argument)
{
	return argument;
}

static void make_threads(void)
{
	pthread_t thread;

	while (goes_on())
		if (!pthread_create(&thread, NULL, do_nothing, NULL))
			pthread_join(thread, NULL);
}

static void vfork_children(void)
{
	while (goes_on()) {
		pid_t child = vfork();

		if (!child)
			_exit(0);
		waitpid(child, NULL, 0);
	}
}

static void fork_and_exec(void)
{
	while (goes_on()) {
		pid_t child = vfork();

		if (!child) {
			execl("/proc/self/exe", "flood", (char *)NULL);
			_exit(1);
		}
		waitpid(child, NULL, 0);
	}
}

static void exec_again(void)
{
	char end[32], count[32];

	if (!goes_on())
		return;
	snprintf(end, sizeof(end), "%.9f", flood->end);
	snprintf(count, sizeof(count), "%lu", flood->count);
	execl("/proc/self/exe", "flood", "exec", end, count, (char *)NULL);
}

/* Each is a child of init's; the first one waits for the end. */
static void fork_twice(void)
{
	pid_t first = getpid();

	while (goes_on()) {
		if (fork())
			break;
		if (fork())
			_exit(0);
	}
	if (getpid() != first)
		_exit(0);
	while (now() < flood->end)
		usleep(10000);
}

static void rename_as_many_users(void)
{
	for (int i = 0; i < USERS; i++)
		if (!fork()) {
			if (setuid(NOBODY - 1 - i))
				_exit(2);
			rename_to_others();
			_exit(0);
		}
	while (wait(NULL) > 0 || errno == EINTR)
		;
}

static const struct {
	const char *name;
	void (*run)(void);
} kinds[] = {
	{ "rename", rename_to_the_same },
	{ "renames", rename_to_others },
	{ "mmap", map_code },
	{ "threads", make_threads },
	{ "vfork", vfork_children },
	{ "forkexec", fork_and_exec },
	{ "exec", exec_again },
	{ "orphans", fork_twice },
	{ "users", rename_as_many_users },
};

static void stay_on_cpu_1(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(1, &set);
	if (sched_setaffinity(0, sizeof(set), &set)) {
		perror("flood");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	size_t kind = 0;

	/* What it executes itself for, in floods of that. */
	if (argc < 3)
		return argc == 1 ? 0 : 2;
	while (strcmp(argv[1], kinds[kind].name))
		if (++kind == sizeof(kinds) / sizeof(kinds[0]))
			return 2;
	flood = mmap(NULL, sizeof(*flood), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (flood == MAP_FAILED)
		return 2;
	flood->end = atof(argv[2]);
	/* Executed by itself, when it ends and how often it did that. */
	if (argc > 3) {
		flood->count = strtoul(argv[3], NULL, 10);
	} else {
		flood->end += now();
		stay_on_cpu_1();
		if (kinds[kind].run != rename_as_many_users)
			become_nobody();
	}
	kinds[kind].run();
	printf("%lu times\n", flood->count);
	return 0;
}
