/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files that processes have mapped to run: the lines of /proc/PID/maps, and
 * opening the file behind one.
 */
#ifndef CAPTURE_PROC_MAPS_H
#define CAPTURE_PROC_MAPS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct mapped {
	uint64_t start, end;
	uint64_t device;	/* for comparison only */
	uint64_t inode;		/* 0: not a file */
	bool executable;
	const char *path;	/* in the line; "": has no name */
};

/* Take @line apart, which is changed. False: not a line of maps. */
bool mapped_parse(char *line, struct mapped *mapped);

/* Call @found for each executable mapping of a file in @pid. */
void mapped_each(pid_t pid,
		 void (*found)(void *context, pid_t pid,
			       const struct mapped *mapped),
		 void *context);

/*
 * Open for reading what @pid has mapped from @start to @end, known there as
 * @path: the very file, even a deleted one, where the kernel lets us; else
 * what has that name in its file system, else in ours. With @pid 0 only the
 * last. Regular files only; nothing else is opened at all.
 *
 * Returns a descriptor, or a negative errno.
 */
int mapped_open(pid_t pid, uint64_t start, uint64_t end, const char *path);

#endif
