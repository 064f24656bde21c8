/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the unwinders must know of the machine: where registers lie, what a
 * frame looks like, which bits of an address are not address.
 */
#ifndef DITHER_ARCH_H
#define DITHER_ARCH_H

#include <linux/mm_types.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/uaccess.h>

#if defined(CONFIG_X86_64) || defined(CONFIG_ARM64)
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
#elif defined(CONFIG_ARM64) && defined(CONFIG_COMPAT)
	return test_tsk_thread_flag(task, TIF_32BIT);
#else
	return false;
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

/* 32 bit processes have frames of the same shape, in 4 byte words. */
#define DITHER_ARCH_COMPAT_FRAMES 1

static inline unsigned long dither_user_address(unsigned long address)
{
	return address;
}

#elif defined(CONFIG_ARM64)

#define DITHER_ARCH_USER_FRAMES 1
#define DITHER_ARCH_LINK_REGISTER 1
#define DITHER_ARCH_COMPAT_FRAMES 0

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

/* A return address may be signed in its upper bits. */
static inline unsigned long dither_user_address(unsigned long address)
{
	return address & (TASK_SIZE_64 - 1);
}

static inline unsigned long dither_kernel_address(unsigned long address)
{
	return address | ~(TASK_SIZE_64 - 1);
}

#else

#define DITHER_ARCH_USER_FRAMES 0
#define DITHER_ARCH_LINK_REGISTER 0
#define DITHER_ARCH_COMPAT_FRAMES 0

static inline unsigned long dither_frame_pointer(const struct pt_regs *regs)
{
	return 0;
}

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

#endif
