/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A walked stack as a STACK record. Pure; IRQ and NMI safe.
 *
 * Two samples of a program mostly have their outer frames in common: a stack
 * that has at least half of its own in common with an earlier one refers to it
 * (struct dither_stack_base).
 */
#ifndef DITHER_STACK_RECORD_H
#define DITHER_STACK_RECORD_H

#include "stack_walk.h"

/* The last user stack of a CPU that was written whole, with a number. */
struct dither_base {
	unsigned long addresses[DITHER_DEPTH_MAX + 1];
	u32 count;
	u32 ref;
	u32 epoch; /* of .ref; see dither_cached_stack.epoch */
};

void dither_stack_record_keep(struct dither_base *base,
			      const struct dither_walk *walk, u32 ref, u32 epoch);

/* How many outermost addresses to leave to @base; 0: better be whole. */
u32 dither_stack_record_shared(const struct dither_walk *walk,
			       const struct dither_base *base);

/* Bytes of the record without @shared addresses, a multiple of 8. */
u32 dither_stack_record_bytes(const struct dither_walk *walk, u32 shared);

/*
 * Write the record of @bytes as number @ref at @at, with @shared addresses of
 * @base (not looked at if there are none); returns where it ends.
 */
u8 *dither_stack_record_write(u8 *at, const struct dither_walk *walk, u32 ref,
			      u32 bytes, const struct dither_base *base,
			      u32 shared);

#endif
