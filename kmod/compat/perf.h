/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a security module says to profiling of the kernel: asked where the
 * kernel exports perf_allow_kernel(), since 6.12. Its argument went in a later
 * stable release.
 *
 * What hardware events need that the kernel keeps to itself: perf's own mark
 * (MAX_INTERRUPTS) of an event that is stopped until the next tick, because it
 * came too often. The same in 5.10 to 7.3. It is set before the overflow
 * handler is called, and taken back when the event starts again.
 */
#ifndef DITHER_COMPAT_PERF_H
#define DITHER_COMPAT_PERF_H

#include "version.h"
#include <linux/perf_event.h>

#if defined(CONFIG_PERF_EVENTS) && \
	LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
static inline int dither_ask_plainly(int (*allow)(void))
{
	return allow();
}

static inline int
dither_ask_with_attr(int (*allow)(struct perf_event_attr *attr))
{
	struct perf_event_attr attr = { .size = sizeof(attr) };

	return allow(&attr);
}

static inline int dither_perf_allow_kernel(void)
{
	return _Generic(&perf_allow_kernel,
			int (*)(void): dither_ask_plainly,
			int (*)(struct perf_event_attr *):
				dither_ask_with_attr)(&perf_allow_kernel);
}
#else
static inline int dither_perf_allow_kernel(void)
{
	return 0;
}
#endif

#ifdef CONFIG_PERF_EVENTS
static inline bool dither_event_is_throttled(const struct perf_event *event)
{
	return READ_ONCE(event->hw.interrupts) == ~0ULL;
}
#endif

#endif
