// SPDX-License-Identifier: GPL-2.0
/*
 * Each CPU has a schedule that follows the module's: it passes what a sample's
 * time has passed, and is reshaped where a RATE record says that it was. What
 * the record tells besides, origin and number, must then be the same.
 *
 * Cells that left no record, for idleness or a filter, are passed on the way
 * to the next sample. So an instant is never met by chance: it has to be drawn
 * again, to the nanosecond.
 */
#include "schedule_check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../base/alloc.h"
#include "schedule_replay.h"

struct course {
	struct dither_schedule now;    /* .due is the next instant */
	struct dither_schedule before; /* … but for the latest RATE record */
	uint64_t changed;	       /* its time */
	bool known;		       /* .now is the module's */
	bool before_known;
	bool lossy; /* a RATE record may have been written over */
	bool gap;   /* one may be missing */
	bool counted;
	uint32_t passed; /* by the sample that was served last, besides itself */
	/* Of a shape that no RATE record has told, so far. */
	bool waits;
	uint64_t waiting_time;
	uint8_t waiting_shift;
	uint64_t waiting_number;
	struct schedule_check_count count;
};

struct schedule_check {
	struct expected_schedule expected;
	struct course *courses; /* by CPU */
	unsigned int cpus;
	bool origin_known;
	uint64_t origin; /* of the session */
	schedule_check_problem *problem;
	void *context;
};

struct schedule_check *schedule_check_new(const struct recording *recording,
					  schedule_check_problem *problem,
					  void *context)
{
	struct schedule_check *schedule_check;
	struct expected_schedule expected;

	if (!expected_read(recording, &expected))
		return NULL;
	schedule_check = alloc_zeroed(1, sizeof(*schedule_check));
	schedule_check->expected = expected;
	schedule_check->problem = problem;
	schedule_check->context = context;
	schedule_check->cpus = recording_cpus(recording);
	schedule_check->courses = alloc_zeroed(
		schedule_check->cpus, sizeof(*schedule_check->courses));
	return schedule_check;
}

void schedule_check_free(struct schedule_check *schedule_check)
{
	if (!schedule_check)
		return;
	free(schedule_check->courses);
	free(schedule_check);
}

__attribute__((format(printf, 3, 4))) static void
complain(struct schedule_check *schedule_check, unsigned int cpu,
	 const char *format, ...)
{
	char text[320];
	va_list values;

	schedule_check->courses[cpu].count.problems++;
	if (!schedule_check->problem)
		return;
	va_start(values, format);
	vsnprintf(text, sizeof(text), format, values);
	va_end(values);
	schedule_check->problem(schedule_check->context, cpu, text);
}

static void miss(struct schedule_check *schedule_check, unsigned int cpu,
		 const struct dither_sample *sample, uint64_t place,
		 const struct expected_around *around)
{
	uint64_t due = sample->time - sample->lateness;
	char before[48] = "";

	schedule_check->courses[cpu].count.missed++;
	if (around->before)
		snprintf(before, sizeof(before), "%" PRIu64 " and ",
			 around->before);
	complain(schedule_check, cpu,
		 "sample %" PRIu64 " of time %" PRIu64 " was due at %" PRIu64
		 " ns: not an instant of the schedule, which has %s%" PRIu64
		 "%s",
		 place, (uint64_t)sample->time, due, before, around->after,
		 around->before ? "" : " next");
}

/* No RATE record explains the sample that waited for one. */
static void end_waiting(struct schedule_check *schedule_check, unsigned int cpu)
{
	struct course *course = &schedule_check->courses[cpu];

	if (!course->waits)
		return;
	course->waits = false;
	course->count.missed++;
	complain(schedule_check, cpu,
		 "sample %" PRIu64 " of time %" PRIu64
		 " is of cells of 2^%u periods, where the schedule has 2^%u",
		 course->waiting_number, (uint64_t)course->waiting_time,
		 course->waiting_shift, course->now.shift);
}

static void start(struct schedule_check *schedule_check, unsigned int cpu,
		  const struct dither_rate *record)
{
	struct course *course = &schedule_check->courses[cpu];

	if (course->count.begun && !course->gap)
		complain(schedule_check, cpu,
			 "the schedule begins twice, at %" PRIu64 " ns again",
			 (uint64_t)record->origin);
	if (record->number || record->shift)
		complain(schedule_check, cpu,
			 "the schedule begins in cell %" PRIu64
			 " of 2^%u periods",
			 (uint64_t)record->number, record->shift);
	if (schedule_check->origin_known &&
	    schedule_check->origin != record->origin)
		complain(schedule_check, cpu,
			 "the schedule begins at %" PRIu64
			 " ns, another CPU's at %" PRIu64,
			 (uint64_t)record->origin, schedule_check->origin);
	schedule_check->origin_known = true;
	schedule_check->origin = record->origin;
	expected_begin(&schedule_check->expected, cpu, record->origin,
		       &course->now);
	course->before_known = false;
	course->known = course->counted = true;
}

