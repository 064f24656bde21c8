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
	struct instants_count count;
};

struct instants {
	struct promise promise;
	struct course *courses; /* by CPU */
	unsigned int cpus;
	bool origin_known;
	uint64_t origin; /* of the session */
	instants_problem *problem;
	void *context;
};

struct instants *instants_new(const struct recording *recording,
			      instants_problem *problem, void *context)
{
	struct instants *instants;
	struct promise promise;

	if (!promise_read(recording, &promise))
		return NULL;
	instants = alloc_zeroed(1, sizeof(*instants));
	instants->promise = promise;
	instants->problem = problem;
	instants->context = context;
	instants->cpus = recording_cpus(recording);
	instants->courses =
		alloc_zeroed(instants->cpus, sizeof(*instants->courses));
	return instants;
}

void instants_free(struct instants *instants)
{
	if (!instants)
		return;
	free(instants->courses);
	free(instants);
}

__attribute__((format(printf, 3, 4))) static void
complain(struct instants *instants, unsigned int cpu, const char *format, ...)
{
	char text[320];
	va_list values;

	instants->courses[cpu].count.problems++;
	if (!instants->problem)
		return;
	va_start(values, format);
	vsnprintf(text, sizeof(text), format, values);
	va_end(values);
	instants->problem(instants->context, cpu, text);
}

static void miss(struct instants *instants, unsigned int cpu,
		 const struct dither_sample *sample, uint64_t place,
		 const struct promise_around *around)
{
	uint64_t due = sample->time - sample->lateness;
	char before[48] = "";

	instants->courses[cpu].count.missed++;
	if (around->before)
		snprintf(before, sizeof(before), "%" PRIu64 " and ",
			 around->before);
	complain(instants, cpu,
		 "sample %" PRIu64 " of time %" PRIu64 " was due at %" PRIu64
		 " ns: not an instant of the schedule, which has %s%" PRIu64
		 "%s",
		 place, (uint64_t)sample->time, due, before, around->after,
		 around->before ? "" : " next");
}

/* No RATE record explains the sample that waited for one. */
static void end_waiting(struct instants *instants, unsigned int cpu)
{
	struct course *course = &instants->courses[cpu];

	if (!course->waits)
		return;
	course->waits = false;
	course->count.missed++;
	complain(instants, cpu,
		 "sample %" PRIu64 " of time %" PRIu64
		 " is of cells of 2^%u periods, where the schedule has 2^%u",
		 course->waiting_number, (uint64_t)course->waiting_time,
		 course->waiting_shift, course->now.shift);
}

static void start(struct instants *instants, unsigned int cpu,
		  const struct dither_rate *record)
{
	struct course *course = &instants->courses[cpu];

	if (course->count.begun && !course->gap)
		complain(instants, cpu,
			 "the schedule begins twice, at %" PRIu64 " ns again",
			 (uint64_t)record->origin);
	if (record->number || record->shift)
		complain(instants, cpu,
			 "the schedule begins in cell %" PRIu64
			 " of 2^%u periods",
			 (uint64_t)record->number, record->shift);
	if (instants->origin_known && instants->origin != record->origin)
		complain(instants, cpu,
			 "the schedule begins at %" PRIu64
			 " ns, another CPU's at %" PRIu64,
			 (uint64_t)record->origin, instants->origin);
	instants->origin_known = true;
	instants->origin = record->origin;
	promise_begin(&instants->promise, cpu, record->origin, &course->now);
	course->before_known = false;
	course->known = course->counted = true;
}

static void change(struct instants *instants, unsigned int cpu,
		   const struct dither_rate *record)
{
	struct course *course = &instants->courses[cpu];
	struct dither_schedule next = course->now;

	course->before = course->now;
	course->before_known = course->known;
	course->changed = record->time;
	if (course->known &&
	    promise_goes_on(&instants->promise, &next, record)) {
		course->now = next;
		return;
	}
	if (!course->count.begun && !course->gap)
		complain(instants, cpu,
			 "the schedule changes at %" PRIu64
			 " ns before it begins",
			 (uint64_t)record->time);
	else if (course->known && !course->lossy && !course->gap)
		complain(instants, cpu,
			 "the schedule changes at %" PRIu64
			 " ns to cell %" PRIu64 " from %" PRIu64
			 " ns, which does not follow from what was before",
			 (uint64_t)record->time, (uint64_t)record->number,
			 (uint64_t)record->origin);
	if (!course->known)
		promise_begin(&instants->promise, cpu, 0, &course->now);
	dither_schedule_set(&course->now, record);
	course->known = true;
	/* Draws have the same numbers whatever was lost. */
	course->counted = !promise_is_grid(&instants->promise);
}

void instants_rate(struct instants *instants, unsigned int cpu,
		   const struct dither_rate *record)
{
	struct course *course;

	if (!instants || cpu >= instants->cpus)
		return;
	course = &instants->courses[cpu];
	/* The sample whose shape was not told: now it is, or never. */
	if (course->waits && record->time <= course->waiting_time) {
		course->waits = false;
		course->lossy = true;
		course->count.unknown++;
	}
	end_waiting(instants, cpu);
	course->count.changes += record->header.tid == DITHER_RATE_SLOWER ||
				 record->header.tid == DITHER_RATE_FASTER;
	if (!promise_has_cells(&instants->promise, record)) {
		complain(instants, cpu,
			 "cells of %" PRIu64 " ns from %" PRIu64
			 " ns on, where a period of %" PRIu64
			 " ns and 2^%u were promised",
			 (uint64_t)record->cell_ns, (uint64_t)record->time,
			 instants->promise.period, record->shift);
		course->known = course->before_known = false;
	} else if (record->header.tid == DITHER_RATE_START) {
		start(instants, cpu, record);
	} else {
		change(instants, cpu, record);
	}
	course->count.begun = true;
	course->lossy = course->gap = false;
}

