// SPDX-License-Identifier: GPL-2.0
/* Processes that live for some milliseconds each. */
#include "lies.h"

#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../unit/random_numbers.h"
#include "../lib/tally.h"

int lies_bred(void)
{
	static const char *const libraries[] = { "libm.so.6", "libresolv.so.2",
						 "libutil.so.1" };

	for (int i = 0; i < 6; i++) {
		void *library = dlopen(libraries[i % 3], RTLD_NOW | RTLD_LOCAL);

		if (library)
			dlclose(library);
	}
	return 0;
}

static void be_child(uint64_t kind)
{
	switch (kind) {
	case 0:
		execl("/proc/self/exe", "tables", "bred", (char *)NULL);
		_exit(1);
	case 1:
		lies_bred();
		_exit(0);
	case 2:
		if (!fork())
			execl("/bin/true", "true", (char *)NULL);
		_exit(0);
	}
	_exit(0);
}

void lies_breed(struct lies *lies)
{
	while (!*lies->stop) {
		uint64_t kind = random_below(&lies->random, 4);
		int status = 0;
		pid_t child = fork();

		if (!child)
			be_child(kind);
		if (child < 0 || waitpid(child, &status, 0) != child || status)
			tally_fail("a child ended with status %#x", status);
		lies->count->processes++;
	}
}
