// SPDX-License-Identifier: GPL-2.0
/*
 * What is usual is taken from the recording itself: an emulated machine is
 * later than a real one all the time. Cells that pass within a usual lateness
 * are no later than their sample, and count where it stands.
 */
#include "late_samples.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/bytes.h"
#include "../base/decimal.h"
#include "../profile/synthetic_frames.h"

#define FLOOR_NS 10000U
#define TIMES 4U /* the lower quartile */

const char *const late_names[LATE_KINDS] = {
	[LATE_IRQS_OFF] = SYNTHETIC_IRQS_OFF,
	[LATE_CPU_STOLEN] = SYNTHETIC_LATE,
};

static uint32_t usual(const uint32_t *lateness, size_t count, uint64_t period)
{
	uint64_t limit = count ? (uint64_t)TIMES * lateness[count / 4] : 0;

	limit = limit < FLOOR_NS ? FLOOR_NS : limit;
	limit = period && limit > period ? period : limit;
	return limit < UINT32_MAX ? (uint32_t)limit : UINT32_MAX - 1;
}

int late_begin(struct late *late, const struct recording *recording,
	       const uint32_t *lateness, size_t count, const char *given,
	       struct error *error)
{
	uint64_t period = recording_number(recording, "period_ns");
	const char *end;
	double us;

	*late = (struct late){ .limit_ns = usual(lateness, count, period) };
	if (!given)
		return 0;
	if (!decimal_read(given, &us, &end) || *end || !(us >= 0) ||
	    !(us <= DITHER_PERIOD_MAX_NS / 1e3))
		return error_set(error, -EINVAL,
				 "--late: '%s' is not a number of microseconds",
				 given);
	if (period && us * 1e3 > (double)period)
		return error_set(error, -EINVAL,
				 "--late: %s us are more than the sampling "
				 "period of %s",
				 given, recording_path(recording));
	late->limit_ns = (uint32_t)(us * 1e3);
	return 0;
}

void late_free(struct late *late)
{
	free(late->functions);
}

static enum late_kind kind_of(const struct dither_sample *sample)
{
	/* A CPU that slept takes its time to wake up. */
	return sample->header.flags &
			       (DITHER_SAMPLE_USER | DITHER_SAMPLE_IDLE) ?
		       LATE_CPU_STOLEN :
		       LATE_IRQS_OFF;
}

enum late_kind late_sample(struct late *late,
			   const struct dither_sample *sample, double weight,
			   uint32_t passed)
{
	double cells = 1 + (double)passed;
	enum late_kind kind;

	late->cells += weight * cells;
	late->squares += weight * weight * cells;
	late->passed += passed;
	late->foreign += sample->overruns - passed;
	if (sample->lateness <= late->limit_ns)
		return LATE_NOT;
	kind = kind_of(sample);
	late->weight[kind] += weight * cells;
	late->samples[kind]++;
	return kind;
}

void late_function(struct late *late, uint32_t name,
		   const struct dither_sample *sample, double weight,
		   double cells)
{
	struct late_function *function;

	while (name >= late->function_room) {
		size_t room = late->function_room;

		late->functions = alloc_grow(late->functions, room,
					     &late->function_room,
					     sizeof(*late->functions));
		memset(late->functions + room, 0,
		       (late->function_room - room) * sizeof(*late->functions));
	}
	function = &late->functions[name];
	function->name = name;
	function->weight += weight * cells;
	function->sampled += weight;
	if (sample->lateness > function->longest)
		function->longest = sample->lateness;
}

struct ranked {
	struct late_function function;
	const struct profile *profile;
};

static int by_weight(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;
	uint32_t one = a->function.name, other = b->function.name;

	if (a->function.weight != b->function.weight)
		return a->function.weight < b->function.weight ? 1 : -1;
	return bytes_compare(profile_text(a->profile, one),
			     profile_text_length(a->profile, one),
			     profile_text(b->profile, other),
			     profile_text_length(b->profile, other));
}

struct late_function *late_functions(const struct late *late,
				     const struct profile *profile,
				     size_t *count)
{
	struct ranked *ranked =
		alloc_zeroed(late->function_room + 1, sizeof(*ranked));
	struct late_function *functions =
		alloc_zeroed(late->function_room + 1, sizeof(*functions));
	size_t used = 0;

	for (size_t i = 0; i < late->function_room; i++)
		if (late->functions[i].weight > 0)
			ranked[used++] =
				(struct ranked){ late->functions[i], profile };
	if (used)
		qsort(ranked, used, sizeof(*ranked), by_weight);
	for (size_t i = 0; i < used; i++)
		functions[i] = ranked[i].function;
	free(ranked);
	*count = used;
	return functions;
}
