/* SPDX-License-Identifier: GPL-2.0 */
/* What the sampler has written into a ring, against what it should have. */
#ifndef WALKS_RECORDS_H
#define WALKS_RECORDS_H

#include "kernel.h"
#include "../../kmod/session_state.h"

/* A stack as a walk without any cache finds it. */
struct records_stack {
	u32 count;
	u8 flags;
	u8 unwinder;
	u8 end;
	u64 addresses[DITHER_DEPTH_MAX + 1];
};

struct records;

struct records *records_new(void);

/* The sample of time @time is to have @stack; NULL: no user stack. */
void records_expect(struct records *records, u64 time,
		    const struct records_stack *stack);

/*
 * Compare all that has been written since the last call; where @read is false
 * the reader falls behind. Samples that were lost were expected for nothing.
 */
void records_compare(struct records *records, struct dither_ring *ring,
		     struct dither_tail *tail, bool read);

/* Samples compared so far. */
u64 records_compared(const struct records *records);

#endif
