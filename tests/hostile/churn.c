// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions, one after the other, each through a whole short life: so many that
 * whatever one of them leaves behind shows in the kernel's memory.
 *
 * Usage: churn COUNT. Exit status: 0, or 1 with what failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/image.h"
#include "lib/session.h"

/* Of each session; each of the one with so many of the other. */
#define CHILDREN 4
#define FILES 4

/* Once it may, it maps a program, some times, by an open file for each. */
static void be_child(int gate)
{
	char byte;

	if (read(gate, &byte, 1))
		_exit(1);
	for (int i = 0; i < FILES; i++) {
		int program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

		if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, program,
			 0) == MAP_FAILED)
			_exit(1);
	}
	_exit(0);
}

/* What the module sees of a process: its threads, its memory, its files. */
static int watch_child(const struct session *session)
{
	int gate[2], result = -1, status = 0;
	pid_t child;

	if (pipe2(gate, O_CLOEXEC))
		return -1;
	child = fork();
	if (!child) {
		close(gate[1]);
		be_child(gate[0]);
	}
	if (child > 0)
		result = session_snapshot(session, child);
	close(gate[0]);
	close(gate[1]);
	if (child > 0)
		waitpid(child, &status, 0);
	return status ? -1 : result;
}

/* For what all of its children have mapped. */
static int give_table(const struct session *session, uint64_t *random)
{
	static uint64_t image[IMAGE_ROOM / sizeof(uint64_t)];
	struct dither_table_image request = {
		.size = sizeof(request),
		.fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC),
		.image = (uintptr_t)image,
		.bytes = image_make(image, random, IMAGE_ANYTHING, 0, 16),
	};
	int result = ioctl(session->fd, DITHER_IOC_TABLE, &request);

	/* Sessions at the same time do the same. */
	if (result && errno == EEXIST)
		result = 0;
	close(request.fd);
	return result;
}

/* The one that ends on its own, and the one that is ended by its closing. */
static const char *live(unsigned int number)
{
	int32_t pids[] = { getpid() };
	static uint64_t random = 1;
	bool tables = number / 2 % 2;
	struct dither_config config = {
		.flags = DITHER_F_INHERIT | (tables ? DITHER_F_TABLES : 0),
		.period_ns = 1000000,
		.ring_bytes = DITHER_RING_MIN,
		.pids = number % 2 ? (uintptr_t)pids : 0,
		.nr_pids = number % 2,
	};
	struct session session;
	const char *failed = NULL;
	int error;

	error = session_open(&session, &config);
	if (error == -EOPNOTSUPP) {
		tables = false;
		config.flags &= ~DITHER_F_TABLES;
		error = session_open(&session, &config);
	}
	if (error)
		return "open";
	if (session_start(&session))
		failed = "START";
	if (!failed && tables && give_table(&session, &random))
		failed = "TABLE";
	for (int i = 0; !failed && i < CHILDREN; i++)
		if (watch_child(&session) < 0)
			failed = "a child";
	if (!failed && number % 3 && session_stop(&session))
		failed = "STOP";
	session_close(&session);
	return failed;
}

int main(int argc, char **argv)
{
	unsigned int count = argc == 2 ? atoi(argv[1]) : 0;
	const char *failed;

	if (!count) {
		fprintf(stderr, "usage: churn COUNT\n");
		return 2;
	}
	for (unsigned int i = 0; i < count; i++) {
		failed = live(i);
		if (failed) {
			printf("session %u: %s failed\n", i, failed);
			return 1;
		}
	}
	return 0;
}
