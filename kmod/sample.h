/* SPDX-License-Identifier: GPL-2.0 */
/* From interrupted registers to a sample in the ring. */
#ifndef DITHER_SAMPLE_H
#define DITHER_SAMPLE_H

#include <linux/types.h>

#include "pmu_read.h"

struct dither_cpu;
struct pt_regs;

/*
 * Deal with one cell that was due at @due and served at @now: account it as
 * kept, filtered or lost. Interrupts are off.
 */
void dither_sample_take(struct dither_cpu *cpu, struct pt_regs *regs, u64 now,
			u64 due);

/*
 * Take a sample outside the schedule; @event, not 0, says what caused it, and
 * @counts, or NULL, goes with it. Any context, NMI included, on @cpu itself
 * with preemption off and under RCU.
 */
enum dither_outcome dither_sample_event(struct dither_cpu *cpu,
					struct pt_regs *regs, u8 event,
					const struct dither_counts *counts);

/* Scratch space for the walks of all CPUs. */
int dither_sample_init(void);
void dither_sample_uninit(void);

#endif
