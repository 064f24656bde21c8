/* SPDX-License-Identifier: GPL-2.0 */
/* The files that a command will be run from, before it is run. */
#ifndef CAPTURE_COMMAND_FILES_H
#define CAPTURE_COMMAND_FILES_H

#include <stddef.h>

/* Called for each file's absolute path. */
typedef void program_found(void *context, const char *path);

/*
 * Tell the program of the command @name (looked up as execvp() does; of a
 * script the interpreter), its loader, and the libraries that this will load.
 * What cannot be found out is left out.
 */
void program_files(const char *name, program_found *found, void *context);

/*
 * Of a script's first line, "#! INTERPRETER [ARGUMENT]", without the "#!": the
 * program that will run, or NULL. env(1) stands for what it runs. @line is
 * changed.
 */
const char *program_interpreter(char *line);

#endif
