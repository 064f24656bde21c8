// SPDX-License-Identifier: GPL-2.0
/* See schedule_replay.h. */
#include "schedule_replay.h"

#include <stdlib.h>
#include <string.h>

#include "../base/policy.h"

/* Draws that the module passes before a renewal schedule begins anew. */
#define RESUME_DRAWS 65
/* Seconds of time, and as many draws as 20 kHz make in 14 hours. */
#define STEPS_MAX (1ULL << 30)

static bool number(const struct recording *recording, const char *key,
		   uint64_t *value)
{
	const char *text = recording_meta(recording, key);
	char *end;

	if (!text)
		return false;
	*value = strtoull(text, &end, 10);
	return end != text && !*end;
}

bool expected_read(const struct recording *recording,
		   struct expected_schedule *expected)
{
	const char *policy = recording_meta(recording, "policy");
	uint64_t jitter;

	*expected = (struct expected_schedule){ .steps = STEPS_MAX };
	if (!policy || !policy_named(policy, &expected->policy) ||
	    !number(recording, "seed", &expected->seed) ||
	    !number(recording, "period_ns", &expected->period) ||
	    !number(recording, "jitter_ppm", &jitter) ||
	    expected->period < DITHER_PERIOD_MIN_NS ||
	    expected->period > DITHER_PERIOD_MAX_NS ||
	    jitter > DITHER_JITTER_MAX_PPM)
		return false;
	expected->jitter_ppm = (uint32_t)jitter;
	if (!number(recording, "stop_ns", &expected->stop))
		expected->stop = 0;
	return true;
}

bool expected_is_grid(const struct expected_schedule *expected)
{
	return dither_schedule_is_grid(expected->policy);
}

void expected_begin(const struct expected_schedule *expected, unsigned int cpu,
		    uint64_t origin, struct dither_schedule *schedule)
{
	dither_schedule_start(schedule, expected->policy, expected->jitter_ppm,
			      expected->period, expected->seed, cpu, origin);
}

static bool step(struct expected_schedule *expected,
		 struct dither_schedule *schedule)
{
	if (!expected->steps)
		return false;
	expected->steps--;
	dither_schedule_pass(schedule, schedule->due);
	return true;
}

bool expected_pass(struct expected_schedule *expected,
		   struct dither_schedule *schedule, uint64_t until)
{
	if (expected_is_grid(expected))
		dither_schedule_pass(schedule, until);
	else
		while (schedule->due <= until)
			if (!step(expected, schedule))
				return false;
	return true;
}

static uint64_t instant_before(const struct expected_schedule *expected,
			       const struct dither_schedule *schedule)
{
	struct dither_schedule at = *schedule;
	const struct dither_rate rate = {
		.header.tid = DITHER_RATE_SLOWER,
		.origin = at.origin,
		.number = at.number - 1,
		.shift = at.shift,
		.cell_ns = at.cell,
	};

	if (!expected_is_grid(expected))
		return at.origin;
	dither_schedule_set(&at, &rate);
	return at.due;
}

enum expected_reach expected_reach(struct expected_schedule *expected,
				   struct dither_schedule *schedule,
				   uint64_t due, struct expected_around *around)
{
	struct dither_schedule at = *schedule;

	*around = (struct expected_around){ 0, at.due };
	if (due < at.due || (expected->stop && due > expected->stop))
		return REACH_MISSED;
	if (!expected_pass(expected, &at, due - 1))
		return REACH_TOO_FAR;
	if (at.due != due) {
		around->before = instant_before(expected, &at);
		around->after = at.due;
		return REACH_MISSED;
	}
	*schedule = at;
	return REACH_MET;
}

bool expected_has_cells(const struct expected_schedule *expected,
			const struct dither_rate *record)
{
	return record->shift <= DITHER_SHIFT_MAX &&
	       record->cell_ns == expected->period << record->shift;
}

/* As in pass_renewal() of the schedule, at the record's time. */
static bool resumes(struct expected_schedule *expected,
		    struct dither_schedule *schedule,
		    const struct dither_rate *record)
{
	if (expected_is_grid(expected) || record->origin != record->time ||
	    record->shift != schedule->shift ||
	    record->number < schedule->number + RESUME_DRAWS)
		return false;
	while (schedule->number + 1 < record->number &&
	       schedule->due <= record->time)
		if (!step(expected, schedule))
			return false;
	return schedule->number + 1 == record->number &&
	       schedule->due <= record->time;
}

bool expected_goes_on(struct expected_schedule *expected,
		      struct dither_schedule *schedule,
		      const struct dither_rate *record)
{
	if (record->header.tid == DITHER_RATE_RESUME) {
		if (!resumes(expected, schedule, record))
			return false;
		dither_schedule_set(schedule, record);
		return true;
	}
	if (!expected_pass(expected, schedule, record->time))
		return false;
	dither_schedule_reshape(schedule, record->shift);
	return schedule->origin == record->origin &&
	       schedule->number == record->number &&
	       schedule->shift == record->shift;
}

bool expected_find_grid(const struct expected_schedule *expected,
			unsigned int cpu, uint64_t origin, unsigned int shift,
			uint64_t due, struct dither_schedule *schedule)
{
	struct dither_rate rate = {
		.header.tid = DITHER_RATE_SLOWER,
		.origin = origin,
		.shift = shift,
	};

	if (!expected_is_grid(expected) || shift > DITHER_SHIFT_MAX ||
	    due < origin)
		return false;
	rate.cell_ns = expected->period << shift;
	rate.number = (due - origin) / rate.cell_ns;
	expected_begin(expected, cpu, origin, schedule);
	dither_schedule_set(schedule, &rate);
	return true;
}
