/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The events of a recording, by its metadata, and what samples tell of them.
 */
#ifndef FILE_EVENTS_H
#define FILE_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "recording.h"

/* What two events a ratio is made of. */
enum event_role { EVENT_OTHER, EVENT_CYCLES, EVENT_INSTRUCTIONS };

struct recorded_event {
	const char *name; /* lives as long as the recording */
	enum event_role role;
	uint64_t period;    /* 0: counted only */
	uint64_t target_ns; /* 0: the period was fixed */
};

struct recorded_events {
	struct recorded_event event[DITHER_COUNTERS_MAX];
	unsigned int count;
	bool time; /* there are samples of the clock, too */
};

/* Without any such metadata: samples of the clock alone. */
void events_read(const struct recording *recording,
		 struct recorded_events *events);

/* The place of the event called @name, or with that role; -1: there is none. */
int events_find(const struct recorded_events *events, const char *name);
int events_with_role(const struct recorded_events *events,
		     enum event_role role);

/* The event whose samples carry the counts where no clock runs, or -1. */
int events_leader(const struct recorded_events *events);

/* What a sample says in numbers. */
struct sample_counts {
	int event;	/* that made it, or -1: the clock */
	double weight;	/* in force; of the clock: cells of the base period */
	uint64_t since; /* the event's last sample, events */
	bool counted;	/* .value and .ns are there */
	bool known;	/* … all of them */
	uint64_t ns;
	double value[DITHER_COUNTERS_MAX]; /* NAN: not known */
};

/* False: an event that the metadata does not know, or values that lack. */
bool events_of_sample(const struct recorded_events *events,
		      const struct dither_sample *sample,
		      struct sample_counts *counts);

#endif
