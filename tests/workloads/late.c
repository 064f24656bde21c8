// SPDX-License-Identifier: GPL-2.0
/*
 * Work in a library that nobody knows of before it is loaded: a chain of calls
 * of known depth in there. Built twice, as the library too.
 *
 * Usage: late LIBRARY SECONDS
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void late_work(int depth, int seconds);

#ifdef LIBRARY

static volatile uint64_t sink;

void late_work(int depth, int seconds)
{
	struct timespec now;
	time_t end;

	if (depth > 1) {
		late_work(depth - 1, seconds);
		sink++;
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec + seconds;
	while (now.tv_sec < end) {
		for (int i = 0; i < 100000; i++)
			sink += (uint64_t)i;
		clock_gettime(CLOCK_MONOTONIC, &now);
	}
}

#else

int main(int argc, char **argv)
{
	void (*work)(int, int) = NULL;
	void *library;

	if (argc != 3)
		return 2;
	library = dlopen(argv[1], RTLD_NOW);
	if (library)
		*(void **)&work = dlsym(library, "late_work");
	if (!work) {
		fprintf(stderr, "%s\n", dlerror());
		return 1;
	}
	work(10, atoi(argv[2]));
	return 0;
}

#endif
