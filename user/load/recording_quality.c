// SPDX-License-Identifier: GPL-2.0
/*
 * Counts before and while load.c replays. Latenesses are kept one by one, four
 * bytes a sample, so that quantiles are exact.
 */
#include "recording_quality.h"

#include <stdlib.h>

#include "../base/alloc.h"
#include "../file/records.h"

static int ascending(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	return (a > b) - (a < b);
}

static void add_lateness(struct statistics *statistics,
			 const struct dither_sample *sample)
{
	if (sample->event)
		return;
	statistics->lateness = alloc_grow(statistics->lateness,
					  statistics->lateness_count,
					  &statistics->lateness_room,
					  sizeof(*statistics->lateness));
	statistics->lateness[statistics->lateness_count++] = sample->lateness;
}

void statistics_begin(struct statistics *statistics,
		      struct recording *recording)
{
	const struct dither_record *record;
	struct record_cursor cursor;

	for (unsigned int cpu = 0; cpu < recording_cpus(recording); cpu++) {
		records_start(&cursor, recording, cpu, 0);
		while ((record = records_next(&cursor)))
			if (record->type == DITHER_RECORD_SAMPLE)
				add_lateness(statistics, (const void *)record);
	}
	if (statistics->lateness_count)
		qsort(statistics->lateness, statistics->lateness_count,
		      sizeof(*statistics->lateness), ascending);
}

static void count_end(struct statistics *statistics, enum stack_half half,
		      uint32_t reference, const struct replay_stack *stack)
{
	unsigned int end = stack ? (unsigned int)stack->end : STACK_MISSING;

	if (reference == DITHER_STACK_NONE)
		end = STACK_NONE;
	else if (stack && end > STACK_UNKNOWN_END)
		end = STACK_UNKNOWN_END;
	statistics->missing += end == STACK_MISSING;
	statistics->ends[half][end]++;
}

static void count_ends(struct statistics *statistics,
		       const struct dither_sample *sample,
		       const struct replay_stack *kernel,
		       const struct replay_stack *user)
{
	unsigned int flags = sample->header.flags;

	if (!(flags & DITHER_SAMPLE_USER))
		count_end(statistics, HALF_KERNEL, sample->kernel_stack,
			  kernel);
	if (!(flags & (DITHER_SAMPLE_IDLE | DITHER_SAMPLE_KTHREAD)))
		count_end(statistics, HALF_USER, sample->user_stack, user);
}

void statistics_event(struct statistics *statistics,
		      const struct dither_sample *sample,
		      const struct replay_stack *kernel,
		      const struct replay_stack *user)
{
	statistics->events++;
	count_ends(statistics, sample, kernel, user);
}

void statistics_sample(struct statistics *statistics,
		       const struct dither_sample *sample,
		       const struct replay_stack *kernel,
		       const struct replay_stack *user)
{
	unsigned int flags = sample->header.flags;

	if (!statistics->samples || sample->time < statistics->first_time)
		statistics->first_time = sample->time;
	if (sample->time > statistics->last_time)
		statistics->last_time = sample->time;
	statistics->samples++;
	statistics->overruns += sample->overruns;
	statistics->user += !!(flags & DITHER_SAMPLE_USER);
	statistics->idle += !!(flags & DITHER_SAMPLE_IDLE);
	count_ends(statistics, sample, kernel, user);
}

void statistics_lost(struct statistics *statistics,
		     const struct dither_lost_record *record)
{
	for (unsigned int i = 0; i < DITHER_LOST_COUNT; i++) {
		struct loss *loss = &statistics->lost[i];

		if (!record->count[i])
			continue;
		if (!loss->count || record->first < loss->first)
			loss->first = record->first;
		if (!loss->count || record->last > loss->last)
			loss->last = record->last;
		loss->count += record->count[i];
	}
}

void statistics_rate(struct statistics *statistics, unsigned int cpu,
		     const struct dither_rate *record)
{
	uint32_t reason = record->header.tid;

	statistics->resumes += reason == DITHER_RATE_RESUME;
	if (reason != DITHER_RATE_SLOWER && reason != DITHER_RATE_FASTER)
		return;
	statistics->rates =
		alloc_grow(statistics->rates, statistics->rate_count,
			   &statistics->rate_room, sizeof(*statistics->rates));
	statistics->rates[statistics->rate_count++] = (struct rate_change){
		.time = record->time,
		.cell_ns = record->cell_ns,
		.cpu = cpu,
		.reason = reason,
	};
}

void statistics_free(struct statistics *statistics)
{
	free(statistics->lateness);
	free(statistics->rates);
}
