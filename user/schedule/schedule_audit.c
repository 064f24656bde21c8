// SPDX-License-Identifier: GPL-2.0
/*
 * A CPU's records are read in the order of its ring, which is that of its
 * schedule; the clocks of several CPUs do not matter. The ledger came by
 * another way than the records, so that what both tell must be the same.
 */
#include "schedule_audit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../file/records.h"

struct run {
	struct recording *recording;
	struct schedule_check *schedule_check;
	schedule_check_problem *problem;
	void *context;
	struct schedule_audit *result;
};

/* Of one CPU's records. */
struct seen {
	uint64_t kept, events;
	bool gap;
};

/* As many bytes as are looked at; the file may go away meanwhile. */
union record_copy {
	struct dither_record header;
	struct dither_sample sample;
	struct dither_rate rate;
};

static void take(struct run *run, unsigned int cpu,
		 const union record_copy *record, struct seen *seen)
{
	switch (record->header.type) {
	case DITHER_RECORD_SAMPLE:
		seen->kept += !record->sample.event;
		seen->events += !!record->sample.event;
		schedule_check_sample(run->schedule_check, cpu,
				      &record->sample);
		break;
	case DITHER_RECORD_LOST:
		schedule_check_lost(run->schedule_check, cpu);
		break;
	case DITHER_RECORD_RATE:
		schedule_check_rate(run->schedule_check, cpu, &record->rate);
		break;
	}
}

static void read_records(struct run *run, unsigned int cpu, struct seen *seen)
{
	const struct dither_record *record;
	struct record_cursor cursor;
	union record_copy copy;

	records_start(&cursor, run->recording, cpu, 0);
	/* A ring is read from its beginning, or something is missing there. */
	if (cursor.count && cursor.pieces[0].position)
		seen->gap = true;
	if (seen->gap)
		schedule_check_gap(run->schedule_check, cpu);
	while ((record = records_next(&cursor))) {
		memcpy(&copy, record,
		       cursor.size < sizeof(copy) ? cursor.size : sizeof(copy));
		if (recording_broken(run->recording))
			return;
		if (cursor.gap) {
			seen->gap = true;
			schedule_check_gap(run->schedule_check, cpu);
		}
		take(run, cpu, &copy, seen);
	}
}

/* The ledger has @have of @what, where @whose account is @low to @high. */
static void compare(struct run *run, unsigned int cpu, uint64_t have,
		    const char *what, const char *whose, uint64_t low,
		    uint64_t high)
{
	char text[160], range[48];

	if (have >= low && have <= high)
		return;
	run->result->problems++;
	if (!run->problem)
		return;
	if (low == high || high == UINT64_MAX)
		snprintf(range, sizeof(range), "%" PRIu64, low);
	else
		snprintf(range, sizeof(range), "%" PRIu64 " to %" PRIu64, low,
			 high);
	snprintf(text, sizeof(text), "the ledger has %" PRIu64 " %s, %s %s",
		 have, what, whose, range);
	run->problem(run->context, cpu, text);
}

static uint64_t lost_samples(const __u64 lost[DITHER_LOST_COUNT])
{
	return lost[DITHER_LOST_RING] + lost[DITHER_LOST_NESTED] +
	       lost[DITHER_LOST_REGS];
}

/* What holds whatever the schedule was. */
static void check_terms(struct run *run, unsigned int cpu,
			const struct dither_ledger *ledger,
			const struct seen *seen,
			const struct schedule_check_count *count)
{
	uint64_t terms = ledger->kept + ledger->idle + ledger->overruns +
			 ledger->filtered + ledger->offline +
			 lost_samples(ledger->lost);

	compare(run, cpu, ledger->cells, "cells", "its terms", terms, terms);
	compare(run, cpu, ledger->kept, "samples kept", "the file", seen->kept,
		seen->kept);
	compare(run, cpu, ledger->event_kept, "samples by events kept",
		"the file", seen->events, seen->events);
	/* Those before a sample that was not kept are told by none. */
	compare(run, cpu, ledger->overruns, "overruns",
		"with samples there are at least", count->overruns, UINT64_MAX);
}

static void verify_cpu(struct run *run, unsigned int cpu)
{
	const struct dither_ledger *ledger =
		recording_ledger(run->recording, cpu);
	struct schedule_audit *result = run->result;
	struct schedule_check_count *count = &result->cpus[cpu];
	struct seen seen = { 0 };

	read_records(run, cpu, &seen);
	*count = schedule_check_end(run->schedule_check, cpu);
	result->samples += count->samples;
	result->met += count->met;
	result->unknown += count->unknown;
	result->problems += count->problems;
	result->events += seen.events;
	if (!ledger || seen.gap || !recording_complete(run->recording))
		return;
	check_terms(run, cpu, ledger, &seen, count);
	/* Passed up to the last record at least, and to the end at most. */
	if (count->counted && ledger->shift == count->shift)
		compare(run, cpu, ledger->cells, "cells", "the schedule",
			count->cells, count->cells_at_stop);
}

int schedule_audit(struct recording *recording, schedule_check_problem *problem,
		   void *context, struct schedule_audit *result,
		   struct error *error)
{
	struct run run = {
		.recording = recording,
		.schedule_check =
			schedule_check_new(recording, problem, context),
		.problem = problem,
		.context = context,
		.result = result,
	};

	if (!run.schedule_check)
		return error_set(
			error, -EINVAL,
			"%s: does not say how it was sampled: policy, seed, period or jitter is missing or wrong",
			recording_path(recording));
	*result = (struct schedule_audit){ .count = recording_cpus(recording) };
	result->cpus = alloc_zeroed(result->count, sizeof(*result->cpus));
	for (unsigned int cpu = 0; cpu < result->count; cpu++)
		verify_cpu(&run, cpu);
	schedule_check_free(run.schedule_check);
	if (!recording_shrunk(recording))
		return 0;
	free(result->cpus);
	return error_set(error, -EIO,
			 "%s: changed or became unreadable while it was read",
			 recording_path(recording));
}
