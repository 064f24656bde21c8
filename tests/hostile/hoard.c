// SPDX-License-Identifier: GPL-2.0
/*
 * hoard PROCESSES RANGES: so many processes, each with so many executable
 * mappings of its own; "filled" is said when all have them, with what the last
 * 1,000 of each cost, in ns of the clock (an instruction each, where these are
 * counted). They stay until the end of the input. The file is removed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* What mappings [from, to) took, each; every second page of the file. */
static double map(int file, long from, long to)
{
	double start = now();

	for (long i = from; i < to; i++) {
		if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file,
			 i * 8192) == MAP_FAILED) {
			perror("mmap");
			exit(1);
		}
	}
	return (now() - start) / (double)(to - from);
}

static void fill(int file, long ranges)
{
	long last = ranges > 1000 ? ranges - 1000 : 0;

	if (last)
		map(file, 0, last);
	printf("%ld %.0f\n", ranges, map(file, last, ranges));
	fflush(stdout);
}

static void live(int file, long ranges, int filled, int end)
{
	char byte = 0;

	fill(file, ranges);
	if (write(filled, &byte, 1) == 1 && read(end, &byte, 1) < 0)
		perror("read");
	exit(0);
}

int main(int argc, char **argv)
{
	char name[] = "hoard.XXXXXX", byte;
	int filled[2], file;
	long count, ranges;

	if (argc != 3)
		return 2;
	count = strtol(argv[1], NULL, 10);
	ranges = strtol(argv[2], NULL, 10);
	file = mkstemp(name);
	if (file < 0 || ftruncate(file, 8192 * (ranges + 1)) || pipe(filled)) {
		perror(name);
		return 1;
	}
	unlink(name);
	for (long i = 0; i < count; i++) {
		if (!fork())
			live(file, ranges, filled[1], STDIN_FILENO);
		if (read(filled[0], &byte, 1) != 1)
			return 1;
	}
	puts("filled");
	fflush(stdout);
	while (wait(NULL) > 0)
		;
	return 0;
}
