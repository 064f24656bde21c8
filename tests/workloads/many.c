// SPDX-License-Identifier: GPL-2.0
/*
 * Many of one kind, for a profiler to keep count of:
 *
 *	many processes N	N children that wait, of two names
 *	many threads N		N threads that wait
 *	many mappings N		N mappings of code, in one process
 *
 * Prints "ready N" when so many are there, which may be fewer than asked for;
 * then `burn_among_many` works until standard input ends, and the process with
 * it. And, for comparison of how long it takes:
 *
 *	many execs N JOBS	N times fork, exec and exit, JOBS at a time; prints
 *				the seconds that it took
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096UL
#define STACK_BYTES 16384

extern char **environ;
static volatile uint64_t sink;

static unsigned long make_processes(unsigned long count)
{
	unsigned long made = 0;
	pid_t parent = getpid();

	for (; made < count; made++) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, made % 2 ? "odd" : "even");
		while (getppid() == parent)
			pause();
		_exit(0);
	}
	return made;
}

static void *wait_forever(void *unused)
{
	pause();
	return unused;
}

static unsigned long make_threads(unsigned long count)
{
	unsigned long made = 0;
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	while (made < count &&
	       !pthread_create(&thread, &attributes, wait_forever, NULL))
		made++;
	return made;
}

/* Every other page of a file: neighbours would become one mapping. */
static unsigned long make_mappings(unsigned long count)
{
	char name[] = "many.XXXXXX";
	unsigned long made = 0;
	int fd = mkstemp(name);

	if (fd < 0 || unlink(name) || ftruncate(fd, 2 * count * PAGE))
		return 0;
	while (made < count &&
	       mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd,
		    2 * made * PAGE) != MAP_FAILED)
		made++;
	close(fd);
	return made;
}

__attribute__((noinline)) static void burn_among_many(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	while (!poll(&input, 1, 0)) {
		for (int i = 0; i < 2000000; i++)
			sink = sink * 6364136223846793005 + i;
	}
	sink++;
}

static pid_t exec_one(void)
{
	char *arguments[] = { "true", NULL };
	pid_t pid = vfork();

	if (!pid) {
		execve("/bin/true", arguments, environ);
		_exit(1);
	}
	return pid;
}

static int run_execs(unsigned long count, unsigned long jobs)
{
	struct timespec from, to;
	unsigned long begun = 0, ended = 0;

	clock_gettime(CLOCK_MONOTONIC, &from);
	while (ended < count) {
		while (begun < count && begun - ended < jobs) {
			if (exec_one() < 0)
				return 1;
			begun++;
		}
		if (wait(NULL) < 0)
			return 1;
		ended++;
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("%.3f\n",
	       to.tv_sec - from.tv_sec + (to.tv_nsec - from.tv_nsec) / 1e9);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long count, made;

	if (argc < 3)
		return 2;
	count = strtoul(argv[2], NULL, 0);
	if (!strcmp(argv[1], "execs") && argc == 4)
		return run_execs(count, strtoul(argv[3], NULL, 0));
	if (!strcmp(argv[1], "processes"))
		made = make_processes(count);
	else if (!strcmp(argv[1], "threads"))
		made = make_threads(count);
	else if (!strcmp(argv[1], "mappings"))
		made = make_mappings(count);
	else
		return 2;
	printf("ready %lu\n", made);
	fflush(stdout);
	burn_among_many();
	/* The children go with their parent, threads with their process. */
	_exit(0);
}
