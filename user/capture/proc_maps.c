// SPDX-License-Identifier: GPL-2.0
/*
 * See proc_maps.h. Called before a recording begins by the recorder, and later
 * by the thread that compiles tables.
 */
#include "proc_maps.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/alloc.h"

static const char deleted[] = " (deleted)";

bool mapped_parse(char *line, struct mapped *mapped)
{
	unsigned int major, minor;
	char permissions[5];
	int name = 0;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %*x %x:%x %" SCNu64 " %n",
		   &mapped->start, &mapped->end, permissions, &major, &minor,
		   &mapped->inode, &name) != 6 ||
	    !name || mapped->start >= mapped->end || strlen(permissions) != 4)
		return false;
	mapped->device = (uint64_t)major << 32 | minor;
	mapped->executable = permissions[2] == 'x';
	line[strcspn(line, "\n")] = '\0';
	mapped->path = line + name;
	return true;
}

void mapped_each(pid_t pid,
		 void (*found)(void *context, pid_t pid,
			       const struct mapped *mapped),
		 void *context)
{
	struct mapped mapped;
	char *line = NULL, path[32];
	size_t room = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	if (!maps)
		return;		/* it is gone, or not ours to look at */
	while (getline(&line, &room, maps) > 0)
		if (mapped_parse(line, &mapped) && mapped.executable &&
		    mapped.inode)
			found(context, pid, &mapped);
	free(line);
	fclose(maps);
}

/*
 * Opening a device can do things, a pipe can make us wait: so look first, and
 * then open the same thing.
 */
static int open_regular(const char *path)
{
	int place = open(path, O_PATH | O_CLOEXEC), file = -1;
	struct stat status;
	char self[32];

	if (place < 0)
		return -errno;
	if (fstat(place, &status) || !S_ISREG(status.st_mode)) {
		close(place);
		return -ENOEXEC;
	}
	snprintf(self, sizeof(self), "/proc/self/fd/%d", place);
	file = open(self, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file < 0)
		file = -errno;
	close(place);
	return file;
}

static bool is_deleted(const char *path)
{
	size_t length = strlen(path), suffix = sizeof(deleted) - 1;

	return length > suffix && !strcmp(path + length - suffix, deleted);
}

int mapped_open(pid_t pid, uint64_t start, uint64_t end, const char *path)
{
	char link[80], *inside;
	int file = -ENOENT;

	if (pid) {
		snprintf(link, sizeof(link),
			 "/proc/%d/map_files/%" PRIx64 "-%" PRIx64, pid, start,
			 end);
		file = open_regular(link);
	}
	if (file >= 0 || file == -ENOEXEC || *path != '/' || is_deleted(path))
		return file;
	if (pid) {
		inside = alloc_format("/proc/%d/root%s", pid, path);
		file = open_regular(inside);
		free(inside);
	}
	return file >= 0 ? file : open_regular(path);
}
