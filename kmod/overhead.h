/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What dither takes beside a session's own handlers: an interrupt's way in and
 * out and a reading of the clock, measured once; and what is done once for all
 * sessions, by CPU.
 */
#ifndef DITHER_OVERHEAD_H
#define DITHER_OVERHEAD_H

#include <linux/ktime.h>
#include <linux/percpu.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/types.h>

struct dither_overhead {
	u32 timer_ns;		/* an interrupt of the timer, but for its handler */
	u32 user_timer_ns;	/* … of user mode; the same as long as */
	bool user_unknown;	/* … that is to be measured */
	u32 clock_ns;		/* a reading of the clock */
};

/* 0 where it could not be measured, or is less than the clock can tell. */
extern struct dither_overhead dither_overhead;

/* ns that work for all sessions took on each CPU, since the module was loaded. */
DECLARE_PER_CPU(u64, dither_shared_ns);

/* A piece of such work by the current task, or an interrupt of it. */
struct dither_stint {
	u64 begun;
	unsigned long switches;
};

static inline struct dither_stint dither_stint_begin(void)
{
	return (struct dither_stint){
		.begun = ktime_get_mono_fast_ns(),
		.switches = current->nvcsw + current->nivcsw,
	};
}

/*
 * It is not counted if the task has slept in it, or was preempted. The two
 * readings of the clock have halves outside, and the way to the first one and
 * from the last one takes about another half.
 */
static inline void dither_stint_end(struct dither_stint stint)
{
	u64 took = ktime_get_mono_fast_ns() - stint.begun;

	if (likely(current->nvcsw + current->nivcsw == stint.switches))
		this_cpu_add(dither_shared_ns,
			     took + 3 * dither_overhead.clock_ns / 2);
}

/* Takes about a millisecond. Task context, before any session. */
void dither_overhead_measure(void);
/* After all of them. */
void dither_overhead_uninit(void);

/*
 * Measure what an interrupt of user mode takes, by a few more of the program that
 * is interrupted. Interrupt context. If the program leaves user mode meanwhile,
 * that stays unknown.
 */
void dither_overhead_measure_user(void);

/* What the timer's interrupt that was at @regs takes beside its handler. */
static inline u32 dither_overhead_of(struct pt_regs *regs)
{
	if (!regs || !user_mode(regs))
		return dither_overhead.timer_ns;
	if (unlikely(READ_ONCE(dither_overhead.user_unknown)))
		dither_overhead_measure_user();
	return READ_ONCE(dither_overhead.user_timer_ns);
}

#endif
