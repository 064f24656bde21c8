/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inputs for the tests of user/resolve: a directory of their own, programs
 * built there, and what the usual tools say of them.
 */
#ifndef RESOLVE_INPUTS_H
#define RESOLVE_INPUTS_H

#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char inputs_directory[64];

static inline int inputs_remove(const char *path, const struct stat *status,
				int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline void inputs_clean(void)
{
	if (inputs_directory[0])
		nftw(inputs_directory, inputs_remove, 16,
		     FTW_DEPTH | FTW_PHYS);
}

/* A directory that goes away with the program; it becomes the current one. */
static inline void inputs_begin(void)
{
	if (inputs_directory[0])
		return;
	strcpy(inputs_directory, "/tmp/dither-test.XXXXXX");
	if (!mkdtemp(inputs_directory) || chdir(inputs_directory)) {
		perror("mkdtemp");
		exit(2);
	}
	atexit(inputs_clean);
}

/* The exit status of a shell command in that directory. */
__attribute__((format(printf, 1, 2)))
static inline int inputs_shell(const char *format, ...)
{
	char command[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	return system(command);
}

static inline void inputs_write(const char *path, const void *bytes,
				size_t length)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(bytes, 1, length, file) != length ||
	    fclose(file)) {
		perror(path);
		exit(2);
	}
}

/* The whole file, NUL-terminated, to be freed. */
static inline char *inputs_read(const char *path, size_t *length)
{
	FILE *file = fopen(path, "r");
	char *bytes = NULL;
	long size;

	if (file && !fseek(file, 0, SEEK_END) && (size = ftell(file)) >= 0) {
		rewind(file);
		bytes = calloc(1, (size_t)size + 1);
		if (bytes &&
		    fread(bytes, 1, (size_t)size, file) != (size_t)size)
			exit(2);
		*length = (size_t)size;
	}
	if (!bytes) {
		perror(path);
		exit(2);
	}
	fclose(file);
	return bytes;
}

#endif
