// SPDX-License-Identifier: GPL-2.0
/* See command.h. */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../base/alloc.h"

#define CANNOT_RUN 127
#define CAUGHT 3

static const int caught_signals[CAUGHT] = { SIGINT, SIGTERM, SIGHUP };
static volatile sig_atomic_t caught;

void command_add(struct command *command, const char *format, ...)
{
	va_list args;
	char *word;

	va_start(args, format);
	if (command->count == COMMAND_WORDS ||
	    vasprintf(&word, format, args) < 0)
		abort();
	va_end(args);
	command->words[command->count++] = word;
	command->words[command->count] = NULL;
}

void command_clear(struct command *command)
{
	while (command->count)
		free(command->words[--command->count]);
	command->words[0] = NULL;
}

/* With one CPU there is no other. */
static void leave_cpu(int cpu)
{
	cpu_set_t set;

	if (cpu < 0 || sched_getaffinity(0, sizeof(set), &set))
		return;
	CPU_CLR((unsigned int)cpu, &set);
	if (CPU_COUNT(&set))
		sched_setaffinity(0, sizeof(set), &set);
}

static void send_to(const char *path, int descriptor)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (file < 0 || dup2(file, descriptor) < 0)
		_exit(CANNOT_RUN);
}

static void become(const struct command *command, const char *output,
		   const char *log)
{
	int none = open("/dev/null", O_RDONLY | O_CLOEXEC);

	send_to(log, STDERR_FILENO);
	send_to(output, STDOUT_FILENO);
	if (none < 0 || dup2(none, STDIN_FILENO) < 0)
		_exit(CANNOT_RUN);
	leave_cpu(command->cpu);
	execvp(command->words[0], command->words);
	dprintf(STDERR_FILENO, "%s: %s\n", command->words[0], strerror(errno));
	_exit(CANNOT_RUN);
}

static void catch (int signal)
{
	caught = signal;
}

/* What is ignored stays so; whoever is executed has the defaults. */
static void catch_signals(struct sigaction before[CAUGHT])
{
	const struct sigaction action = { .sa_handler = catch };

	caught = 0;
	for (int i = 0; i < CAUGHT; i++) {
		sigaction(caught_signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(caught_signals[i], &action, NULL);
	}
}

static void restore_signals(const struct sigaction before[CAUGHT])
{
	for (int i = 0; i < CAUGHT; i++)
		sigaction(caught_signals[i], &before[i], NULL);
}

/* A terminal tells all of them; of the others only we know. */
static int wait_for(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
		if (caught && caught != SIGINT)
			kill(pid, caught);
	}
	return 0;
}

int command_run(const struct command *command, const char *output,
		const char *log, struct error *error)
{
	struct sigaction before[CAUGHT];
	int status, code;
	pid_t pid;

	fflush(NULL);
	catch_signals(before);
	pid = fork();
	code = pid < 0 ? -errno : 0;
	if (!pid)
		become(command, output, log);
	if (!code)
		code = wait_for(pid, &status);
	restore_signals(before);
	if (code)
		return error_set(error, code, "%s: %s", command->words[0],
				 strerror(-code));
	if (caught)
		return error_set(error, -ECANCELED, "%s: %s", command->words[0],
				 strsignal(caught));
	if (WIFSIGNALED(status))
		return error_set(error, -ECANCELED, "%s: %s", command->words[0],
				 strsignal(WTERMSIG(status)));
	return WEXITSTATUS(status);
}
