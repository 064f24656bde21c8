// SPDX-License-Identifier: GPL-2.0
/*
 * Much coming and going, of one kind and of a bounded amount: what a profiler
 * has to follow process by process, mapping by mapping.
 *
 * Usage: bomb forks|threads|execs|maps COUNT
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* That many at a time. */
#define CROWD 50

static const char self[] = "/proc/self/exe";

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void wait_for_all(void)
{
	while (wait(NULL) > 0)
		;
}

/* Each of a crowd has two children of its own, who end before it or after. */
static void forks(void)
{
	for (int i = 0; i < CROWD; i++) {
		pid_t child = fork();

		if (child < 0)
			fail("fork");
		if (child)
			continue;
		for (int j = 0; j < 2; j++)
			if (!fork())
				_exit(0);
		if (i % 2)
			wait_for_all();
		_exit(0);
	}
	wait_for_all();
}

static void *end(void *nothing)
{
	return nothing;
}

static void threads(void)
{
	pthread_t crowd[CROWD];

	for (int i = 0; i < CROWD; i++)
		if (pthread_create(&crowd[i], NULL, end, NULL))
			fail("pthread_create");
	for (int i = 0; i < CROWD; i++)
		pthread_join(crowd[i], NULL);
}

/* Each becomes this program again, and again. */
static void execs(void)
{
	for (int i = 0; i < CROWD; i++) {
		pid_t child = fork();

		if (child < 0)
			fail("fork");
		if (!child) {
			execl(self, self, "again", "3", NULL);
			_exit(1);
		}
	}
	wait_for_all();
}

static int again(int left)
{
	char text[16];

	if (!left)
		return 0;
	snprintf(text, sizeof(text), "%d", left - 1);
	execl(self, self, "again", text, NULL);
	return 1;
}

static void maps(void)
{
	static const char *const libraries[] = { "libz.so.1", "libm.so.6",
						 "libelf.so.1" };
	int opened = 0;

	for (int i = 0; i < CROWD; i++) {
		void *library = dlopen(libraries[i % 3], RTLD_NOW | RTLD_LOCAL);

		if (!library)
			continue;
		opened++;
		dlclose(library);
	}
	if (!opened) {
		fprintf(stderr, "bomb: %s\n", dlerror());
		exit(1);
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} kinds[] = {
		{ "forks", forks },
		{ "threads", threads },
		{ "execs", execs },
		{ "maps", maps },
	};
	int count = argc == 3 ? atoi(argv[2]) : 0;

	if (argc == 3 && !strcmp(argv[1], "again"))
		return again(count);
	for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++) {
		if (argc != 3 || strcmp(argv[1], kinds[kind].name))
			continue;
		for (int i = 0; i < count; i += CROWD)
			kinds[kind].run();
		return 0;
	}
	fprintf(stderr, "usage: bomb forks|threads|execs|maps COUNT\n");
	return 2;
}
