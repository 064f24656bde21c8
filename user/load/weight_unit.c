// SPDX-License-Identifier: GPL-2.0
#include "weight_unit.h"

#include <string.h>

static bool has_periods(const struct input *input,
			const struct input_options *options)
{
	return input->kind == INPUT_PERF_SCRIPT && !options->samples &&
	       input->script.samples && input->script.all_periods;
}

const char *unit_event(const struct input *input,
		       const struct input_options *options)
{
	const char *event = options->load.event;

	if (!has_periods(input, options))
		return NULL;
	if (!event && input->script.event_count == 1)
		event = input->script.events[0].name;
	return event && *event ? event : NULL;
}

bool unit_is_clock(const char *event)
{
	return !strncmp(event, "cpu-clock", strlen("cpu-clock")) ||
	       !strncmp(event, "task-clock", strlen("task-clock"));
}

const char *unit_of(const struct input *input,
		    const struct input_options *options)
{
	const char *event = unit_event(input, options);

	if (input->kind == INPUT_RECORDING)
		return load_unit(&input->load);
	if (event)
		return unit_is_clock(event) ? "ns" : event;
	return has_periods(input, options) ? "events" : "samples";
}
