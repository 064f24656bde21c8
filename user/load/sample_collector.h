/* SPDX-License-Identifier: GPL-2.0 */
/* Fills traces while the samples of a recording pass by. */
#ifndef LOAD_SAMPLE_COLLECTOR_H
#define LOAD_SAMPLE_COLLECTOR_H

#include <stdbool.h>

#include "../file/events.h"
#include "../profile/sample_table.h"
#include "../resolve/resolve.h"
#include "sample_weight.h"

struct sample_collector;

/*
 * Samples that @weigh weighs have moments, too. With columns for samples, for the time of the clock where there is one, and
 * for each event. The arguments outlive it.
 */
struct sample_collector *collector_new(struct sample_table *table,
				       struct resolver *resolver,
				       const struct recorded_events *events,
				       const struct sample_weight *weigh,
				       uint64_t period_ns);
void collector_free(struct sample_collector *collector);

/* The column of what is weighed. */
uint32_t collector_column(const struct sample_collector *collector);

/* A sample's frames, innermost first, before the sample itself. */
struct collected_frame {
	bool kernel, is_return;
	uint32_t tgid; /* of a user's */
	uint64_t address;
	const struct name *name;
};

void collector_frame(struct sample_collector *collector,
		     const struct collected_frame *frame);

/* What stands for frames that are not there, of the kernel or not. */
void collector_text(struct sample_collector *collector, const char *text,
		    bool kernel);
/* The same, but innermost, whatever was there before. */
void collector_leaf(struct sample_collector *collector, const char *text);

struct collected_sample {
	const struct dither_sample *sample;
	const struct sample_counts *counts;
	unsigned int cpu;
	double cells;		      /* of the clock, that it stands for */
	const char *process, *thread; /* their names; NULL: not known */
};

void collector_sample(struct sample_collector *collector,
		      const struct collected_sample *sample);

/* Time of which no sample is left: @weight cells that ended at @time. */
void collector_lost(struct sample_collector *collector, unsigned int cpu,
		    uint64_t time, double weight);

#endif
