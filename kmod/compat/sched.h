/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tasks that never run in user mode, though some have an address space: the
 * io_uring workers came in 5.12, workers of user processes at large in 6.4.
 */
#ifndef DITHER_COMPAT_SCHED_H
#define DITHER_COMPAT_SCHED_H

#include "version.h"
#include <linux/sched.h>

#ifndef PF_IO_WORKER
#define PF_IO_WORKER 0
#endif
#ifndef PF_USER_WORKER
#define PF_USER_WORKER 0
#endif

#define DITHER_PF_NO_USER_HALF (PF_KTHREAD | PF_IO_WORKER | PF_USER_WORKER)

#endif
