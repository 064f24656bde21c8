/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What list_sort() compares is constant since 5.13, and in some of the stable
 * releases before. Whether it is makes no difference to who is called.
 */
#ifndef DITHER_COMPAT_LIST_SORT_H
#define DITHER_COMPAT_LIST_SORT_H

#include "version.h"
#include <linux/list_sort.h>

typedef int dither_list_compare(void *data, const struct list_head *a,
				const struct list_head *b);

static inline void dither_list_sort(struct list_head *list,
				    dither_list_compare *compare)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 13, 0)
	list_sort(NULL, list, (void *)compare);
#else
	list_sort(NULL, list, compare);
#endif
}

#endif
