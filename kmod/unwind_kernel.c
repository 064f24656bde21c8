// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel stacks from the interrupted registers, so that the handler's own
 * frames never show: by the kernel's unwinder where it is exported (x86), by
 * frame records on arm64 and RISC-V, elsewhere by cutting the handler off a
 * full trace.
 */
#include <linux/stacktrace.h>
#include <linux/uaccess.h>

#include "arch.h"
#include "unwind.h"

#if defined(CONFIG_X86)

#include <asm/unwind.h>

void dither_unwind_kernel(struct pt_regs *regs, struct dither_walk *walk)
{
	struct unwind_state state;

	walk->unwinder = DITHER_UNWIND_KERNEL;
	/* Started from registers, it begins with their caller. */
	for (unwind_start(&state, current, regs, NULL); !unwind_done(&state);
	     unwind_next_frame(&state)) {
		unsigned long address = unwind_get_return_address(&state);

		if (!address)
			break;
		if (walk->count >= walk->room) {
			walk->end = DITHER_END_DEPTH;
			return;
		}
		walk->cached->addresses[walk->count++] = address;
	}
	walk->end = unwind_error(&state) ? DITHER_END_BROKEN : DITHER_END_ROOT;
}

#elif defined(CONFIG_ARM64)

static bool on_current_stack(unsigned long record)
{
	unsigned long base = (unsigned long)task_stack_page(current);

	return record >= base && record - base <= THREAD_SIZE - 16;
}

/*
 * A frame record is {next record, return address}. Records lie ascending on
 * one stack; from the IRQ stack the chain goes on to the task's, once.
 */
void dither_unwind_kernel(struct pt_regs *regs, struct dither_walk *walk)
{
	unsigned long record = dither_frame_pointer(regs);
	unsigned long low = regs->sp;
	unsigned int stacks = 0;

	walk->unwinder = DITHER_UNWIND_FRAME_POINTER;
	walk->flags |= DITHER_STACK_LR;
	walk->cached->addresses[walk->count++] =
		dither_kernel_address(dither_link_register(regs));
	for (;;) {
		unsigned long words[2];

		walk->end = DITHER_END_ROOT;
		if (!record)
			return;
		walk->end = DITHER_END_BROKEN;
		if (record & 7)
			return;
		if (record < low || record - low >= THREAD_SIZE) {
			if (stacks++ || !on_current_stack(record))
				return;
		}
		if (copy_from_kernel_nofault(words, (void *)record,
					     sizeof(words))) {
			walk->end = DITHER_END_FAULT;
			return;
		}
		walk->end = DITHER_END_ROOT;
		if (!words[1])
			return;
		walk->end = DITHER_END_DEPTH;
		if (walk->count >= walk->room)
			return;
		/* Stored already: then it says nothing, and varies. */
		if (walk->flags & DITHER_STACK_LR && walk->count == 1 &&
		    walk->cached->addresses[0] ==
			    dither_kernel_address(words[1])) {
			walk->flags &= ~DITHER_STACK_LR;
			walk->count = 0;
		}
		walk->cached->addresses[walk->count++] =
			dither_kernel_address(words[1]);
		low = record + sizeof(words);
		record = words[0];
	}
}

#elif defined(CONFIG_RISCV) && defined(CONFIG_64BIT)

#define FRAME_BYTES (2 * sizeof(long))
#define REGS_BYTES ALIGN(sizeof(struct pt_regs), STACK_ALIGN)

static bool on_current_stack(unsigned long frame)
{
	unsigned long base = (unsigned long)task_stack_page(current);

	return frame >= base + FRAME_BYTES && frame - base <= THREAD_SIZE;
}

/*
 * Entry code calls with the interrupted stack pointer as frame pointer, right
 * below the registers it saved: if these are the kernel's, the chain goes on
 * with them. Returns whether they are.
 */
static bool through_exception(unsigned long frame, unsigned long next,
			      unsigned long *pc, unsigned long *pointer)
{
	const struct pt_regs *saved = (void *)frame;
	unsigned long sp;

	return next - frame == REGS_BYTES &&
	       !get_kernel_nofault(sp, &saved->sp) && sp == next &&
	       !get_kernel_nofault(*pc, &saved->epc) &&
	       !get_kernel_nofault(*pointer, &saved->s0);
}

/* The link register is in the way of nobody once its value is stored. */
static void add(struct dither_walk *walk, unsigned long address)
{
	if (walk->flags & DITHER_STACK_LR && walk->count == 1 &&
	    walk->cached->addresses[0] == address) {
		walk->flags &= ~DITHER_STACK_LR;
		walk->count = 0;
	}
	walk->cached->addresses[walk->count++] = address;
}

/*
 * Below a frame lie {the caller's frame, the return address}; frames lie
 * ascending on one stack; from the IRQ stack the chain goes on to the task's,
 * once. It ends right below the registers that the task entered with.
 */
void dither_unwind_kernel(struct pt_regs *regs, struct dither_walk *walk)
{
	const unsigned long root = (unsigned long)task_pt_regs(current);
	unsigned long frame = dither_frame_pointer(regs);
	unsigned long low = regs->sp;
	unsigned int stacks = 0;

	walk->unwinder = DITHER_UNWIND_FRAME_POINTER;
	walk->flags |= DITHER_STACK_LR;
	walk->cached->addresses[walk->count++] = dither_link_register(regs);
	for (;;) {
		unsigned long words[2], pc;

		walk->end = DITHER_END_BROKEN;
		if (frame & 7)
			return;
		if (frame - low < FRAME_BYTES || frame - low > THREAD_SIZE) {
			if (stacks++ || !on_current_stack(frame))
				return;
		}
		if (copy_from_kernel_nofault(words,
					     (void *)(frame - FRAME_BYTES),
					     sizeof(words))) {
			walk->end = DITHER_END_FAULT;
			return;
		}
		/* The sampled function may be a leaf: see arch.h. */
		if (low == regs->sp && words[1] - frame < THREAD_SIZE) {
			low = frame;
			frame = words[1];
			continue;
		}
		low = frame;
		walk->end = DITHER_END_DEPTH;
		if (walk->count >= walk->room)
			return;
		add(walk, words[1]);
		walk->end = DITHER_END_ROOT;
		if (frame == root)
			return;
		/* Nothing is interrupted there, but the frame varies in size. */
		if (words[0] != root &&
		    through_exception(frame, words[0], &pc, &words[0])) {
			walk->end = DITHER_END_DEPTH;
			if (walk->count >= walk->room)
				return;
			add(walk, pc);
			low += REGS_BYTES;
		}
		frame = words[0];
	}
}

#else

/*
 * A full trace begins with this function and its callers; what comes after
 * the interrupted instruction is what is wanted. That of ARM ends with where
 * the task entered from: a user address.
 */
void dither_unwind_kernel(struct pt_regs *regs, struct dither_walk *walk)
{
	unsigned long *addresses = walk->cached->addresses;
	unsigned long ip = instruction_pointer(regs);
	unsigned int i, count;

	walk->unwinder = DITHER_UNWIND_KERNEL;
	count = stack_trace_save(addresses, walk->room, 0);
	for (i = 0; i < count && addresses[i] != ip; i++)
		;
	walk->end = i < count ? DITHER_END_ROOT : DITHER_END_BROKEN;
	for (i++; i < count && addresses[i] >= TASK_SIZE_MAX; i++)
		addresses[walk->count++] = addresses[i];
}

#endif
