/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether the samples and RATE records of a recording lie where its seed,
 * policy and period promise: the module's own schedule, run once more.
 */
#ifndef SCHEDULE_SCHEDULE_CHECK_H
#define SCHEDULE_SCHEDULE_CHECK_H

#include <stdbool.h>

#include "../file/recording.h"

struct schedule_check;

/* What became of one CPU's schedule. */
struct schedule_check_count {
	uint64_t samples; /* of the clock; each is one of the next three */
	uint64_t met;	  /* on an instant of the schedule, in its turn */
	uint64_t unknown; /* later than can be told, or behind missing records */
	uint64_t missed;
	uint64_t overruns; /* told with samples */
	uint64_t changes;  /* by the governor */
	uint64_t problems; /* what does not fit, samples and other records */
	bool begun;	   /* there was a RATE record */
	bool counted;	   /* the next two hold */
	uint64_t cells;	   /* passed by the last record's time, */
	uint64_t cells_at_stop; /* … and by the end, at most */
	uint32_t shift;
};

/* @text: what does not fit, a sentence without the CPU, e.g. of a sample. */
typedef void schedule_check_problem(void *context, unsigned int cpu,
				    const char *text);

/*
 * NULL when the recording does not say how it was sampled. @problem may be
 * NULL.
 */
struct schedule_check *schedule_check_new(const struct recording *recording,
					  schedule_check_problem *problem,
					  void *context);
void schedule_check_free(struct schedule_check *schedule_check);

/*
 * All in the order of a CPU's ring; CPUs may take turns. @instants may be
 * NULL. Only samples of the clock count, the others are passed over.
 */
void schedule_check_rate(struct schedule_check *schedule_check,
			 unsigned int cpu, const struct dither_rate *record);
/*
 * How many of its overruns passed while it was late itself; the others did
 * before a firing that left no sample. All, where the schedule does not tell.
 */
uint32_t schedule_check_sample(struct schedule_check *schedule_check,
			       unsigned int cpu,
			       const struct dither_sample *sample);
/* A LOST record: what was lost may have held up a RATE record. */
void schedule_check_lost(struct schedule_check *schedule_check,
			 unsigned int cpu);
/* Records are missing before the next. */
void schedule_check_gap(struct schedule_check *schedule_check,
			unsigned int cpu);

/*
 * After the last record of @cpu: that it was the last, which passes judgement
 * on what waited for a later one.
 */
struct schedule_check_count
schedule_check_end(struct schedule_check *schedule_check, unsigned int cpu);

/* Of all CPUs so far: samples whose instant is known, and those that met it. */
uint64_t schedule_check_known(const struct schedule_check *schedule_check);
uint64_t schedule_check_met(const struct schedule_check *schedule_check);

#endif
