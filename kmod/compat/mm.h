/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vm_flags became read-only behind accessors in 6.3. kmap_local_page() came in
 * 5.11.
 */
#ifndef DITHER_COMPAT_MM_H
#define DITHER_COMPAT_MM_H

#include "version.h"
#include <linux/highmem.h>
#include <linux/mm.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_mod(struct vm_area_struct *vma,
				unsigned long set, unsigned long clear)
{
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define kmap_local_page(page) kmap_atomic(page)
#define kunmap_local(address) kunmap_atomic(address)
#endif

#endif
