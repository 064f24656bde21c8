/* SPDX-License-Identifier: GPL-2.0 */
/* Fills traces from perf-script text; called by its reader only. */
#ifndef TEXT_PERF_SAMPLES_H
#define TEXT_PERF_SAMPLES_H

#include "../profile/sample_table.h"
#include "perf_header.h"
#include "perf_symbol.h"

struct perf_traces;

/* With a column for samples; @traces outlives it. */
struct perf_traces *perf_traces_new(struct sample_table *table);
void perf_traces_free(struct perf_traces *perf);

/*
 * What the frames whose number is the next one, from 0 on, have in common:
 * their name and file. @name: as perf_symbol_frame() has it with modules.
 */
void perf_traces_frame(struct perf_traces *perf,
		       const struct perf_symbol *symbol, const char *name,
		       size_t length);

/*
 * The column of a new event, by whether its samples tell periods; clocks are
 * in nanoseconds.
 */
uint32_t perf_traces_event(struct perf_traces *perf, const char *name,
			   bool has_period);

/* The frame @number at @address of the sample at hand; innermost first. */
void perf_traces_push(struct perf_traces *perf, uint32_t number,
		      uint64_t address);
/* Forget the frames that were pushed. */
void perf_traces_clear(struct perf_traces *perf);

/*
 * The sample that has been pushed; its header's event is that of @column.
 * @time: 0: not known.
 */
void perf_traces_sample(struct perf_traces *perf,
			const struct table_labels *labels, uint32_t column,
			double period, uint64_t time);

/* The comm is the thread's; the process's is not told. */
void perf_traces_labels(struct perf_traces *perf,
			const struct perf_header *header,
			struct table_labels *labels);

#endif
