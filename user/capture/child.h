/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command that is recorded: made before the recording begins, so that its
 * process number is known, and let go afterwards.
 */
#ifndef CAPTURE_CHILD_H
#define CAPTURE_CHILD_H

#include <sys/types.h>

#include "../base/error.h"

struct child {
	pid_t pid;		/* 0: there is none */
	int gate;		/* closing it lets the child go on to exec */
	int report;		/* exec's errno comes through here */
};

int child_prepare(struct child *child, char **argv, struct error *error);

/* Let it exec; the error is exec's. */
int child_release(struct child *child, const char *name, struct error *error);

/* Never let it exec: the recording could not begin. */
void child_abandon(struct child *child);

#endif
