// SPDX-License-Identifier: GPL-2.0
/*
 * Loads and unloads two libraries that lie beside this program, mostly in one
 * and the same place, and calls into them; forks, and does the same in the
 * child; executes itself, and begins anew. Every chain of calls is known:
 *
 *	main call_a a_outer a_inner a_leaf
 *	main call_b b_outer b_middle b_inner b_leaf
 *	main in_child call_…
 *
 * usage: twins SECONDS (or, as it calls itself, twins -UNTIL)
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline, noclone))

typedef unsigned long outer(unsigned long);

static volatile unsigned long sink;
static char directory[4096];

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static outer *load(const char *twin, void **library)
{
	char text[5000];
	void *symbol;

	snprintf(text, sizeof(text), "%s/lib%s.so", directory, twin);
	*library = dlopen(text, RTLD_NOW);
	snprintf(text, sizeof(text), "%s_outer", twin);
	symbol = *library ? dlsym(*library, text) : NULL;
	if (!symbol) {
		fprintf(stderr, "twins: %s\n", dlerror());
		exit(1);
	}
	return (outer *)symbol;
}

static NOINLINE void call_a(void)
{
	void *library;
	outer *function = load("a", &library);

	sink += function(sink);
	dlclose(library);
}

static NOINLINE void call_b(void)
{
	void *library;
	outer *function = load("b", &library);

	sink += function(sink);
	dlclose(library);
}

static NOINLINE void in_child(int first)
{
	if (first)
		call_b();
	call_a();
	call_b();
	/* Its own last words, not its parent's. */
	_exit(0);
}

int main(int argc, char **argv)
{
	double until = argc > 1 ? atof(argv[1]) : 1;
	char last[40], self[4096];
	ssize_t length;

	until = until > 0 ? now() + until : -until;
	length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (length < 0)
		return 1;
	self[length] = '\0';
	*strrchr(strcpy(directory, self), '/') = '\0';
	for (int i = 0; i < 6; i++) {
		call_a();
		call_b();
		if (!fork())
			in_child(i & 1);
		wait(NULL);
	}
	if (now() >= until)
		return 0;
	snprintf(last, sizeof(last), "-%.6f", until);
	execl(self, self, last, (char *)NULL);
	return 1;
}
