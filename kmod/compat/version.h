/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernels that dither supports, declared once. Only files in this folder
 * ask for a version.
 */
#ifndef DITHER_COMPAT_VERSION_H
#define DITHER_COMPAT_VERSION_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 10, 0)
#error "dither supports Linux 5.10 and later"
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 4, 0) && \
	!defined(DITHER_UNTRIED_KERNEL)
#error "dither was tried up to Linux 7.3; -DDITHER_UNTRIED_KERNEL to go on"
#endif

#endif
