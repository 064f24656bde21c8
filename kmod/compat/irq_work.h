/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An interrupt of one's own, also with PREEMPT_RT, where others' work is a
 * thread's. Kernels before 5.11 have no name for it, and RT was not in them.
 */
#ifndef DITHER_COMPAT_IRQ_WORK_H
#define DITHER_COMPAT_IRQ_WORK_H

#include <linux/irq_work.h>

#ifdef IRQ_WORK_INIT_HARD
#define DITHER_IRQ_WORK(function) IRQ_WORK_INIT_HARD(function)
#else
#define DITHER_IRQ_WORK(function) { .func = (function) }
#endif

#endif
