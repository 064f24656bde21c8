/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Processes of which a record was not written, so that their earlier records may
 * be out of date: a set of classes of numbers in the namespace of its opener, per
 * session. Changed and read in any context, NMI included.
 */
#ifndef DITHER_STALE_PROCESSES_H
#define DITHER_STALE_PROCESSES_H

#include <linux/bitops.h>
#include <linux/types.h>

#include "../include/dither/abi.h"

#define DITHER_STALE_TOLD 64U

struct dither_stale {
	unsigned long *due;	/* a FORGET record is to be written */
	unsigned long *unknown;	/* … or was, and no snapshot came since */
	/* Of the latest FORGET record, by the last bits of its number. */
	u64 told[DITHER_STALE_TOLD];
};

int dither_stale_init(struct dither_stale *stale);
void dither_stale_uninit(struct dither_stale *stale);

void dither_stale_mark(struct dither_stale *stale, u32 number);

/* A child of @parent knows no more than that. */
void dither_stale_fork(struct dither_stale *stale, u32 parent, u32 child);

/* A FORGET record for @number has been written, of time @time. */
void dither_stale_told(struct dither_stale *stale, u32 number, u64 time);

/* A snapshot of @number begins. */
void dither_stale_learn(struct dither_stale *stale, u32 number);

/*
 * Whether @number's sample of time @now is to have a FORGET record before it.
 * One that another CPU has just written, in a sample's handler that began
 * later, holds from its own time on, which is too late for this.
 */
static inline bool dither_stale_is_due(const struct dither_stale *stale,
				       u32 number, u64 now)
{
	if (unlikely(test_bit(number % DITHER_FORGET_CLASSES, stale->due)))
		return true;
	/* Pairs with the barrier between .told and the bit. */
	smp_rmb();
	return unlikely(now <
			READ_ONCE(stale->told[number % DITHER_STALE_TOLD]));
}

#endif
