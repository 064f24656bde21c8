/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The FORK, COMM, EXIT, MAP, DROPPED, FORGET and CODE records of all CPUs, in the
 * order in which they take effect: by their time, but those of a snapshot where
 * they belong.
 */
#ifndef FILE_PROCESSES_H
#define FILE_PROCESSES_H

#include "recording.h"

struct process_record {
	uint64_t effective;		    /* time from which it holds */
	const struct dither_record *record; /* in the file */
	uint64_t file_offset;
	uint16_t size;
	uint16_t cpu;

	/* For the sorting: */
	uint64_t own_time;
	size_t number; /* as gathered: by CPU, in ring order */
	size_t place;  /* see processes.c */
	int snapshot;
};

/* The records, to be freed, and their number. */
struct process_record *processes_gather(struct recording *recording,
					size_t *count);

/*
 * What is wrong inside a process record of a sound size (a text that is not
 * terminated), or NULL.
 */
const char *processes_problem(const struct dither_record *record);

#endif