/* Where records are missing, a grid can be found again by a sample's shape. */
static bool find_grid(struct instants *instants, unsigned int cpu,
		      const struct dither_sample *sample)
{
	struct course *course = &instants->courses[cpu];
	uint64_t origin = course->known ? course->now.origin : instants->origin;

	if (!(course->known || instants->origin_known) ||
	    !promise_find_grid(&instants->promise, cpu, origin, sample->shift,
			       sample->time - sample->lateness, &course->now))
		return false;
	course->known = true;
	course->counted = false;
	return true;
}

/* The sample was served at its time, with all that had passed by then. */
static void serve(struct instants *instants, unsigned int cpu,
		  const struct dither_sample *sample, uint64_t place)
{
	struct course *course = &instants->courses[cpu];
	uint64_t first = course->now.number, passed;

	course->count.met++;
	course->gap = false;
	if (!promise_pass(&instants->promise, &course->now, sample->time))
		return;
	passed = course->now.number - first - 1;
	if (passed <= sample->overruns)
		course->passed = (uint32_t)passed;
	else
		complain(instants, cpu,
			 "sample %" PRIu64 " of time %" PRIu64
			 " tells of %u overruns, its lateness of %" PRIu64,
			 place, (uint64_t)sample->time, sample->overruns,
			 passed);
}

static void check_current(struct instants *instants, unsigned int cpu,
			  const struct dither_sample *sample, uint64_t place)
{
	struct course *course = &instants->courses[cpu];
	uint64_t due = sample->time - sample->lateness;
	struct promise_around around;

	switch (promise_reach(&instants->promise, &course->now, due, &around)) {
	case REACH_MET:
		serve(instants, cpu, sample, place);
		break;
	case REACH_TOO_FAR:
		course->count.unknown++;
		break;
	case REACH_MISSED:
		if (course->gap && !promise_is_grid(&instants->promise)) {
			/* Until the next RATE record. */
			course->known = false;
			course->count.unknown++;
		} else {
			miss(instants, cpu, sample, place, &around);
		}
		break;
	}
}

/* Of the moment at which a renewal schedule began anew. */
static bool meets_before(struct instants *instants, struct course *course,
			 const struct dither_sample *sample)
{
	struct promise_around around;

	if (!course->before_known || sample->time != course->changed ||
	    promise_reach(&instants->promise, &course->before,
			  sample->time - sample->lateness,
			  &around) != REACH_MET)
		return false;
	course->before_known = false;
	course->count.met++;
	return true;
}

static void check(struct instants *instants, unsigned int cpu,
		  const struct dither_sample *sample)
{
	struct course *course = &instants->courses[cpu];
	uint64_t place = course->count.samples;

	if (sample->lateness > sample->time) {
		course->count.missed++;
		complain(instants, cpu,
			 "sample %" PRIu64 " of time %" PRIu64
			 " is late by %u ns: due before the clock began",
			 place, (uint64_t)sample->time, sample->lateness);
	} else if (!course->known && !find_grid(instants, cpu, sample)) {
		course->count.unknown++;
		if (!course->count.begun && !course->gap &&
		    course->count.samples == 1)
			complain(instants, cpu,
				 "sample 1 stands before any schedule");
	} else if (sample->lateness == UINT32_MAX) {
		course->count.unknown++;
		promise_pass(&instants->promise, &course->now,
			     sample->time - UINT32_MAX);
	} else if (meets_before(instants, course, sample)) {
		return;
	} else if (sample->shift == course->now.shift ||
		   (course->gap && find_grid(instants, cpu, sample))) {
		check_current(instants, cpu, sample, place);
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

uint32_t instants_sample(struct instants *instants, unsigned int cpu,
			 const struct dither_sample *sample)
{
	struct course *course;

	if (sample->event)
		return 0;
	if (!instants || cpu >= instants->cpus)
		return sample->overruns;
	course = &instants->courses[cpu];
	course->passed = sample->overruns;
	end_waiting(instants, cpu);
	/* A RATE record held up would stand before it. */
	course->lossy = false;
	course->count.samples++;
	course->count.overruns += sample->overruns;
	check(instants, cpu, sample);
	return course->passed;
}

void instants_lost(struct instants *instants, unsigned int cpu)
{
	if (instants && cpu < instants->cpus)
		instants->courses[cpu].lossy = true;
}

void instants_gap(struct instants *instants, unsigned int cpu)
{
	if (instants && cpu < instants->cpus)
		instants->courses[cpu].gap = true;
}

struct instants_count instants_end(struct instants *instants, unsigned int cpu)
{
	struct course *course = &instants->courses[cpu];
	struct instants_count *count = &course->count;
	struct dither_schedule end = course->now;

	end_waiting(instants, cpu);
	count->shift = end.shift;
	count->cells = dither_schedule_cells(&end);
	count->counted =
		course->known && course->counted && instants->promise.stop &&
		promise_pass(&instants->promise, &end, instants->promise.stop);
	count->cells_at_stop = dither_schedule_cells(&end);
	return *count;
}

uint64_t instants_known(const struct instants *instants)
{
	uint64_t known = 0;

	for (unsigned int i = 0; instants && i < instants->cpus; i++)
		known += instants->courses[i].count.met +
			 instants->courses[i].count.missed;
	return known;
}

uint64_t instants_met(const struct instants *instants)
{
	uint64_t met = 0;

	for (unsigned int i = 0; instants && i < instants->cpus; i++)
		met += instants->courses[i].count.met;
	return met;
}
