/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The window to user memory in interrupts, where a fault is fixed up and never
 * served. With CONFIG_DEBUG_ATOMIC_SLEEP x86 up to 6.1, at least, warns of that
 * unless page faults are disabled as well, which costs others for nothing.
 */
#ifndef DITHER_COMPAT_UACCESS_H
#define DITHER_COMPAT_UACCESS_H

#include "version.h"
#include <linux/uaccess.h>

static __always_inline bool dither_user_access_begin(unsigned long at,
						     size_t bytes)
{
	if (IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP))
		pagefault_disable();
	if (likely(user_access_begin((void __user *)at, bytes)))
		return true;
	if (IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP))
		pagefault_enable();
	return false;
}

static __always_inline void dither_user_access_end(void)
{
	user_access_end();
	if (IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP))
		pagefault_enable();
}

#endif
