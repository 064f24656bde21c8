/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a recording tells about its own quality: how late samples were, what
 * was lost and when, how stacks ended, how the rate changed.
 */
#ifndef LOAD_RECORDING_QUALITY_H
#define LOAD_RECORDING_QUALITY_H

#include <stddef.h>
#include <stdint.h>

#include "../file/replay.h"

/* How a stack came out: enum dither_unwind_end, and what that cannot say. */
enum {
	STACK_UNKNOWN_END = DITHER_END_UNSUPPORTED + 1,
	STACK_NONE,    /* nobody tried: the instruction only */
	STACK_MISSING, /* taken, but not in the file */
	STACK_ENDS
};

enum stack_half { HALF_USER, HALF_KERNEL, HALVES };

struct loss {
	uint64_t count;
	uint64_t first; /* times */
	uint64_t last;
};

struct rate_change {
	uint64_t time;
	uint64_t cell_ns;
	unsigned int cpu;
	uint32_t reason; /* enum dither_rate_reason */
};

struct statistics {
	uint64_t samples, user, idle;
	uint64_t events;  /* samples that no clock made; else not counted */
	uint64_t missing; /* stacks named by a sample, not in the file */
	uint64_t overruns;
	uint64_t ends[HALVES][STACK_ENDS];
	struct loss lost[DITHER_LOST_COUNT];
	uint64_t first_time, last_time;
	uint32_t *lateness; /* of each sample of the clock, ns, ascending */
	size_t lateness_count, lateness_room;
	struct rate_change *rates; /* SLOWER and FASTER only */
	size_t rate_count, rate_room;
	uint64_t resumes;
};

/*
 * Latenesses, by a pass over the records alone: what is late must be known
 * before anything is drawn.
 */
void statistics_begin(struct statistics *statistics,
		      struct recording *recording);

void statistics_sample(struct statistics *statistics,
		       const struct dither_sample *sample,
		       const struct replay_stack *kernel,
		       const struct replay_stack *user);
void statistics_event(struct statistics *statistics,
		      const struct dither_sample *sample,
		      const struct replay_stack *kernel,
		      const struct replay_stack *user);
void statistics_lost(struct statistics *statistics,
		     const struct dither_lost_record *record);
void statistics_rate(struct statistics *statistics, unsigned int cpu,
		     const struct dither_rate *record);

void statistics_free(struct statistics *statistics);

#endif
