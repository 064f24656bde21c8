/* SPDX-License-Identifier: GPL-2.0 */
/* Which ratios the events of a recording allow, by what a person calls them. */
#ifndef LOAD_EVENT_RATIOS_H
#define LOAD_EVENT_RATIOS_H

#include "../file/events.h"

#define EVENT_RATIOS_MAX (DITHER_COUNTERS_MAX + 1)

struct event_ratio {
	char name[64];	   /* "IPC", "CPI", "cache-misses/1k" */
	unsigned int a, b; /* events: a over b, times .scale */
	double scale;
	bool more_is_better;
};

/*
 * IPC and CPI, and for every other event how many come with 1000 instructions,
 * or, where those were not counted, with a million cycles. Returns how many.
 */
unsigned int event_ratios(const struct recorded_events *events,
			  struct event_ratio ratios[EVENT_RATIOS_MAX]);

/*
 * The one called @wanted, "ipc" or "miss:EVENT". -EINVAL, with a sentence on
 * what the recording lacks for it.
 */
int event_ratio_choose(const struct recorded_events *events, const char *wanted,
		       struct event_ratio *ratio, struct error *error);

#endif
