/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The clock of a session on one CPU: a pinned timer in hard interrupt context
 * that follows the schedule, sleeps when the CPU does, and accounts for every
 * cell.
 */
#ifndef DITHER_CLOCK_H
#define DITHER_CLOCK_H

#include <linux/types.h>

struct dither_cpu;

void dither_clock_init(struct dither_cpu *cpu);

/* On @cpu itself, in task context: the CPU comes and goes, or the session. */
void dither_clock_start(struct dither_cpu *cpu);
void dither_clock_stop(struct dither_cpu *cpu);

/*
 * Whether the functions below are called: a kernel without the tracepoint cannot
 * be watched. Task context.
 */
void dither_clock_watch_idle(bool watched);

/*
 * The CPU goes idle, or comes back from there to a task. On @cpu itself with
 * interrupts off, any context but NMI, as the next two.
 */
void dither_clock_sleep(struct dither_cpu *cpu, u64 now);
void dither_clock_wake(struct dither_cpu *cpu, u64 now);

/* The same for an interrupt of an idle CPU that may wake no task. */
void dither_clock_rouse(struct dither_cpu *cpu, u64 now);
void dither_clock_rest(struct dither_cpu *cpu, u64 now);

/* The instant that a sleeping clock waits for; 0: awake; U64_MAX: not running. */
u64 dither_clock_wakes_at(const struct dither_cpu *cpu);

/* Interrupts of idle CPUs are sampled on the instant if it is so near. */
#define DITHER_CLOCK_NEAR_NS 50000

#endif
