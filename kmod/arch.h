/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the unwinders must know of the machine: where registers lie, what a
 * frame looks like, which bits of an address are not address.
 */
#ifndef DITHER_ARCH_H
#define DITHER_ARCH_H

#include <linux/ftrace.h>
#include <linux/mm_types.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/uaccess.h>
#include <asm/sigcontext.h>

#include "../include/dither/table.h"

#if defined(CONFIG_X86_64) || defined(CONFIG_ARM64) || \
	defined(CONFIG_RISCV) || (defined(CONFIG_ARM) && defined(CONFIG_VDSO))
/* Where the vDSO lies in a process; 0: not known. */
static inline unsigned long dither_vdso_address(const struct mm_struct *mm)
{
	return (unsigned long)mm->context.vdso;
}
#else
static inline unsigned long dither_vdso_address(const struct mm_struct *mm)
{
	return 0;
}
#endif

/* A 32 bit process on a 64 bit kernel. */
static inline bool dither_task_compat(struct task_struct *task)
{
#if defined(CONFIG_X86_64)
	return test_tsk_thread_flag(task, TIF_ADDR32);
#elif (defined(CONFIG_ARM64) || defined(CONFIG_RISCV)) && defined(CONFIG_COMPAT)
	return test_tsk_thread_flag(task, TIF_32BIT);
#else
	return false;
#endif
}

/*
 * Whether user memory is @mm's, the current task's, for NMIs: they may interrupt
 * a change of address spaces, or the kernel's use of one of its own. So the
 * hardware is asked where it can be.
 */
static inline bool dither_user_memory_loaded(const struct mm_struct *mm)
{
#if defined(CONFIG_X86_64)
	return read_cr3_pa() == __pa(mm->pgd);
#elif defined(CONFIG_ARM64)
	/* Then the window opens upon what the current task has saved. */
	if (system_uses_ttbr0_pan())
		return current->active_mm == mm;
	return (read_sysreg(ttbr0_el1) & ~(TTBR_ASID_MASK | TTBR_CNP_BIT)) ==
	       phys_to_ttbr(virt_to_phys(mm->pgd));
#else
	return current->active_mm == mm;
#endif
}

#if defined(CONFIG_X86_64)

#define DITHER_ARCH_USER_FRAMES 1
#define DITHER_ARCH_LINK_REGISTER 0

static inline unsigned long dither_frame_pointer(const struct pt_regs *regs)
{
	return regs->bp;
}

static inline unsigned long dither_link_register(const struct pt_regs *regs)
{
	return 0;
}

static inline bool dither_regs_compat(struct pt_regs *regs)
{
	return !user_64bit_mode(regs);
}

/* Unwind tables of this machine, by DWARF's numbers of registers. */
#define DITHER_ARCH_TABLES DITHER_TABLE_X86_64
/* No link register. */
#define DITHER_ARCH_SIGNAL_LINK 0
#define DITHER_ARCH_BX DITHER_BX_NUMBER
/* A frame's two words are what its caller's stack ends with. */
#define DITHER_ARCH_FRAME_ON_TOP 1

static __always_inline unsigned long
dither_dwarf_register(const struct pt_regs *regs, u8 number)
{
	switch (number) {
	case 0:
		return regs->ax;
	case 1:
		return regs->dx;
	case 2:
		return regs->cx;
	case 3:
		return regs->bx;
	case 4:
		return regs->si;
	case 5:
		return regs->di;
	case 8:
		return regs->r8;
	case 9:
		return regs->r9;
	case 10:
		return regs->r10;
	case 11:
		return regs->r11;
	case 12:
		return regs->r12;
	case 13:
		return regs->r13;
	case 14:
		return regs->r14;
	case 15:
		return regs->r15;
	default:
		return 0;
	}
}

/* 32 bit processes have frames of the same shape, in 4 byte words. */
#define DITHER_ARCH_COMPAT_FRAMES 1
/* See DITHER_ARCH_BARE_LEAVES of RISC-V. */
#define DITHER_ARCH_BARE_LEAVES 0

static inline unsigned long dither_user_address(unsigned long address)
{
	return address;
}

/*
 * Where {the caller's frame pointer, the return address} lies, for a frame
 * pointer; 0 for 0, with which a chain ends.
 */
static inline unsigned long dither_frame_record(unsigned long pointer)
{
	return pointer;
}

#elif defined(CONFIG_ARM64)

#define DITHER_ARCH_USER_FRAMES 1
#define DITHER_ARCH_LINK_REGISTER 1
#define DITHER_ARCH_COMPAT_FRAMES 0
#define DITHER_ARCH_BARE_LEAVES 0

