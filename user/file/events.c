// SPDX-License-Identifier: GPL-2.0
/* The other half of what capture_write_events() and the module write. */
#include "events.h"

#include <linux/perf_event.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *find(const struct recording *recording, unsigned int number,
			const char *what)
{
	char key[48];

	snprintf(key, sizeof(key), "event.%u%s", number, what);
	return recording_meta(recording, key);
}

static uint64_t find_number(const struct recording *recording,
			    unsigned int number, const char *what)
{
	const char *text = find(recording, number, what);

	return text ? strtoull(text, NULL, 10) : 0;
}

/* By what the kernel was asked for: names are anybody's. */
static enum event_role role_of(const struct recording *recording,
			       unsigned int number)
{
	const char *text = find(recording, number, ".perf");
	unsigned long long type = PERF_TYPE_MAX, config = 0;

	if (!text || sscanf(text, "%llx:%llx", &type, &config) != 2 ||
	    type != PERF_TYPE_HARDWARE)
		return EVENT_OTHER;
	if (config == PERF_COUNT_HW_CPU_CYCLES)
		return EVENT_CYCLES;
	if (config == PERF_COUNT_HW_INSTRUCTIONS)
		return EVENT_INSTRUCTIONS;
	return EVENT_OTHER;
}

void events_read(const struct recording *recording,
		 struct recorded_events *events)
{
	const char *clock = recording_meta(recording, "clock");
	const char *name;

	*events = (struct recorded_events){
		.time = !clock || strcmp(clock, "events") != 0,
	};
	while (events->count < DITHER_COUNTERS_MAX &&
	       (name = find(recording, events->count + 1, ""))) {
		struct recorded_event *event = &events->event[events->count];

		events->count++;
		event->name = name;
		event->role = role_of(recording, events->count);
		event->period =
			find_number(recording, events->count, ".period");
		event->target_ns =
			find_number(recording, events->count, ".target_ns");
	}
}

int events_find(const struct recorded_events *events, const char *name)
{
	for (unsigned int i = 0; i < events->count; i++)
		if (!strcmp(events->event[i].name, name))
			return (int)i;
	return -1;
}

int events_with_role(const struct recorded_events *events, enum event_role role)
{
	for (unsigned int i = 0; i < events->count; i++)
		if (events->event[i].role == role)
			return (int)i;
	return -1;
}

int events_leader(const struct recorded_events *events)
{
	for (unsigned int i = 0; !events->time && i < events->count; i++)
		if (events->event[i].period)
			return (int)i;
	return -1;
}

static void take_values(const struct recorded_events *events,
			const __u64 *values, struct sample_counts *counts)
{
	counts->counted = true;
	counts->known = true;
	counts->ns = values[0];
	for (unsigned int i = 0; i < events->count; i++) {
		__u64 value = values[1 + i];

		counts->value[i] =
			value == DITHER_COUNT_UNKNOWN ? NAN : (double)value;
		counts->known &= value != DITHER_COUNT_UNKNOWN;
	}
}

bool events_of_sample(const struct recorded_events *events,
		      const struct dither_sample *sample,
		      struct sample_counts *counts)
{
	unsigned int all = 1 + events->count;

	*counts = (struct sample_counts){
		.event = sample->event - 1,
		.weight = ldexp(1, sample->shift < DITHER_SHIFT_MAX ?
					   sample->shift :
					   DITHER_SHIFT_MAX),
	};
	if (!sample->event) {
		if (events->count && sample->counters >= all)
			take_values(events, sample->counter, counts);
		return true;
	}
	if (sample->event > events->count || sample->counters < 2)
		return false;
	counts->weight = (double)sample->counter[0];
	counts->since = sample->counter[1];
	if (sample->counters >= 2 + all)
		take_values(events, sample->counter + 2, counts);
	return true;
}
