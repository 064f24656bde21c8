/* SPDX-License-Identifier: GPL-2.0 */
/* A sample's frames: its addresses named and strung together, roots and all. */
#ifndef LOAD_SAMPLE_STACK_H
#define LOAD_SAMPLE_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../file/events.h"
#include "../file/replay.h"
#include "../profile/profile.h"
#include "../resolve/resolve.h"
#include "frame_names.h"
#include "sample_collector.h"
#include "thread_names.h"

extern const char sample_stack_idle[]; /* the idle task's name */

struct sample_stack {
	bool pid, tid, cpu; /* a root frame for each */
	bool no_roots;	    /* nor one for the thread */
	bool makers;	    /* a frame for what made the sample */
	struct profile *profile;
	struct resolver *resolver;
	const struct recorded_events *events;
	struct threads *threads;
	struct frame_names *names;
	struct sample_collector
		*collector; /* receives each frame; NULL: none */
	/* Of the profile, outermost first. */
	uint32_t *frames;
	size_t count, room;
};

/* The frames of @sample: ->frames, as many as ->count. */
void sample_stack_make(struct sample_stack *made, unsigned int cpu,
		       const struct dither_sample *sample,
		       const struct sample_counts *counts,
		       const struct replay_stack *kernel,
		       const struct replay_stack *user);

/* One more, innermost. @text is no function's name, and of no module. */
void sample_stack_leaf(struct sample_stack *made, const char *text);

void sample_stack_free(struct sample_stack *made);

#endif
