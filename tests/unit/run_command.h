/* SPDX-License-Identifier: GPL-2.0 */
/* A command in a process of its own, and what it says. */
#ifndef RUN_COMMAND_H
#define RUN_COMMAND_H

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch_file.h"

/*
 * Run @command with these words, up to a NULL. What it wrote to stdout and
 * stderr goes to @text. Returns its exit code, -1 if it crashed.
 */
static inline int run_command(int (*command)(int, char **), char *text,
			      size_t room, ...)
{
	const char *path = file_path(); /* the child would make another */
	char *argv[16];
	int argc = 0, status, fd;
	va_list words;
	ssize_t length;
	pid_t child;

	va_start(words, room);
	while ((argv[argc] = va_arg(words, char *)))
		argc++;
	va_end(words);
	fflush(NULL);
	child = fork();
	if (!child) {
		fd = open(path, O_CREAT | O_TRUNC | O_RDWR, 0600);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		status = command(argc, argv);
		fflush(NULL);
		_exit(status);
	}
	waitpid(child, &status, 0);
	fd = open(path, O_RDONLY);
	length = read(fd, text, room - 1);
	text[length > 0 ? length : 0] = '\0';
	close(fd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
