// SPDX-License-Identifier: GPL-2.0
/*
 * So many pieces of one kind of work, and how long they took, ns of the clock:
 * in a guest that counts instructions, how many these were.
 *
 *	spin	a loop of a million steps
 *	exec	a child that becomes /bin/true
 *	map	a page of code, mapped and unmapped again
 *	switch	a byte to another process and back
 *
 * Usage: pieces KIND COUNT
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int there[2], back[2];
static int code;

static void fail(const char *what)
{
	perror(what);
	exit(2);
}

static void spin(void)
{
	for (volatile int i = 0; i < 1000000; i++)
		;
}

static void run_true(void)
{
	char *const arguments[] = { "/bin/true", NULL };
	pid_t child = vfork();

	if (!child) {
		execv(arguments[0], arguments);
		_exit(127);
	}
	if (child < 0 || waitpid(child, NULL, 0) < 0)
		fail("pieces: a child");
}

static void map_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, code, 0);

	if (page == MAP_FAILED || munmap(page, 4096))
		fail("pieces: mmap");
}

static void begin_echo(void)
{
	char byte;

	if (pipe(there) || pipe(back))
		fail("pieces: pipe");
	if (fork())
		return;
	close(there[1]);
	while (read(there[0], &byte, 1) == 1 && write(back[1], &byte, 1) == 1)
		;
	_exit(0);
}

static void echo(void)
{
	char byte = 0;

	if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
		fail("pieces: the other process");
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*work)(void);
	} kinds[] = {
		{ "spin", spin },
		{ "exec", run_true },
		{ "map", map_code },
		{ "switch", echo },
	};
	long count = argc == 3 ? atol(argv[2]) : 0;
	uint64_t begun;

	for (size_t i = 0; count > 0 && i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(argv[1], kinds[i].name))
			continue;
		code = open("/bin/true", O_RDONLY);
		if (code < 0)
			fail("pieces: /bin/true");
		begin_echo();
		kinds[i].work();
		begun = now();
		while (count--)
			kinds[i].work();
		printf("%" PRIu64 "\n", now() - begun);
		return 0;
	}
	fprintf(stderr, "usage: pieces spin|exec|map|switch COUNT\n");
	return 2;
}
