// SPDX-License-Identifier: GPL-2.0
/*
 * Two ways: the child waits at one for permission, and reports through the
 * other, which exec closes, when the command cannot be executed. The first is
 * a socket, since writing to a pipe whose child is gone would be the end of
 * the recorder, too.
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(char **argv, int gate, int report)
{
	sigset_t none;
	char go;
	int code;

	/* The recorder blocks signals that it reads from a descriptor. */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (read(gate, &go, 1) != 1)
		_exit(127);
	execvp(argv[0], argv);
	code = errno;
	if (write(report, &code, sizeof(code)) < 0)
		_exit(126);
	_exit(127);
}

int child_prepare(struct child *child, char **argv, struct error *error)
{
	int gate[2], report[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, gate))
		return error_set(error, -errno, "socketpair: %s",
				 strerror(errno));
	if (pipe2(report, O_CLOEXEC)) {
		close(gate[0]);
		close(gate[1]);
		return error_set(error, -errno, "pipe: %s", strerror(errno));
	}
	child->pid = fork();
	if (!child->pid) {
		close(gate[1]);
		close(report[0]);
		become(argv, gate[0], report[1]);
	}
	close(gate[0]);
	close(report[1]);
	child->gate = gate[1];
	child->report = report[0];
	if (child->pid < 0) {
		child->pid = 0;
		close(child->gate);
		close(child->report);
		return error_set(error, -errno, "fork: %s", strerror(errno));
	}
	return 0;
}

int child_release(struct child *child, const char *name, struct error *error)
{
	ssize_t length;
	int code = 0;

	/* When it fails, the child is gone, and waiting for it will tell. */
	if (send(child->gate, "", 1, MSG_NOSIGNAL) < 0)
		error_set(error, -errno, "%s: %s", name, strerror(errno));
	close(child->gate);
	do {
		length = read(child->report, &code, sizeof(code));
	} while (length < 0 && errno == EINTR);
	close(child->report);
	if (length != sizeof(code))
		return 0;
	waitpid(child->pid, NULL, 0);
	child->pid = 0;
	return error_set(error, -code, "%s: %s", name, strerror(code));
}

void child_abandon(struct child *child)
{
	if (!child->pid)
		return;
	close(child->gate);
	close(child->report);
	waitpid(child->pid, NULL, 0);
	child->pid = 0;
}