static inline unsigned long dither_frame_pointer(const struct pt_regs *regs)
{
	return regs->regs[29];
}

static inline unsigned long dither_link_register(const struct pt_regs *regs)
{
	return regs->regs[30];
}

static inline bool dither_regs_compat(struct pt_regs *regs)
{
	return compat_user_mode(regs);
}

#define DITHER_ARCH_TABLES DITHER_TABLE_ARM64
/* In struct sigcontext, registers 0 to 30 are followed by sp and pc. */
#define DITHER_ARCH_SIGNAL_LINK \
	(offsetof(struct sigcontext, pc) - offsetof(struct sigcontext, regs[30]))
/* No register's number. */
#define DITHER_ARCH_BX 0xff
/* A frame's two words lie at its lower end. */
#define DITHER_ARCH_FRAME_ON_TOP 0

static __always_inline unsigned long
dither_dwarf_register(const struct pt_regs *regs, u8 number)
{
	return number < 31 ? regs->regs[number] : 0;
}

/* A return address may be signed in its upper bits. */
static inline unsigned long dither_user_address(unsigned long address)
{
	return address & (TASK_SIZE_64 - 1);
}

static inline unsigned long dither_frame_record(unsigned long pointer)
{
	return pointer;
}

static inline unsigned long dither_kernel_address(unsigned long address)
{
	return address | ~(TASK_SIZE_64 - 1);
}

#elif defined(CONFIG_RISCV) && defined(CONFIG_64BIT)

#define DITHER_ARCH_USER_FRAMES 1
#define DITHER_ARCH_LINK_REGISTER 1
#define DITHER_ARCH_COMPAT_FRAMES 0
/*
 * Some compilers let a function that calls nothing store its caller's frame
 * pointer where others store the return address, which stays in its register.
 */
#define DITHER_ARCH_BARE_LEAVES 1

static inline unsigned long dither_frame_pointer(const struct pt_regs *regs)
{
	return regs->s0;
}

static inline unsigned long dither_link_register(const struct pt_regs *regs)
{
	return regs->ra;
}

static inline bool dither_regs_compat(struct pt_regs *regs)
{
	return dither_task_compat(current);
}

static inline unsigned long dither_user_address(unsigned long address)
{
	return address;
}

/* The frame pointer is the stack's top at entry: the record lies below. */
static inline unsigned long dither_frame_record(unsigned long pointer)
{
	return pointer ? pointer - 2 * sizeof(long) : 0;
}

#elif defined(CONFIG_ARM)

/*
 * Where a function stores its caller's frame pointer, and in which register
 * that was, differs between ARM and Thumb code, and between compilers; in
 * gcc's Thumb code it is at no fixed place. A walk would invent callers.
 */
#define DITHER_ARCH_USER_FRAMES 0
#define DITHER_ARCH_LINK_REGISTER 1

static inline unsigned long dither_link_register(const struct pt_regs *regs)
{
	return regs->ARM_lr;
}

static inline bool dither_regs_compat(struct pt_regs *regs)
{
	return false;
}

/* Bit 0 of a return address says that its caller is Thumb code. */
static inline unsigned long dither_user_address(unsigned long address)
{
	return address & ~1UL;
}

#else

#define DITHER_ARCH_USER_FRAMES 0
#define DITHER_ARCH_LINK_REGISTER 0

static inline unsigned long dither_link_register(const struct pt_regs *regs)
{
	return 0;
}

static inline bool dither_regs_compat(struct pt_regs *regs)
{
	return false;
}

static inline unsigned long dither_user_address(unsigned long address)
{
	return address;
}

#endif

#ifndef DITHER_ARCH_TABLES
#define DITHER_ARCH_TABLES 0
#define DITHER_ARCH_SIGNAL_LINK 0
#define DITHER_ARCH_BX 0xff
#define DITHER_ARCH_FRAME_ON_TOP 0

static inline unsigned long dither_dwarf_register(const struct pt_regs *regs,
						  u8 number)
{
	return 0;
}
#endif

/*
 * Where in a function a probe may stand and still find its arguments in their
 * registers. RISC-V refuses the place that the function tracer patches.
 */
#if defined(CONFIG_RISCV) && defined(CONFIG_DYNAMIC_FTRACE)
#define DITHER_ARCH_PROBE_OFFSET MCOUNT_INSN_SIZE
#else
#define DITHER_ARCH_PROBE_OFFSET 0
#endif

static inline unsigned long dither_argument(struct pt_regs *regs,
					    unsigned int number)
{
#if defined(CONFIG_ARM)
	return regs->uregs[number];
#else
	return regs_get_kernel_argument(regs, number);
#endif
}

#endif
