// SPDX-License-Identifier: GPL-2.0
/*
 * Grid policies: a sample's cell follows from its instant, and is drawn again.
 * Renewal policies: draws are passed one by one until the sample's instant is
 * met or exceeded. A sample that was due before the rate changed may stand
 * behind the RATE record, so the schedule before it is kept.
 */
#include "instants.h"

#include <stdlib.h>
#include <string.h>

#include "../../kmod/schedule.h"
#include "../base/alloc.h"
#include "../base/policy.h"

/* More draws than this are never passed without a RATE record. */
#define PASS_MAX 1000

struct segment {
	struct dither_schedule schedule;
	struct dither_rate rate;
	bool known;
};

struct instants {
	struct segment *current;	/* by CPU */
	struct segment *previous;
	unsigned int cpus;
	uint64_t known, met;
};

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

static bool policy_named(const char *name, uint32_t *policy)
{
	for (uint32_t i = 0; name && i < DITHER_POLICY_COUNT; i++) {
		if (!strcmp(name, policy_names[i])) {
			*policy = i;
			return true;
		}
	}
	return false;
}

struct instants *instants_new(const struct recording *recording)
{
	uint64_t seed, period, jitter;
	struct instants *instants;
	uint32_t policy;

	if (!policy_named(recording_meta(recording, "policy"), &policy) ||
	    !number(recording, "seed", &seed) ||
	    !number(recording, "period_ns", &period) ||
	    !number(recording, "jitter_ppm", &jitter) ||
	    period < DITHER_PERIOD_MIN_NS || period > DITHER_PERIOD_MAX_NS ||
	    jitter > DITHER_JITTER_MAX_PPM)
		return NULL;
	instants = alloc_zeroed(1, sizeof(*instants));
	instants->cpus = recording_cpus(recording);
	instants->current =
		alloc_zeroed(instants->cpus, sizeof(*instants->current));
	instants->previous =
		alloc_zeroed(instants->cpus, sizeof(*instants->previous));
	for (unsigned int cpu = 0; cpu < instants->cpus; cpu++)
		dither_schedule_start(&instants->current[cpu].schedule, policy,
				      (uint32_t)jitter, period, seed, cpu, 0);
	return instants;
}

void instants_free(struct instants *instants)
{
	if (!instants)
		return;
	free(instants->current);
	free(instants->previous);
	free(instants);
}

void instants_rate(struct instants *instants, unsigned int cpu,
		   const struct dither_rate *record)
{
	struct segment *segment;

	if (!instants || cpu >= instants->cpus)
		return;
	segment = &instants->current[cpu];
	instants->previous[cpu] = *segment;
	segment->rate = *record;
	segment->known = record->cell_ns && record->shift <= DITHER_SHIFT_MAX &&
			 record->cell_ns ==
				 segment->schedule.period << record->shift;
	if (segment->known)
		dither_schedule_set(&segment->schedule, record);
}

static bool meets_grid(struct segment *segment, uint64_t due)
{
	struct dither_rate rate = segment->rate;

	if (due < rate.origin)
		return false;
	rate.number = (due - rate.origin) / rate.cell_ns;
	dither_schedule_set(&segment->schedule, &rate);
	return segment->schedule.due == due;
}

static bool meets_renewal(struct segment *segment, uint64_t due)
{
	struct dither_schedule *schedule = &segment->schedule;

	for (int i = 0; i < PASS_MAX && schedule->due < due; i++)
		dither_schedule_pass(schedule, schedule->due);
	return schedule->due == due;
}

static bool meets(struct segment *segment, uint64_t due)
{
	if (!segment->known)
		return false;
	if (dither_schedule_is_grid(segment->schedule.policy))
		return meets_grid(segment, due);
	return meets_renewal(segment, due);
}

void instants_sample(struct instants *instants, unsigned int cpu,
		     const struct dither_sample *sample)
{
	uint64_t due = sample->time - sample->lateness;
	struct segment *current, *previous;

	if (!instants || cpu >= instants->cpus ||
	    sample->lateness == UINT32_MAX)
		return;
	current = &instants->current[cpu];
	previous = &instants->previous[cpu];
	instants->known++;
	/* The earlier one first: the later is not to be passed by for it. */
	if (previous->known && due <= current->rate.time)
		instants->met += meets(previous, due) || meets(current, due);
	else
		instants->met += meets(current, due);
}

uint64_t instants_known(const struct instants *instants)
{
	return instants ? instants->known : 0;
}

uint64_t instants_met(const struct instants *instants)
{
	return instants ? instants->met : 0;
}
