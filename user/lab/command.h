/* SPDX-License-Identifier: GPL-2.0 */
/* A command's words, and what became of it. */
#ifndef LAB_COMMAND_H
#define LAB_COMMAND_H

#include "../base/error.h"

#define COMMAND_WORDS 64

struct command {
	char *words[COMMAND_WORDS + 1]; /* own copies, NULL behind the last */
	unsigned int count;
	int cpu; /* where it shall not run, if there are others; -1: anywhere */
};

void command_add(struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Forget the words. */
void command_clear(struct command *command);

/*
 * Run it, standard output and error into files, and wait. Its exit status;
 * -ECANCELED: a signal ended it, or was to end us, or -errno: it could not be
 * run.
 */
int command_run(const struct command *command, const char *output,
		const char *log, struct error *error);

#endif
