/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's counters on one CPU, read at every instant of the clock, so that
 * a sample carries what happened since the last one; and the account of what
 * became of each count. See struct dither_event.
 */
#ifndef DITHER_PMU_READ_H
#define DITHER_PMU_READ_H

#include <linux/types.h>
#include <linux/workqueue.h>
#include <asm/local64.h>

#include "../include/dither/abi.h"
#include "core/governor.h"
#include "core/period.h"

struct dither_cpu;
struct perf_event;

/* What becomes of a sample, and of the counts that would go with it. */
enum dither_outcome {
	DITHER_OUTCOME_KEPT,
	DITHER_OUTCOME_FILTERED,
	DITHER_OUTCOME_LOST,
	DITHER_OUTCOME_ASLEEP, /* counts only, as the next ones */
	DITHER_OUTCOME_UNSAMPLED,
	DITHER_OUTCOME_UNKNOWN,
	DITHER_OUTCOMES
};

/* Values on their way into a sample. */
struct dither_counts {
	u16 count;
	u16 first;		/* of those that dither_pmu_read() added */
	u64 value[DITHER_COUNTS_MAX];
};

/* Of an event that makes samples; its handler's alone, but for .throttled. */
struct dither_overflow {
	struct dither_period period;
	struct dither_governor governor;
	u64 count;		/* of the event, and */
	u64 time;		/* … when, at its last overflow */
	local64_t overflows;
	local64_t throttled;
};

/* One event on one CPU. */
struct dither_counter {
	struct dither_cpu *cpu;
	int cpu_number;
	struct perf_event *event;	/* NULL: there is none now */
	u64 seen;		/* its count at the last instant, */
	u64 base;		/* … when it began to be read */
	u64 before;		/* counted by those before it */
	u64 sums[DITHER_OUTCOMES];
	u64 unknown_windows;
	u64 throttled_seen;	/* .overflow.throttled at the last instant */
	bool stopped;		/* … and whether it stood still */
	bool samples;		/* has a period */
	struct dither_overflow overflow;
};

/*
 * What a CPU has of its session's events. Read and accounted by one kind of
 * context: the clock's, or without a clock the overflow handler of .leader.
 */
struct dither_pmu {
	u32 count;		/* events of the session; 0 for other CPUs */
	bool live;		/* the counters are there and are read */
	bool wanted;		/* they are to be */
	u64 read_at;		/* time of the last instant */
	u64 passes;		/* instants, for those who must not see half */
	struct dither_counter *leader;	/* NULL: the clock */
	struct work_struct renew;
	struct dither_counter counter[DITHER_COUNTERS_MAX];
};

#ifdef CONFIG_PERF_EVENTS

/* Whether it counts now; what it has counted. On the CPU, interrupts off. */
bool dither_counter_runs(const struct dither_counter *counter);
u64 dither_counter_read(const struct dither_counter *counter);

/*
 * Add to @counts what was counted since the last instant. On the CPU itself, in
 * the one context that reads. Each is followed by dither_pmu_account().
 */
void dither_pmu_read(struct dither_pmu *pmu, u64 now,
		     struct dither_counts *counts);
void dither_pmu_account(struct dither_pmu *pmu,
			const struct dither_counts *counts,
			enum dither_outcome outcome);

/* Both at once, where no sample is taken. */
void dither_pmu_pass(struct dither_pmu *pmu, u64 now,
		     enum dither_outcome outcome);

#else

static inline void dither_pmu_read(struct dither_pmu *pmu, u64 now,
				   struct dither_counts *counts)
{
}

static inline void dither_pmu_account(struct dither_pmu *pmu,
				      const struct dither_counts *counts,
				      enum dither_outcome outcome)
{
}

static inline void dither_pmu_pass(struct dither_pmu *pmu, u64 now,
				   enum dither_outcome outcome)
{
}

#endif
#endif
