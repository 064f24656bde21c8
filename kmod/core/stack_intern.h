/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stacks by number: each distinct stack is written to the ring once per epoch,
 * samples name it. One table per ring, used on the ring's CPU only, by
 * contexts that nest; it forgets everything when an epoch ends.
 *
 * A stack is known by its 64 bit keyed hash alone. Among the at most 2^18
 * stacks of an epoch two of the same hash are met once in 2^29 epochs.
 */
#ifndef DITHER_STACK_INTERN_H
#define DITHER_STACK_INTERN_H

#include "portable.h"
#include "ring.h"
#include "../../include/dither/abi.h"

struct dither_intern_slot {
	u64 hash;
	u32 state;	/* epoch it belongs to, perhaps with the busy bit */
	u32 reserved;
};

struct dither_intern {
	struct dither_intern_slot *slots;
	u32 mask;		/* slots - 1 */
	u32 epoch;		/* 1, 2, 3, … */
	u32 epoch_start;	/* ring position */
	u32 epoch_bytes;	/* an epoch ends after that many */
	u32 users;		/* contexts between begin and end */
	bool rolling;
};

/* Slots for a ring of @ring_bytes: a power of two, at most 2^20. */
u32 dither_intern_slots(u32 ring_bytes);

void dither_intern_init(struct dither_intern *intern,
			struct dither_intern_slot *slots, u32 count,
			u32 epoch_bytes);

/* For dither_intern_begin(): the epoch is over. */
void dither_intern_roll(struct dither_intern *intern, struct dither_ring *ring,
			u64 now);

/*
 * Bracket the lookups and the writing of one sample; begin starts an epoch
 * when it is time (@ring must be running). IRQ and NMI safe, as all below.
 */
static inline void dither_intern_begin(struct dither_intern *intern,
				       struct dither_ring *ring, u64 now)
{
	WRITE_ONCE(intern->users, intern->users + 1);
	barrier();
	if (unlikely(READ_ONCE(ring->reserved) - intern->epoch_start >=
		     intern->epoch_bytes))
		dither_intern_roll(intern, ring, now);
}

static inline void dither_intern_end(struct dither_intern *intern)
{
	barrier();
	WRITE_ONCE(intern->users, intern->users - 1);
}

enum dither_intern_result {
	DITHER_INTERN_KNOWN,	/* *ref names a stack of this epoch */
	DITHER_INTERN_CLAIMED,	/* write it as *ref, then settle the claim */
	DITHER_INTERN_NO_PLACE,	/* write it beside the sample */
};

enum dither_intern_result dither_intern_find(struct dither_intern *intern,
					     u64 hash, u32 *ref);

/* Settle the claim on *ref: whether the STACK record was written. */
void dither_intern_settle(struct dither_intern *intern, u32 ref, bool written);

#endif
