/* SPDX-License-Identifier: GPL-2.0 */
/* From perf-script text to the chunks of a recording. */
#ifndef TEXT_PERF_IMPORT_H
#define TEXT_PERF_IMPORT_H

#include <stdbool.h>

#include "../file/writer.h"
#include "perf_script.h"

struct perf_import_summary {
	uint64_t samples; /* in the recording */
	uint64_t other;	  /* records that are no samples, left out */
	bool all_times;	  /* every sample said when it was: */
	uint64_t first_time, last_time; /* ns */
	struct problems problems;
	bool unwritten; /* the error is the writer's, not the lines' */
};

/* All samples that perf_script_read() reads, in their order. */
int perf_import(struct lines *lines, struct writer *writer,
		struct perf_import_summary *summary, struct error *error);

#endif
