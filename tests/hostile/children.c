// SPDX-License-Identifier: GPL-2.0
/*
 * More children at a time than a session's filter has places for, as cheap as
 * processes can be: they share this one's memory, and wait.
 *
 * Usage: children COUNT. Exit status: 0, or 2.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK 4096

static int wait_for_the_end(void *unused)
{
	(void)unused;
	pause();
	return 0;
}

int main(int argc, char **argv)
{
	long count = argc == 2 ? atol(argv[1]) : 0, made;
	char *stacks = count > 0 ? malloc(count * STACK) : NULL;
	pid_t *children = count > 0 ? malloc(count * sizeof(*children)) : NULL;

	if (!stacks || !children)
		return 2;
	for (made = 0; made < count; made++) {
		children[made] = clone(wait_for_the_end,
				       stacks + (made + 1) * STACK,
				       CLONE_VM | SIGCHLD, NULL);
		if (children[made] < 0) {
			perror("children: clone");
			break;
		}
	}
	printf("%ld children\n", made);
	for (long i = 0; i < made; i++)
		kill(children[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	return made == count ? 0 : 2;
}
