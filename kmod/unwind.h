/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Walking stacks from the registers of the interrupted context. Everything
 * here is IRQ and NMI safe and never faults in.
 */
#ifndef DITHER_UNWIND_H
#define DITHER_UNWIND_H

#include "core/stack_walk.h"

struct pt_regs;

/* Callers of the kernel-mode context @regs; not its own address. */
void dither_unwind_kernel(struct pt_regs *regs, struct dither_walk *walk);

/*
 * Callers of the user-mode context @regs of the current task, preceded by its
 * instruction pointer if @with_ip.
 */
void dither_unwind_user(struct pt_regs *regs, bool with_ip,
			struct dither_walk *walk);

#endif
