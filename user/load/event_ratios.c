// SPDX-License-Identifier: GPL-2.0
/* See event_ratios.h; report and flame share it. */
#include "event_ratios.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct event_ratio per_cycle(int instructions, int cycles)
{
	return (struct event_ratio){ "IPC", (unsigned int)instructions,
				     (unsigned int)cycles, 1, true };
}

/* False: neither instructions nor cycles were counted. */
static bool rate_of(const struct recorded_events *events, unsigned int event,
		    struct event_ratio *ratio)
{
	int instructions = events_with_role(events, EVENT_INSTRUCTIONS);
	int cycles = events_with_role(events, EVENT_CYCLES);
	bool by_instructions = instructions >= 0;
	int base = by_instructions ? instructions : cycles;

	if (base < 0)
		return false;
	*ratio = (struct event_ratio){
		.a = event,
		.b = (unsigned int)base,
		.scale = by_instructions ? 1e3 : 1e6,
	};
	snprintf(ratio->name, sizeof(ratio->name), "%.32s/%s",
		 events->event[event].name,
		 by_instructions ? "1k ins" : "1M cyc");
	return true;
}

unsigned int event_ratios(const struct recorded_events *events,
			  struct event_ratio ratios[EVENT_RATIOS_MAX])
{
	int instructions = events_with_role(events, EVENT_INSTRUCTIONS);
	int cycles = events_with_role(events, EVENT_CYCLES);
	unsigned int count = 0;

	if (instructions >= 0 && cycles >= 0) {
		ratios[count++] = per_cycle(instructions, cycles);
		ratios[count++] =
			(struct event_ratio){ "CPI", (unsigned int)cycles,
					      (unsigned int)instructions, 1,
					      false };
	}
	for (unsigned int i = 0; i < events->count; i++)
		if (events->event[i].role == EVENT_OTHER &&
		    rate_of(events, i, &ratios[count]))
			count++;
	return count;
}

int event_ratio_choose(const struct recorded_events *events, const char *wanted,
		       struct event_ratio *ratio, struct error *error)
{
	int instructions = events_with_role(events, EVENT_INSTRUCTIONS);
	int cycles = events_with_role(events, EVENT_CYCLES);
	int event;

	if (!strcmp(wanted, "ipc")) {
		if (instructions < 0 || cycles < 0)
			return error_set(
				error, -EINVAL,
				"IPC needs a recording with -e cycles,instructions");
		*ratio = per_cycle(instructions, cycles);
		return 0;
	}
	if (strncmp(wanted, "miss:", 5))
		return error_set(error, -EINVAL, "must be ipc or miss:EVENT");
	event = events_find(events, wanted + 5);
	if (event < 0)
		return error_set(error, -EINVAL,
				 "the recording has no event '%s'", wanted + 5);
	if (!rate_of(events, (unsigned int)event, ratio))
		return error_set(
			error, -EINVAL,
			"misses need a recording with -e instructions, or cycles, too");
	return 0;
}
