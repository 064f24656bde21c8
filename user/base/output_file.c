// SPDX-License-Identifier: GPL-2.0
/*
 * Opens and closes what -o names. A full disk is noticed at the latest when
 * the last buffer is flushed, which is why closing can fail.
 */
#include "output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

static int is_stdout(const char *path)
{
	return !path || !strcmp(path, "-");
}

bool output_is_terminal(const char *path)
{
	struct stat status;
	int fd;
	bool is;

	if (is_stdout(path))
		return isatty(STDOUT_FILENO);
	/* /dev/tty, /dev/stdout, and what leads there. */
	if (stat(path, &status) || !S_ISCHR(status.st_mode))
		return false;
	fd = open(path, O_WRONLY | O_NOCTTY);
	is = fd >= 0 && isatty(fd);
	if (fd >= 0)
		close(fd);
	return is;
}

FILE *output_open(const char *path)
{
	FILE *output = is_stdout(path) ? stdout : fopen(path, "w");

	if (!output)
		error_print("%s: cannot be written: %s", path, strerror(errno));
	return output;
}

bool output_remove(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISREG(status.st_mode) && !unlink(path);
}

int output_close(FILE *output, const char *path)
{
	int failed;

	errno = 0;
	failed = ferror(output) || fflush(output);
	if (!is_stdout(path) && fclose(output))
		failed = 1;
	if (!failed)
		return EXIT_DONE;
	error_print("%s: writing failed: %s",
		    is_stdout(path) ? "standard output" : path,
		    errno ? strerror(errno) : "unknown error");
	if (!is_stdout(path))
		output_remove(path);
	return EXIT_CANNOT;
}
