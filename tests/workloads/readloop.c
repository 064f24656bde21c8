// SPDX-License-Identifier: GPL-2.0
/*
 * Reads /dev/zero in a loop from a function of its own, so that its kernel
 * stacks are those of read(), and their callers known. Usage: readloop SECONDS
 *
 * It yields now and then: the kernel patches its code when each task has done
 * so or was seen in user mode, where this one hardly ever is.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static char buffer[64 << 10];

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec * 1e-9;
}

__attribute__((noinline)) static long read_many(int fd)
{
	long total = 0;

	for (int i = 0; i < 200; i++)
		total += read(fd, buffer, sizeof(buffer));
	return total;
}

int main(int argc, char **argv)
{
	int fd = open("/dev/zero", O_RDONLY);
	double end;

	if (argc != 2 || fd < 0)
		return 2;
	end = now() + atof(argv[1]);
	while (now() < end) {
		if (read_many(fd) <= 0)
			return 1;
		sched_yield();
	}
	return 0;
}
