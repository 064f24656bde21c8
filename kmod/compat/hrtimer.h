/* SPDX-License-Identifier: GPL-2.0 */
/* hrtimer_setup() came in 6.13; hrtimer_init() went in 6.15. */
#ifndef DITHER_COMPAT_HRTIMER_H
#define DITHER_COMPAT_HRTIMER_H

#include "version.h"
#include <linux/hrtimer.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

#endif
