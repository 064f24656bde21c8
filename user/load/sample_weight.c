// SPDX-License-Identifier: GPL-2.0
/*
 * Where an event makes samples, those stand for its events, each for the mean
 * period in force; where it is only counted, what was counted since the last
 * instant goes to the stack that was found at its end.
 */
#include "sample_weight.h"

#include <errno.h>
#include <math.h>
#include <string.h>

int sample_weight_choose(const struct recorded_events *events,
			 const char *wanted, struct sample_weight *weigh,
			 struct error *error)
{
	*weigh = (struct sample_weight){ WEIGH_TIME, -1, false };
	if (wanted && !strcmp(wanted, "all")) {
		weigh->by = WEIGH_ALL;
		return 0;
	}
	if (wanted ? !strcmp(wanted, "time") : events->time) {
		if (events->time)
			return 0;
		return error_set(
			error, -EINVAL,
			"the recording has no samples by time: its clock was an event");
	}
	weigh->by = WEIGH_EVENT;
	weigh->event = wanted ? events_find(events, wanted) :
				events_leader(events);
	if (weigh->event < 0)
		return error_set(
			error, -EINVAL,
			"the recording has no event '%s'; 'dither report' lists what it has",
			wanted ? wanted : "");
	weigh->from_counts = !events->event[weigh->event].period;
	return 0;
}

bool sample_weight_of(const struct sample_weight *weigh,
		      const struct sample_counts *counts, double *weight)
{
	switch (weigh->by) {
	case WEIGH_TIME:
		*weight = counts->weight;
		return counts->event < 0;
	case WEIGH_ALL:
		*weight = 1;
		return true;
	case WEIGH_EVENT:
		break;
	}
	if (!weigh->from_counts) {
		*weight = counts->weight;
		return counts->event == weigh->event;
	}
	if (!counts->counted || isnan(counts->value[weigh->event]))
		return false;
	*weight = counts->value[weigh->event];
	return true;
}

const char *sample_weight_unit(const struct sample_weight *weigh,
			       const struct recorded_events *events)
{
	return weigh->by == WEIGH_EVENT ? events->event[weigh->event].name :
					  "samples";
}
