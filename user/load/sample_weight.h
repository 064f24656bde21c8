/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a sample counts for in a profile: time, events of one kind, or itself.
 */
#ifndef LOAD_SAMPLE_WEIGHT_H
#define LOAD_SAMPLE_WEIGHT_H

#include "../file/events.h"

enum weigh_by {
	WEIGH_TIME,  /* samples of the clock, in cells */
	WEIGH_EVENT, /* the events .event */
	WEIGH_ALL,   /* every sample once, whatever made it */
};

struct sample_weight {
	enum weigh_by by;
	int event;
	bool from_counts; /* they are counted, not sampled */
};

/*
 * @wanted: an event's name, "time", "all", or NULL: time, or where there was
 * no clock the first event that made samples. -EINVAL: there is none such.
 */
int sample_weight_choose(const struct recorded_events *events,
			 const char *wanted, struct sample_weight *weigh,
			 struct error *error);

/* False: it has no place among those of this kind. */
bool sample_weight_of(const struct sample_weight *weigh,
		      const struct sample_counts *counts, double *weight);

/* "samples", "cycles": what weights count, for a picture. */
const char *sample_weight_unit(const struct sample_weight *weigh,
			       const struct recorded_events *events);

#endif
