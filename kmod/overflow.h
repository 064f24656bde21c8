/* SPDX-License-Identifier: GPL-2.0 */
/* Events that make samples: what is done when a counter overflows. */
#ifndef DITHER_OVERFLOW_H
#define DITHER_OVERFLOW_H

#include <linux/types.h>

struct dither_counter;
struct perf_event;
struct perf_sample_data;
struct pt_regs;

/* The first distance, for who creates the event; its schedule goes on. */
u64 dither_overflow_begin(struct dither_counter *counter, u32 number);

/* From now on, when the event has counted @count. On the CPU itself. */
void dither_overflow_resume(struct dither_counter *counter, u64 count, u64 now);

/* A perf_overflow_handler_t: in task, IRQ or NMI context, as the event has it. */
void dither_overflow_serve(struct perf_event *event,
			   struct perf_sample_data *data, struct pt_regs *regs);

#endif
