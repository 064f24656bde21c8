/* SPDX-License-Identifier: GPL-2.0 */
/* A command's result: a file that is whole, or none. */
#ifndef BASE_OUTPUT_FILE_H
#define BASE_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

/* Whether what goes to @path, NULL and "-" being standard output, is shown. */
bool output_is_terminal(const char *path);

/* @path NULL or "-": standard output. NULL after a message. */
FILE *output_open(const char *path);

/*
 * Flush and close. When anything could not be written, say so, remove the
 * file and return EXIT_CANNOT, else EXIT_DONE.
 */
int output_close(FILE *output, const char *path);

/* What is not whole. False: a device or pipe, which is not ours to remove. */
bool output_remove(const char *path);

#endif
