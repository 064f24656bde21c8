/* SPDX-License-Identifier: GPL-2.0 */
/* The first line of a sample in `perf script` text. */
#ifndef PROFILE_PERF_HEADER_H
#define PROFILE_PERF_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Pieces of the line, which lives on. */
struct perf_header {
	const char *comm, *event, *rest; /* rest: what follows the event */
	size_t comm_length, event_length, rest_length;
	uint32_t pid, tid, cpu;
	bool has_pid, has_cpu, has_time, has_period;
	uint64_t time; /* ns */
	uint64_t period;
};

/*
 * "comm pid/tid [cpu] time: period event: …", of which perf may have been told
 * to leave out anything but comm and tid. The comm may hold blanks and numbers
 * and be empty. False: it is none.
 */
bool perf_header_parse(const char *text, size_t length,
		       struct perf_header *header);

/* Whether it is a record of perf's own that is no sample. */
bool perf_header_is_record(const struct perf_header *header);

#endif
