/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What hardware events need that the kernel keeps to itself: perf's own mark
 * (MAX_INTERRUPTS) of an event that is stopped until the next tick, because it
 * came too often. The same in 5.10 to 7.3. It is set before the overflow
 * handler is called, and taken back when the event starts again.
 */
#ifndef DITHER_COMPAT_PERF_H
#define DITHER_COMPAT_PERF_H

#include "version.h"
#include <linux/perf_event.h>

#ifdef CONFIG_PERF_EVENTS
static inline bool dither_event_is_throttled(const struct perf_event *event)
{
	return READ_ONCE(event->hw.interrupts) == ~0ULL;
}
#endif

#endif
