/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events by the names that perf has for them: what a person writes becomes
 * what the module is asked for, and what it answers a sentence.
 */
#ifndef CAPTURE_EVENT_SPEC_H
#define CAPTURE_EVENT_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "../../include/dither/abi.h"
#include "../base/error.h"

/* Where the kernel tells of its PMUs. */
#define EVENTS_SYSFS "/sys/bus/event_source/devices"

struct event_list {
	struct dither_event event[DITHER_COUNTERS_MAX];
	char *name[DITHER_COUNTERS_MAX]; /* as it was given */
	unsigned int count;
};

/*
 * Add the events of @text, "cycles,cpu/event=0x3c,umask=1/u,r1a8:k", to be
 * counted. One that is there already is not added again. -EINVAL: one is not
 * known, or they are too many.
 */
int events_add(struct event_list *list, const char *text, const char *sysfs,
	       struct error *error);

/*
 * Add what is to make samples, "time,cycles:1000000": *time is set by the word
 * "time"; an event without a period waits for events_aim().
 * An event that is only counted so far is so no longer.
 */
int events_add_clocks(struct event_list *list, const char *text,
		      const char *sysfs, bool *time, struct error *error);

/* Events that make samples but have no period are to do so every @ns. */
void events_aim(struct event_list *list, unsigned long long ns);

/* Whether any makes samples. */
bool events_make_samples(const struct event_list *list);

/* Leave event @number out. */
void events_drop(struct event_list *list, unsigned int number);

void events_free(struct event_list *list);

/*
 * Why the module refused @event, to follow its name. @has_pmu: whether there
 * are hardware counters at all.
 */
const char *events_refusal(const struct dither_event *event, bool has_pmu);

#endif
