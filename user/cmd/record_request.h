/* SPDX-License-Identifier: GPL-2.0 */
/* What `dither record` is to record, and how. */
#ifndef CMD_RECORD_REQUEST_H
#define CMD_RECORD_REQUEST_H

#include <stdbool.h>

#include "../../include/dither/abi.h"
#include "../capture/event_spec.h"

#define RECORD_CPUS_MAX 8192

/* How user stacks are to be walked. */
enum record_unwind {
	RECORD_UNWIND_BEST,		/* by tables, if the module can */
	RECORD_UNWIND_TABLES,
	RECORD_UNWIND_FRAME_POINTERS,
};

struct record_options {
	struct dither_config config;	/* points into this structure */
	int pids[DITHER_PIDS_MAX];
	unsigned char cpumask[RECORD_CPUS_MAX / 8];
	const char *output;
	double duration;		/* seconds; 0: no end */
	bool system_wide;		/* -a */
	enum record_unwind unwind;
	struct event_list events;
	bool clock_given;		/* --clock, */
	bool time_wanted;		/* … and the time is part of it */
	bool allow_missing;
	bool quiet;
	char **command;			/* NULL: none */
};

#endif
