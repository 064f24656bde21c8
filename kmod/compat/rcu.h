/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waiting until every task has left what it was executing: without preemption
 * in the kernel an ordinary grace period does.
 */
#ifndef DITHER_COMPAT_RCU_H
#define DITHER_COMPAT_RCU_H

#include "version.h"
#include <linux/rcupdate.h>

static inline void dither_synchronize_tasks(void)
{
#ifdef CONFIG_TASKS_RCU
	synchronize_rcu_tasks();
#else
	synchronize_rcu();
#endif
}

#endif
