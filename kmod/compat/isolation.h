/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The CPUs that the machine does not keep free of noise: neither isolcpus nor
 * nohz_full. What a kind of housekeeping is called changed in 5.18.
 */
#ifndef DITHER_COMPAT_ISOLATION_H
#define DITHER_COMPAT_ISOLATION_H

#include "version.h"
#include <linux/cpumask.h>
#include <linux/rcupdate.h>
#include <linux/sched/isolation.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 18, 0)
#define HK_TYPE_DOMAIN HK_FLAG_DOMAIN
#define HK_TYPE_TICK HK_FLAG_TICK
#endif

static inline void dither_housekeeping(struct cpumask *mask)
{
	/* Partitions of cpusets may replace a mask, in 7.0 and later. */
	rcu_read_lock();
	cpumask_and(mask, housekeeping_cpumask(HK_TYPE_DOMAIN),
		    housekeeping_cpumask(HK_TYPE_TICK));
	rcu_read_unlock();
}

#endif
