/* SPDX-License-Identifier: GPL-2.0 */
/* The result of a walk: input of the STACK record and of the comparison. */
#ifndef DITHER_STACK_WALK_H
#define DITHER_STACK_WALK_H

#include "portable.h"
#include "../../include/dither/abi.h"

struct dither_cpu;
struct dither_kept_rule;

/* No epoch is ever that one, nor 0, with which a table begins. */
#define DITHER_EPOCH_NONE 0xffffffffU

/*
 * Addresses of one stack and, after a walk by frame pointers, the chain that
 * led to them; see dither_walk.trail. What is here may be another program's, or
 * a lie: it is compared with, and never followed.
 */
struct dither_cached_stack {
	/* [i] is what the frame of addresses[i] gives as its caller's frame. */
	unsigned long links[DITHER_DEPTH_MAX + 1];
	unsigned long addresses[DITHER_DEPTH_MAX + 1];
	unsigned long first;	/* the frame that the chain began with */
	u32 linked;		/* .count of the walk that left .links; 0: none */
	u32 count;
	u32 room;		/* of the walk that filled it */
	u32 ref;		/* the stack's number in epoch .epoch */
	u32 epoch;		/* DITHER_EPOCH_NONE: it has no number */
	u8 flags;
	u8 unwinder;
	u8 end;
	u8 leads;		/* addresses before the chain's; of .linked */
	bool beyond;		/* what lies in the last link's frame ended it */
};

/* A walk's result; see struct dither_stack for the meaning of its members. */
struct dither_walk {
	/*
	 * In: where to put it. For user stacks it may still hold the last one
	 * that was walked on this CPU (.count 0: nothing): what is found in
	 * its place again, word for word, need not be walked again.
	 */
	struct dither_cached_stack *cached;
	u32 room;		/* in: at most so many addresses */
	struct dither_cpu *tables; /* in: use tables, and ask for them here */
	struct dither_kept_rule *kept; /* in: rules of earlier walks, or NULL */
	u32 count;
	u8 flags;		/* DITHER_STACK_* */
	u8 unwinder;
	u8 end;
	bool same;		/* nothing has changed since the last walk */
};

#endif
