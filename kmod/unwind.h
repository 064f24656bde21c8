/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Walking stacks from the registers of the interrupted context. Everything
 * here is IRQ and NMI safe and never faults in.
 */
#ifndef DITHER_UNWIND_H
#define DITHER_UNWIND_H

#include <linux/bitops.h>
#include <linux/types.h>
#include "../include/dither/abi.h"

struct pt_regs;

/* A walk's result; see struct dither_stack for the meaning of its members. */
struct dither_walk {
	unsigned long *addresses;	/* room for .room of them */
	u32 room;
	u32 count;
	u64 hash;			/* of the addresses, begun with a key */
	u8 flags;			/* DITHER_STACK_* */
	u8 unwinder;
	u8 end;
};

/* Callers of the kernel-mode context @regs; not its own address. */
void dither_unwind_kernel(struct pt_regs *regs, struct dither_walk *walk);

/*
 * Callers of the user-mode context @regs of the current task, preceded by its
 * instruction pointer if @with_ip.
 */
void dither_unwind_user(struct pt_regs *regs, bool with_ip,
			struct dither_walk *walk);

/* Multiply and rotate: enough for a table that is keyed and short-lived. */
static __always_inline u64 dither_hash(u64 hash, unsigned long address)
{
	return rol64((hash ^ address) * 0x9fb21c651e98df25ULL, 29);
}

static __always_inline void dither_walk_add(struct dither_walk *walk,
					    unsigned long address)
{
	walk->addresses[walk->count++] = address;
	walk->hash = dither_hash(walk->hash, address);
}

#endif
