// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel stacks from the interrupted registers, so that the handler's own
 * frames never show: by the kernel's unwinder where it is exported (x86), by
 * frame records on arm64, elsewhere by cutting the handler off a full trace.
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
		walk->trail->addresses[walk->count++] = address;
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
	walk->trail->addresses[walk->count++] =
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
		    walk->trail->addresses[0] ==
			    dither_kernel_address(words[1])) {
			walk->flags &= ~DITHER_STACK_LR;
			walk->count = 0;
		}
		walk->trail->addresses[walk->count++] =
			dither_kernel_address(words[1]);
		low = record + sizeof(words);
		record = words[0];
	}
}

#else

/*
 * A full trace begins with this function and its callers; what comes after
 * the interrupted instruction is what is wanted.
 */
void dither_unwind_kernel(struct pt_regs *regs, struct dither_walk *walk)
{
	unsigned long *addresses = walk->trail->addresses;
	unsigned long ip = instruction_pointer(regs);
	unsigned int i, count;

	walk->unwinder = DITHER_UNWIND_KERNEL;
	count = stack_trace_save(addresses, walk->room, 0);
	for (i = 0; i < count && addresses[i] != ip; i++)
		;
	walk->end = i < count ? DITHER_END_ROOT : DITHER_END_BROKEN;
	for (i++; i < count; i++)
		addresses[walk->count++] = addresses[i];
}

#endif
