/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A session's events on one CPU: the kernel's counters, read at every instant
 * of the clock, so that a sample carries what happened since the last one; and
 * the account of what became of each count. See struct dither_event.
 */
#ifndef DITHER_PMU_H
#define DITHER_PMU_H

#include <linux/types.h>
#include <linux/workqueue.h>
#include <asm/local64.h>

#include "core/governor.h"
#include "core/period.h"

struct dither_cpu;
struct dither_session;
struct perf_event;

/* What becomes of a sample, and of the counts that would go with it. */
enum dither_fate {
	DITHER_FATE_KEPT,
	DITHER_FATE_FILTERED,
	DITHER_FATE_LOST,
	DITHER_FATE_ASLEEP,	/* counts only, as the next ones */
	DITHER_FATE_UNSAMPLED,
	DITHER_FATE_UNKNOWN,
	DITHER_FATES
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
	struct perf_event *event;	/* NULL: there is none now */
	u64 seen;		/* its count at the last instant, */
	u64 base;		/* … when it began to be read */
	u64 before;		/* counted by those before it */
	u64 sums[DITHER_FATES];
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

/* Once, at load: whether this machine has a counter of cycles. */
void dither_pmu_init(void);
bool dither_pmu_has_hardware(void);

/* For a CPU's part of a session that is being configured. */
void dither_pmu_init_cpu(struct dither_cpu *cpu);

/*
 * Get all counters, on all CPUs that are on line. -ENODEV: not all can be
 * had, and none is held; ->events[].error tells. Task context, as the next
 * four.
 */
int dither_pmu_open(struct dither_session *session);

/*
 * Let them all go, once or twice; sampling has stopped. When this returns no
 * handler runs, nor will: what they use may be freed.
 */
void dither_pmu_close(struct dither_session *session);

/* On @cpu itself: the CPU comes and goes, or the session. */
void dither_pmu_start(struct dither_cpu *cpu);
void dither_pmu_stop(struct dither_cpu *cpu);

/*
 * Add to @counts what was counted since the last instant. On @cpu itself, in
 * the one context that reads. Each is followed by dither_pmu_account().
 */
void dither_pmu_read(struct dither_cpu *cpu, u64 now,
		     struct dither_counts *counts);
void dither_pmu_account(struct dither_cpu *cpu,
			const struct dither_counts *counts,
			enum dither_fate fate);

/* Both at once, where no sample is taken. */
void dither_pmu_pass(struct dither_cpu *cpu, u64 now, enum dither_fate fate);

/* On @cpu with interrupts off, or while nothing runs there. */
void dither_pmu_fill(struct dither_cpu *cpu, struct dither_ledger *ledger);

#else

static inline void dither_pmu_init(void)
{
}

static inline bool dither_pmu_has_hardware(void)
{
	return false;
}

static inline void dither_pmu_init_cpu(struct dither_cpu *cpu)
{
}

/* CONFIGURE refuses events. */
static inline int dither_pmu_open(struct dither_session *session)
{
	return 0;
}

static inline void dither_pmu_close(struct dither_session *session)
{
}

static inline void dither_pmu_start(struct dither_cpu *cpu)
{
}

static inline void dither_pmu_stop(struct dither_cpu *cpu)
{
}

static inline void dither_pmu_read(struct dither_cpu *cpu, u64 now,
				   struct dither_counts *counts)
{
}

static inline void dither_pmu_account(struct dither_cpu *cpu,
				      const struct dither_counts *counts,
				      enum dither_fate fate)
{
}

static inline void dither_pmu_pass(struct dither_cpu *cpu, u64 now,
				   enum dither_fate fate)
{
}

static inline void dither_pmu_fill(struct dither_cpu *cpu,
				   struct dither_ledger *ledger)
{
}

#endif
#endif
