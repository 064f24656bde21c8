// SPDX-License-Identifier: GPL-2.0
/*
 * spawn COUNT PROGRAM: runs it so many times, one after the other, after 20
 * that nobody counts, and prints what each took from vfork to wait, in ns of the
 * clock (an instruction each, where these are counted).
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

enum { WARM_UP = 20 };

extern char **environ;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int run(char *program)
{
	char *const words[] = { program, NULL };
	int status;
	pid_t pid;

	if (posix_spawn(&pid, program, NULL, NULL, words, environ))
		return -1;
	return waitpid(pid, &status, 0) == pid && !status ? 0 : -1;
}

int main(int argc, char **argv)
{
	double start = 0;
	long count;

	if (argc != 3 || (count = strtol(argv[1], NULL, 10)) < 1) {
		fprintf(stderr, "usage: spawn COUNT PROGRAM\n");
		return 2;
	}
	for (long i = 0; i < WARM_UP + count; i++) {
		if (i == WARM_UP)
			start = now();
		if (run(argv[2])) {
			perror(argv[2]);
			return 1;
		}
	}
	printf("%.0f\n", (now() - start) / (double)count);
	return 0;
}
