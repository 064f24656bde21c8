/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A session's events on one CPU: the life of the kernel's counters, which
 * pmu_read.h reads. See struct dither_event.
 */
#ifndef DITHER_PMU_H
#define DITHER_PMU_H

#include <linux/types.h>

struct dither_cpu;
struct dither_ledger;
struct dither_session;

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

static inline void dither_pmu_fill(struct dither_cpu *cpu,
				   struct dither_ledger *ledger)
{
}

#endif
#endif
