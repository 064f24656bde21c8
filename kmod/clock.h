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

/* The watch on idle CPUs; needed while any session runs. Task context. */
void dither_clock_watch_idle(void);
void dither_clock_unwatch_idle(void);

/* Whether this kernel tells when a CPU goes idle. */
bool dither_clock_has_idle_hook(void);

#endif
