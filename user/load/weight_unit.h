/* SPDX-License-Identifier: GPL-2.0 */
/* What the weights of an input count. */
#ifndef LOAD_WEIGHT_UNIT_H
#define LOAD_WEIGHT_UNIT_H

#include "input.h"

/*
 * The one event whose periods all weights are, as perf-script text names it;
 * NULL: weights are something else.
 */
const char *unit_event(const struct input *input,
		       const struct input_options *options);

/* Whether the periods of a perf event of that name are nanoseconds. */
bool unit_is_clock(const char *event);

/*
 * For titles: "samples", "instants" (load_unit()), "ns", "cycles", or "events"
 * where they are of several.
 */
const char *unit_of(const struct input *input,
		    const struct input_options *options);

#endif
