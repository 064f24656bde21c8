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

bool promise_read(const struct recording *recording, struct promise *promise)
{
	const char *policy = recording_meta(recording, "policy");
	uint64_t jitter;

	*promise = (struct promise){ .steps = STEPS_MAX };
	if (!policy || !policy_named(policy, &promise->policy) ||
	    !number(recording, "seed", &promise->seed) ||
	    !number(recording, "period_ns", &promise->period) ||
	    !number(recording, "jitter_ppm", &jitter) ||
	    promise->period < DITHER_PERIOD_MIN_NS ||
	    promise->period > DITHER_PERIOD_MAX_NS ||
	    jitter > DITHER_JITTER_MAX_PPM)
		return false;
	promise->jitter_ppm = (uint32_t)jitter;
	if (!number(recording, "stop_ns", &promise->stop))
		promise->stop = 0;
	return true;
}

bool promise_is_grid(const struct promise *promise)
{
	return dither_schedule_is_grid(promise->policy);
}

void promise_begin(const struct promise *promise, unsigned int cpu,
		   uint64_t origin, struct dither_schedule *schedule)
{
	dither_schedule_start(schedule, promise->policy, promise->jitter_ppm,
			      promise->period, promise->seed, cpu, origin);
}

static bool step(struct promise *promise, struct dither_schedule *schedule)
{
	if (!promise->steps)
		return false;
	promise->steps--;
	dither_schedule_pass(schedule, schedule->due);
	return true;
}

bool promise_pass(struct promise *promise, struct dither_schedule *schedule,
		  uint64_t until)
{
	if (promise_is_grid(promise))
		dither_schedule_pass(schedule, until);
	else
		while (schedule->due <= until)
			if (!step(promise, schedule))
				return false;
	return true;
}

static uint64_t instant_before(const struct promise *promise,
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

	if (!promise_is_grid(promise))
		return at.origin;
	dither_schedule_set(&at, &rate);
	return at.due;
}

enum promise_reach promise_reach(struct promise *promise,
				 struct dither_schedule *schedule, uint64_t due,
				 struct promise_around *around)
{
	struct dither_schedule at = *schedule;

	*around = (struct promise_around){ 0, at.due };
	if (due < at.due || (promise->stop && due > promise->stop))
		return REACH_MISSED;
	if (!promise_pass(promise, &at, due - 1))
		return REACH_TOO_FAR;
	if (at.due != due) {
		around->before = instant_before(promise, &at);
		around->after = at.due;
		return REACH_MISSED;
	}
	*schedule = at;
	return REACH_MET;
}

bool promise_has_cells(const struct promise *promise,
		       const struct dither_rate *record)
{
	return record->shift <= DITHER_SHIFT_MAX &&
	       record->cell_ns == promise->period << record->shift;
}

/* As in pass_renewal() of the schedule, at the record's time. */
static bool resumes(struct promise *promise, struct dither_schedule *schedule,
		    const struct dither_rate *record)
{
	if (promise_is_grid(promise) || record->origin != record->time ||
	    record->shift != schedule->shift ||
	    record->number < schedule->number + RESUME_DRAWS)
		return false;
	while (schedule->number + 1 < record->number &&
	       schedule->due <= record->time)
		if (!step(promise, schedule))
			return false;
	return schedule->number + 1 == record->number &&
	       schedule->due <= record->time;
}

bool promise_goes_on(struct promise *promise, struct dither_schedule *schedule,
		     const struct dither_rate *record)
{
	if (record->header.tid == DITHER_RATE_RESUME) {
		if (!resumes(promise, schedule, record))
			return false;
		dither_schedule_set(schedule, record);
		return true;
	}
	if (!promise_pass(promise, schedule, record->time))
		return false;
	dither_schedule_reshape(schedule, record->shift);
	return schedule->origin == record->origin &&
	       schedule->number == record->number &&
	       schedule->shift == record->shift;
}

bool promise_find_grid(const struct promise *promise, unsigned int cpu,
		       uint64_t origin, unsigned int shift, uint64_t due,
		       struct dither_schedule *schedule)
{
	struct dither_rate rate = {
		.header.tid = DITHER_RATE_SLOWER,
		.origin = origin,
		.shift = shift,
	};

	if (!promise_is_grid(promise) || shift > DITHER_SHIFT_MAX ||
	    due < origin)
		return false;
	rate.cell_ns = promise->period << shift;
	rate.number = (due - origin) / rate.cell_ns;
	promise_begin(promise, cpu, origin, schedule);
	dither_schedule_set(schedule, &rate);
	return true;
}
