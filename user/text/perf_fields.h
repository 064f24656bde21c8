/* SPDX-License-Identifier: GPL-2.0 */
/* The fields of the first line of a sample in `perf script` text. */
#ifndef TEXT_PERF_FIELDS_H
#define TEXT_PERF_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a first line is recognised by. */
enum perf_mark {
	PERF_MARK_TIME,	 /* "1234.567890:" */
	PERF_MARK_EVENT, /* no time, but "cycles:" behind a number */
	PERF_MARK_IDS,	 /* neither, but the thread's number at its end */
};

/*
 * Which fields perf was told to print, as far as a line alone does not tell:
 * the same for all first lines of a text. See perf_layout.h.
 */
struct perf_fields {
	enum perf_mark mark; /* lines with this one, and with those before it */
	bool no_comm, no_tid;
	bool latency; /* perf script -L: the CPU has no brackets */
};

/* Pieces of the line, which must stay. */
struct perf_header {
	const char *comm, *event, *rest; /* rest: what follows the event */
	size_t comm_length, event_length, rest_length;
	uint32_t pid, tid, cpu;
	bool has_comm, has_pid, has_tid, has_cpu, has_time, has_period;
	uint64_t time; /* ns */
	uint64_t period;
};

#endif
