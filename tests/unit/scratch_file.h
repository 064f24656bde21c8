/* SPDX-License-Identifier: GPL-2.0 */
/* One file for a test program to write to and read again. */
#ifndef SCRATCH_FILE_H
#define SCRATCH_FILE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline const char *file_path(void);

static inline void remove_file(void)
{
	unlink(file_path());
}

/* The file of this test program; removed when it ends. */
static inline const char *file_path(void)
{
	static char path[] = "/tmp/dither-test-XXXXXX";
	static bool made;
	int fd;

	if (made)
		return path;
	fd = mkstemp(path);
	if (fd < 0) {
		perror(path);
		exit(2);
	}
	close(fd);
	made = true;
	atexit(remove_file);
	return path;
}

#endif