static void change(struct schedule_check *schedule_check, unsigned int cpu,
		   const struct dither_rate *record)
{
	struct course *course = &schedule_check->courses[cpu];
	struct dither_schedule next = course->now;

	course->before = course->now;
	course->before_known = course->known;
	course->changed = record->time;
	if (course->known &&
	    expected_goes_on(&schedule_check->expected, &next, record)) {
		course->now = next;
		return;
	}
	if (!course->count.begun && !course->gap)
		complain(schedule_check, cpu,
			 "the schedule changes at %" PRIu64
			 " ns before it begins",
			 (uint64_t)record->time);
	else if (course->known && !course->lossy && !course->gap)
		complain(schedule_check, cpu,
			 "the schedule changes at %" PRIu64
			 " ns to cell %" PRIu64 " from %" PRIu64
			 " ns, which does not follow from what was before",
			 (uint64_t)record->time, (uint64_t)record->number,
			 (uint64_t)record->origin);
	if (!course->known)
		expected_begin(&schedule_check->expected, cpu, 0, &course->now);
	dither_schedule_set(&course->now, record);
	course->known = true;
	/* Draws have the same numbers whatever was lost. */
	course->counted = !expected_is_grid(&schedule_check->expected);
}

void schedule_check_rate(struct schedule_check *schedule_check,
			 unsigned int cpu, const struct dither_rate *record)
{
	struct course *course;

	if (!schedule_check || cpu >= schedule_check->cpus)
		return;
	course = &schedule_check->courses[cpu];
	/* The sample whose shape was not told: now it is, or never. */
	if (course->waits && record->time <= course->waiting_time) {
		course->waits = false;
		course->lossy = true;
		course->count.unknown++;
	}
	end_waiting(schedule_check, cpu);
	course->count.changes += record->header.tid == DITHER_RATE_SLOWER ||
				 record->header.tid == DITHER_RATE_FASTER;
	if (!expected_has_cells(&schedule_check->expected, record)) {
		complain(schedule_check, cpu,
			 "cells of %" PRIu64 " ns from %" PRIu64
			 " ns on, where a period of %" PRIu64
			 " ns and 2^%u were promised",
			 (uint64_t)record->cell_ns, (uint64_t)record->time,
			 schedule_check->expected.period, record->shift);
		course->known = course->before_known = false;
	} else if (record->header.tid == DITHER_RATE_START) {
		start(schedule_check, cpu, record);
	} else {
		change(schedule_check, cpu, record);
	}
	course->count.begun = true;
	course->lossy = course->gap = false;
}

/* Where records are missing, a grid can be found again by a sample's shape. */
static bool find_grid(struct schedule_check *schedule_check, unsigned int cpu,
		      const struct dither_sample *sample)
{
	struct course *course = &schedule_check->courses[cpu];
	uint64_t origin = course->known ? course->now.origin :
					  schedule_check->origin;

	if (!(course->known || schedule_check->origin_known) ||
	    !expected_find_grid(&schedule_check->expected, cpu, origin,
				sample->shift, sample->time - sample->lateness,
				&course->now))
		return false;
	course->known = true;
	course->counted = false;
	return true;
}

/* The sample was served at its time, with all that had passed by then. */
static void serve(struct schedule_check *schedule_check, unsigned int cpu,
		  const struct dither_sample *sample, uint64_t place)
{
	struct course *course = &schedule_check->courses[cpu];
	uint64_t first = course->now.number, passed;

	course->count.met++;
	course->gap = false;
	if (!expected_pass(&schedule_check->expected, &course->now,
			   sample->time))
		return;
	passed = course->now.number - first - 1;
	if (passed <= sample->overruns)
		course->passed = (uint32_t)passed;
	else
		complain(schedule_check, cpu,
			 "sample %" PRIu64 " of time %" PRIu64
			 " tells of %u overruns, its lateness of %" PRIu64,
			 place, (uint64_t)sample->time, sample->overruns,
			 passed);
}

