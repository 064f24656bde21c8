/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The window to user memory, and the only way in which the sampler reads there.
 *
 * A fault is fixed up and never served, in whatever context: events of software
 * are counted, and so sampled, in task context as well, where a kernel without
 * a count of preemption (PREEMPT_NONE, VOLUNTARY) takes no notice of interrupts
 * being off and would bring the page in. It does take notice of this.
 *
 * An address is clamped where it is used, so that it cannot matter where it
 * came from: not even speculation leaves user memory.
 */
#ifndef DITHER_COMPAT_UACCESS_H
#define DITHER_COMPAT_UACCESS_H

#include "version.h"
#include "nospec.h"
#include <linux/uaccess.h>

static __always_inline bool dither_user_access_begin(unsigned long at,
						     size_t bytes)
{
	pagefault_disable();
	if (likely(user_access_begin((void __user *)at, bytes)))
		return true;
	pagefault_enable();
	return false;
}

static __always_inline void dither_user_access_end(void)
{
	user_access_end();
	pagefault_enable();
}

/* The word at any @at; what is no user address reads as address 0. */
#define dither_get_user_word(value, at, fault)				\
	unsafe_get_user(value,						\
		(unsigned long __user *)dither_clamp(at,		\
				TASK_SIZE_MAX - sizeof(long)),		\
		fault)

/*
 * The two words at any @at, each of @bytes: 4 or those of a long, which the
 * compiler is to know.
 */
#define dither_get_user_pair(first, second, at, bytes, fault)		\
	do {								\
		unsigned long pair = dither_clamp(at,			\
				TASK_SIZE_MAX - 2 * (bytes));		\
		u32 half;						\
									\
		if ((bytes) == sizeof(long)) {				\
			unsafe_get_user(first,				\
				(unsigned long __user *)pair, fault);	\
			unsafe_get_user(second,				\
				(unsigned long __user *)(pair + (bytes)), \
				fault);					\
		} else {						\
			unsafe_get_user(half, (u32 __user *)pair, fault); \
			first = half;					\
			unsafe_get_user(half,				\
				(u32 __user *)(pair + (bytes)), fault);	\
			second = half;					\
		}							\
	} while (0)

#endif
