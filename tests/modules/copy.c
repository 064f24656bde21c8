// SPDX-License-Identifier: GPL-2.0
/*
 * Copies of user stacks, for comparing what the module finds in them with what
 * others do: a part of the module when it is made with `make module TEST=copy`.
 * The linker puts it before dither_unwind_user(), see Kbuild. Records are told
 * of in copy.h; copy_refused says how many had no room in the ring.
 */
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <asm/ucontext.h>

#include "../../kmod/arch.h"
#include "../../kmod/record_output.h"
#include "copy.h"
#include "wrap.h"

#define STACK_MAX (48U << 10)
/* Of the stack that a signal has left for another. */
#define LEFT_MAX (16U << 10)

static DEFINE_PER_CPU(unsigned long, refused);

static bool is_present(u64 address)
{
	u64 word;

	return !copy_from_user_nofault(&word, (void __user *)(uintptr_t)address,
				       sizeof(word));
}

static void copy_piece(struct dither_cpu *cpu, u64 address, u32 bytes, u64 now)
{
	struct dither_test_memory *record;
	bool copied;

	record = dither_ring_reserve(&cpu->ring, sizeof(*record) + bytes, now,
				     NULL);
	if (!record) {
		this_cpu_inc(refused);
		return;
	}
	copied = !copy_from_user_nofault(record->bytes,
					 (void __user *)(uintptr_t)address,
					 bytes);
	record->header = (struct dither_record){
		.size = sizeof(*record) + bytes,
		.type = copied ? DITHER_TEST_MEMORY : DITHER_RECORD_PAD,
		.tid = current->pid,
	};
	record->address = address;
	dither_output_commit(cpu, now);
}

/* What is there of @bytes: not all of a stack need be in memory. */
static void copy_memory(struct dither_cpu *cpu, u64 address, u32 bytes, u64 now)
{
	u64 end;
	u32 piece;

	address &= ~7ULL;
	end = address + bytes;
	while (address < end) {
		piece = min_t(u64, end - address,
			      PAGE_SIZE - (address & ~PAGE_MASK));
		/* A record of a large page would be too large. */
		piece = min_t(u32, piece, 4096);
		if (is_present(address))
			copy_piece(cpu, address, piece, now);
		address += piece;
	}
}

/*
 * The stack pointer at which the signal came that runs on the alternate stack
 * from @sp on; 0: not found. The kernel has left word of that stack in the
 * signal's frame, as in those of signals that came on it in turn.
 */
static u64 left_stack(u64 sp)
{
	u64 end = current->sas_ss_sp + current->sas_ss_size;
	const struct ucontext __user *context;
	stack_t stack;
	u64 left;

	for (sp &= ~7ULL; sp + sizeof(*context) <= end; sp += 8) {
		context = (const void __user *)(uintptr_t)sp;
		if (copy_from_user_nofault(&stack, &context->uc_stack,
					   sizeof(stack)))
			break;
		if ((u64)(uintptr_t)stack.ss_sp == current->sas_ss_sp &&
		    stack.ss_size == current->sas_ss_size &&
		    !copy_from_user_nofault(&left, &context->uc_mcontext.sp,
					    sizeof(left)) &&
		    !on_sig_stack(left))
			return left;
	}
	return 0;
}

static void write_registers(struct dither_cpu *cpu, struct pt_regs *regs,
			    u64 now)
{
	struct dither_test_registers *record;
	unsigned int i;

	record = dither_ring_reserve(&cpu->ring, sizeof(*record), now, NULL);
	if (!record) {
		this_cpu_inc(refused);
		return;
	}
	record->header = (struct dither_record){
		.size = sizeof(*record),
		.type = DITHER_TEST_REGISTERS,
		.tid = current->pid,
	};
	record->pc = instruction_pointer(regs);
	for (i = 0; i < DITHER_TEST_REGISTERS_MAX; i++)
		record->values[i] = dither_dwarf_register(regs, i);
#if defined(CONFIG_X86_64)
	record->values[6] = regs->bp;
	record->values[7] = regs->sp;
	record->values[16] = regs->ip;
#elif defined(CONFIG_ARM64)
	record->values[31] = regs->sp;
#endif
	dither_output_commit(cpu, now);
}

void __wrap_dither_unwind_user(struct pt_regs *regs, bool with_ip,
			       struct dither_walk *walk)
{
	struct dither_cpu *cpu = walk->tables;
	u64 now = ktime_get_mono_fast_ns();
	u64 sp = user_stack_pointer(regs);

	__real_dither_unwind_user(regs, with_ip, walk);
	if (!cpu || dither_regs_compat(regs))
		return;
	write_registers(cpu, regs, now);
	copy_memory(cpu, sp, STACK_MAX, now);
	if (!on_sig_stack(sp))
		return;
	sp = left_stack(sp);
	if (sp)
		copy_memory(cpu, sp, LEFT_MAX, now);
}

static int get_refused(char *text, const struct kernel_param *parameter)
{
	unsigned long sum = 0;
	unsigned int number;

	for_each_possible_cpu(number)
		sum += per_cpu(refused, number);
	return sysfs_emit(text, "%lu\n", sum);
}

static const struct kernel_param_ops refused_ops = {
	.get = get_refused,
};

module_param_cb(copy_refused, &refused_ops, NULL, 0444);
MODULE_PARM_DESC(copy_refused, "Records of copies that had no room (default 0)");