static void check_current(struct schedule_check *schedule_check,
			  unsigned int cpu, const struct dither_sample *sample,
			  uint64_t place)
{
	struct course *course = &schedule_check->courses[cpu];
	uint64_t due = sample->time - sample->lateness;
	struct expected_around around;

	switch (expected_reach(&schedule_check->expected, &course->now, due,
			       &around)) {
	case REACH_MET:
		serve(schedule_check, cpu, sample, place);
		break;
	case REACH_TOO_FAR:
		course->count.unknown++;
		break;
	case REACH_MISSED:
		if (course->gap &&
		    !expected_is_grid(&schedule_check->expected)) {
			/* Until the next RATE record. */
			course->known = false;
			course->count.unknown++;
		} else {
			miss(schedule_check, cpu, sample, place, &around);
		}
		break;
	}
}

/* Of the moment at which a renewal schedule began anew. */
static bool meets_before(struct schedule_check *schedule_check,
			 struct course *course,
			 const struct dither_sample *sample)
{
	struct expected_around around;

	if (!course->before_known || sample->time != course->changed ||
	    expected_reach(&schedule_check->expected, &course->before,
			   sample->time - sample->lateness,
			   &around) != REACH_MET)
		return false;
	course->before_known = false;
	course->count.met++;
	return true;
}

static void check(struct schedule_check *schedule_check, unsigned int cpu,
		  const struct dither_sample *sample)
{
	struct course *course = &schedule_check->courses[cpu];
	uint64_t place = course->count.samples;

	if (sample->lateness > sample->time) {
		course->count.missed++;
		complain(schedule_check, cpu,
			 "sample %" PRIu64 " of time %" PRIu64
			 " is late by %u ns: due before the clock began",
			 place, (uint64_t)sample->time, sample->lateness);
	} else if (!course->known && !find_grid(schedule_check, cpu, sample)) {
		course->count.unknown++;
		if (!course->count.begun && !course->gap &&
		    course->count.samples == 1)
			complain(schedule_check, cpu,
				 "sample 1 stands before any schedule");
	} else if (sample->lateness == UINT32_MAX) {
		course->count.unknown++;
		expected_pass(&schedule_check->expected, &course->now,
			      sample->time - UINT32_MAX);
	} else if (meets_before(schedule_check, course, sample)) {
		return;
	} else if (sample->shift == course->now.shift ||
		   (course->gap && find_grid(schedule_check, cpu, sample))) {
		check_current(schedule_check, cpu, sample, place);
	} else if (course->gap) {
		course->known = false;
		course->count.unknown++;
	} else {
		course->waits = true;
		course->waiting_time = sample->time;
		course->waiting_shift = sample->shift;
		course->waiting_number = place;
	}
}

uint32_t schedule_check_sample(struct schedule_check *schedule_check,
			       unsigned int cpu,
			       const struct dither_sample *sample)
{
	struct course *course;

	if (sample->event)
		return 0;
	if (!schedule_check || cpu >= schedule_check->cpus)
		return sample->overruns;
	course = &schedule_check->courses[cpu];
	course->passed = sample->overruns;
	end_waiting(schedule_check, cpu);
	/* A RATE record held up would stand before it. */
	course->lossy = false;
	course->count.samples++;
	course->count.overruns += sample->overruns;
	check(schedule_check, cpu, sample);
	return course->passed;
}

void schedule_check_lost(struct schedule_check *schedule_check,
			 unsigned int cpu)
{
	if (schedule_check && cpu < schedule_check->cpus)
		schedule_check->courses[cpu].lossy = true;
}

void schedule_check_gap(struct schedule_check *schedule_check, unsigned int cpu)
{
	if (schedule_check && cpu < schedule_check->cpus)
		schedule_check->courses[cpu].gap = true;
}

struct schedule_check_count
schedule_check_end(struct schedule_check *schedule_check, unsigned int cpu)
{
	struct course *course = &schedule_check->courses[cpu];
	struct schedule_check_count *count = &course->count;
	struct dither_schedule end = course->now;

	end_waiting(schedule_check, cpu);
	count->shift = end.shift;
	count->cells = dither_schedule_cells(&end);
	count->counted = course->known && course->counted &&
			 schedule_check->expected.stop &&
			 expected_pass(&schedule_check->expected, &end,
				       schedule_check->expected.stop);
	count->cells_at_stop = dither_schedule_cells(&end);
	return *count;
}

uint64_t schedule_check_known(const struct schedule_check *schedule_check)
{
	uint64_t known = 0;

	for (unsigned int i = 0; schedule_check && i < schedule_check->cpus;
	     i++)
		known += schedule_check->courses[i].count.met +
			 schedule_check->courses[i].count.missed;
	return known;
}

uint64_t schedule_check_met(const struct schedule_check *schedule_check)
{
	uint64_t met = 0;

	for (unsigned int i = 0; schedule_check && i < schedule_check->cpus;
	     i++)
		met += schedule_check->courses[i].count.met;
	return met;
}
