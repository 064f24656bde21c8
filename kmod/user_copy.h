/* SPDX-License-Identifier: GPL-2.0 */
/* Structures of the ABI on their way from and to user space. */
#ifndef DITHER_USER_COPY_H
#define DITHER_USER_COPY_H

#include <linux/mm.h>
#include <linux/uaccess.h>

/*
 * Take the caller's version of a structure that begins with its own size;
 * *user_size is how much of ours may be written back.
 */
static inline int dither_copy_from_user(void *ours, size_t size,
					const void __user *theirs,
					u32 *user_size)
{
	if (get_user(*user_size, (const u32 __user *)theirs))
		return -EFAULT;
	if (*user_size < sizeof(u32))
		return -EINVAL;
	if (*user_size > PAGE_SIZE)
		return -E2BIG;
	return copy_struct_from_user(ours, size, theirs, *user_size);
}

static inline int dither_copy_to_user(void __user *theirs, const void *ours,
				      size_t size, u32 user_size)
{
	return copy_to_user(theirs, ours, min_t(size_t, size, user_size)) ?
		       -EFAULT :
		       0;
}

#endif
