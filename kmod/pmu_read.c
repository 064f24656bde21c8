// SPDX-License-Identifier: GPL-2.0
/*
 * A counter that is not running (the CPU came back, the kernel throttled it)
 * yields unknown values until it does. Called by the clock, or by the handler
 * of the event that is in its place.
 */
#include "compat/perf.h"
#include "pmu_read.h"

bool dither_counter_runs(const struct dither_counter *counter)
{
	return counter->event &&
	       READ_ONCE(counter->event->oncpu) == counter->cpu_number;
}

/*
 * What perf_event_read_local() does, which modules cannot call. Interrupts are
 * off, so the event stays where it is.
 */
static u64 read_running(struct perf_event *event)
{
	event->pmu->read(event);
	return local64_read(&event->count);
}

u64 dither_counter_read(const struct dither_counter *counter)
{
	struct perf_event *event = counter->event;

	if (!event)
		return counter->seen;
	return dither_counter_runs(counter) ? read_running(event) :
					      local64_read(&event->count);
}

/* Of one that makes samples and runs: whether it did since the last instant. */
static bool ran_throughout(struct dither_counter *counter)
{
	u64 throttled = local64_read(&counter->overflow.throttled);
	bool stopped = dither_event_is_throttled(counter->event);
	bool ran = !stopped && !counter->stopped &&
		   throttled == counter->throttled_seen;

	counter->stopped = stopped;
	counter->throttled_seen = throttled;
	return ran;
}

/* What was counted since the last instant, if that is known. */
static u64 read_delta(struct dither_counter *counter)
{
	bool running = dither_counter_runs(counter);
	u64 before = counter->seen;
	u64 delta;

	counter->seen = likely(running) ? read_running(counter->event) :
					  dither_counter_read(counter);
	delta = counter->seen - before;
	if (likely(running) &&
	    (likely(!counter->samples) || ran_throughout(counter)))
		return delta;
	counter->sums[DITHER_OUTCOME_UNKNOWN] += delta;
	counter->unknown_windows++;
	return DITHER_COUNT_UNKNOWN;
}

void dither_pmu_read(struct dither_pmu *pmu, u64 now,
		     struct dither_counts *counts)
{
	struct dither_counter *end = &pmu->counter[pmu->count];
	u64 *value = &counts->value[counts->count];
	struct dither_counter *counter;

	*value++ = pmu->live ? now - pmu->read_at : 0;
	counts->first = counts->count + 1;
	counts->count += 1 + pmu->count;
	pmu->read_at = now;
	for (counter = pmu->counter; counter < end; counter++)
		*value++ = likely(pmu->live) ? read_delta(counter) :
					       DITHER_COUNT_UNKNOWN;
}

void dither_pmu_account(struct dither_pmu *pmu,
			const struct dither_counts *counts,
			enum dither_outcome outcome)
{
	const u64 *value = &counts->value[counts->first];
	u32 i;

	for (i = 0; i < pmu->count; i++) {
		if (likely(value[i] != DITHER_COUNT_UNKNOWN))
			pmu->counter[i].sums[outcome] += value[i];
	}
	barrier();
	pmu->passes++;
}

void dither_pmu_pass(struct dither_pmu *pmu, u64 now,
		     enum dither_outcome outcome)
{
	struct dither_counts counts = { .count = 0 };

	dither_pmu_read(pmu, now, &counts);
	dither_pmu_account(pmu, &counts, outcome);
}
