/* SPDX-License-Identifier: GPL-2.0 */
/* Fills traces while the samples of a recording pass by. */
#ifndef CMD_TRACER_H
#define CMD_TRACER_H

#include <stdbool.h>

#include "../file/events.h"
#include "../profile/traces.h"
#include "../resolve/resolve.h"
#include "weigh.h"

struct tracer;

/*
 * With columns for samples, for the time of the clock where there is one, and
 * for each event. The arguments outlive it.
 */
struct tracer *tracer_new(struct traces *traces, struct resolver *resolver,
			  const struct recorded_events *events,
			  uint64_t period_ns);
void tracer_free(struct tracer *tracer);

/* The column of what @weigh weighs. */
uint32_t tracer_column(const struct tracer *tracer, const struct weigh *weigh);

/* A sample's frames, innermost first, before the sample itself. */
struct traced_frame {
	bool kernel, is_return;
	uint32_t tgid; /* of a user's */
	uint64_t address;
	const struct name *name;
};

void tracer_frame(struct tracer *tracer, const struct traced_frame *frame);

/* What stands for frames that are not there. */
void tracer_text(struct tracer *tracer, const char *text);

struct traced_sample {
	const struct dither_sample *sample;
	const struct sample_counts *counts;
	unsigned int cpu;
	const char *process, *thread; /* their names; NULL: not known */
};

void tracer_sample(struct tracer *tracer, const struct traced_sample *sample);

#endif
