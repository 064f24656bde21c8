/* SPDX-License-Identifier: GPL-2.0 */
/* How `perf script` text is to be read, and what was found in it. */
#ifndef TEXT_PERF_OPTIONS_H
#define TEXT_PERF_OPTIONS_H

#include <stdbool.h>

#include "../profile/problems.h"
#include "../profile/sample_table.h"
#include "../profile/sample_times.h"
#include "parallel.h"

#define PERF_SCRIPT_EVENTS 64U
#define PERF_SCRIPT_EVENTS_PROBLEM "more than %u different events"
#define PERF_SCRIPT_EVENT_NAME 64U /* bytes, terminated; longer ones are cut */
#define PERF_SCRIPT_DEPTH_MAX 65536U

struct perf_script_options {
	const char *event;     /* NULL: all */
	bool samples;	       /* each counts one, not its period */
	bool pid, tid, cpu;    /* a root frame for each */
	bool mangled;	       /* symbols as perf printed them */
	bool modules;	       /* frames are "name\tmodule", no roots */
	struct sample_times *times; /* NULL: not wanted */
	/* NULL: not wanted; with .modules only, and read by one thread. */
	struct sample_table *table;
	struct parallel parallel;
};

struct perf_script_event {
	char name[PERF_SCRIPT_EVENT_NAME];
	uint64_t samples;
	uint64_t period; /* of every sample; 0: not known, or it varies */
	uint32_t column; /* of .traces */
};

struct perf_script_summary {
	uint64_t samples; /* that went into the profile */
	uint64_t other;	  /* records that are no samples, left out */
	bool all_periods; /* every sample told its period */
	bool no_comm;	  /* perf did not print threads' names, */
	bool no_objects;  /* … nor the files of frames */
	bool all_times;	  /* every sample said when it was: */
	uint64_t first_time, last_time; /* ns */
	struct perf_script_event events[PERF_SCRIPT_EVENTS];
	unsigned int event_count; /* in the order of their first sample */
	struct problems problems;
};

#endif
