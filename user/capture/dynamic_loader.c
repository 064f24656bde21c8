// SPDX-License-Identifier: GPL-2.0
/*
 * See dynamic_loader.h. The loader is the one that the program names, and it
 * would be run with the program anyway.
 */
#include "dynamic_loader.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../base/alloc.h"

#define LIST_MAX (256U << 10) /* bytes */
#define LIMIT_MS 2000

/* "\tNAME => PATH (0xADDRESS)" or "\tPATH (0xADDRESS)"; NULL: neither. */
static const char *path_of(char *line)
{
	const char *path = line + strspn(line, " \t");
	char *end = NULL, *arrow;

	for (char *at = line; (at = strstr(at, " (0x")); at++)
		end = at;
	if (!end)
		return NULL;
	*end = '\0';
	arrow = strstr(path, " => ");
	if (arrow)
		path = arrow + 4;
	return strchr(path, '/') ? path : NULL;
}

void loader_parse(char *text, loader_found *found, void *context)
{
	char *line;

	while ((line = strsep(&text, "\n"))) {
		const char *path = path_of(line);

		if (path)
			found(context, path);
	}
}

/* ld-linux-x86-64.so.2, ld-musl-aarch64.so.1, ld64.so.2, ld.so.1. */
static bool is_loader(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	return !strncmp(name, "ld-", 3) || !strncmp(name, "ld64.so", 7) ||
	       !strncmp(name, "ld.so", 5);
}

static pid_t spawn(const char *loader, const char *program, int output)
{
	char *const argv[] = { (char *)loader, "--list", (char *)program,
			       NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, ignored;
	pid_t pid;
	int code;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, output, 1);
	posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_init(&attributes);
	/* The recorder blocks and ignores signals for its own ends. */
	sigemptyset(&none);
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGXFSZ);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &ignored);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
						      POSIX_SPAWN_SETSIGDEF);
	code = posix_spawn(&pid, loader, &files, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return code ? 0 : pid;
}

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* All that comes, while there is time and room. */
static void read_list(int input, char *text, size_t room)
{
	struct pollfd wait = { .fd = input, .events = POLLIN };
	int64_t until = milliseconds() + LIMIT_MS, left = LIMIT_MS;
	size_t length = 0;

	while (left > 0 && length < room && poll(&wait, 1, (int)left) > 0) {
		ssize_t got = read(input, text + length, room - length);

		if (got <= 0)
			break;
		length += (size_t)got;
		left = until - milliseconds();
	}
}

void loader_list(const char *loader, const char *program, loader_found *found,
		 void *context)
{
	int ends[2];
	char *text;
	pid_t pid;

	if (!is_loader(loader) || pipe2(ends, O_CLOEXEC))
		return;
	pid = spawn(loader, program, ends[1]);
	close(ends[1]);
	if (!pid) {
		close(ends[0]);
		return;
	}
	text = alloc_zeroed(1, LIST_MAX + 1);
	read_list(ends[0], text, LIST_MAX);
	close(ends[0]);
	/* It has said what it had to say, or takes too long to. */
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	loader_parse(text, found, context);
	free(text);
}
