// SPDX-License-Identifier: GPL-2.0
/* See truth.h. */
#include "truth.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE 256

/* Whether the line is right: one of another kind is, too. */
static bool read_line(const char *line, struct truth *truth)
{
	unsigned int at = truth->count;
	int end = 0;

	if (strncmp(line, "truth ", 6) != 0)
		return true;
	if (sscanf(line, "truth window %" SCNu64 " %" SCNu64 " %n",
		   &truth->begin, &truth->end, &end) == 2)
		return !line[end] && truth->begin < truth->end;
	if (at == SUBJECT_FUNCTIONS ||
	    sscanf(line, "truth %31s %" SCNu64 " %n", truth->functions[at].name,
		   &truth->functions[at].ns, &end) != 2)
		return false;
	truth->count++;
	return !line[end];
}

int truth_read(const char *path, struct truth *truth, struct error *error)
{
	FILE *file = fopen(path, "re");
	unsigned int number = 0;
	char line[LINE];
	int code = 0;

	memset(truth, 0, sizeof(*truth));
	if (!file)
		return error_set(error, -errno, "%s: %s", path,
				 strerror(errno));
	while (!code && fgets(line, sizeof(line), file)) {
		number++;
		if (!read_line(line, truth))
			code = error_set(
				error, -EINVAL,
				"%s:%u: neither a window nor a function's time",
				path, number);
	}
	if (!code && ferror(file))
		code = error_set(error, -EIO, "%s: %s", path, strerror(EIO));
	fclose(file);
	if (!code && (!truth->end || !truth->count))
		code = error_set(error, -EINVAL,
				 "%s: no window, or no function in it", path);
	return code;
}
