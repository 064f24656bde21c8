// SPDX-License-Identifier: GPL-2.0
/*
 * An event that cannot be had is refused before anything is recorded, by name
 * and reason: a number that is missing is better than one that is wrong.
 */
#include "record_events.h"

#include <errno.h>

#include "../capture/event_spec.h"

/* The first minor version of the ABI that has events. */
#define MINOR_EVENTS 3

int record_events_add(struct record_options *options, const char *text)
{
	struct error error = { "" };

	if (!events_add(&options->events, text, EVENTS_SYSFS, &error))
		return 0;
	error_print("record: -e %s: %s", text, error.text);
	return EXIT_USAGE;
}

int record_events_clock(struct record_options *options, const char *text)
{
	struct error error = { "" };

	options->clock_given = true;
	if (!events_add_clocks(&options->events, text, EVENTS_SYSFS,
			       &options->time_wanted, &error))
		return 0;
	error_print("record: --clock %s: %s", text, error.text);
	return EXIT_USAGE;
}

int record_events_settle(struct record_options *options)
{
	struct dither_config *config = &options->config;

	events_aim(&options->events, config->period_ns);
	if (options->clock_given && !options->time_wanted)
		config->flags |= DITHER_F_NO_CLOCK;
	config->nr_events = options->events.count;
	if (options->events.count)
		config->events = (uintptr_t)options->events.event;
	else
		config->events = 0;
	return 0;
}

/* Tell of each event that was refused, and leave it out. How many? */
static unsigned int drop_refused(const struct capture_device *device,
				 struct record_options *options)
{
	bool has_pmu = device->info.features & DITHER_FEATURE_PMU;
	struct event_list *events = &options->events;
	unsigned int dropped = 0;

	for (unsigned int i = 0; i < events->count; i++)
		if (events->event[i].error)
			error_print("record: event '%s': %s", events->name[i],
				    events_refusal(&events->event[i], has_pmu));
	for (unsigned int i = events->count; i-- > 0;) {
		if (!events->event[i].error)
			continue;
		events_drop(events, i);
		dropped++;
	}
	return dropped;
}

int record_events_configure(struct capture_device *device,
			    struct record_options *options, struct error *error)
{
	struct event_list *events = &options->events;
	unsigned int dropped;
	int result;

	if (events->count && device->info.abi_minor < MINOR_EVENTS)
		return error_set(
			error, -EPROTO,
			"the module is older than this tool and knows no events");
	result = capture_configure(device, &options->config, error);
	if (result != -ENODEV || !events->count)
		return result;
	dropped = drop_refused(device, options);
	if (!dropped)
		return result;
	if (!options->allow_missing)
		return error_set(
			error, -ENODEV,
			"%u of the events cannot be had; --allow-missing goes on without them",
			dropped);
	if (options->config.flags & DITHER_F_NO_CLOCK &&
	    !events_make_samples(events))
		return error_set(
			error, -ENODEV,
			"no event is left to make samples; leave --clock out to sample by time");
	record_events_settle(options);
	return capture_configure(device, &options->config, error);
}
