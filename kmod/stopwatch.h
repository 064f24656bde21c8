/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a handler takes, cheaply: by the CPU's cycle counter, whose speed is
 * measured against the monotonic clock from time to time, as a second reading
 * of that clock in each handler would cost as much as a third of the walk.
 * Where there is no counter, or until its speed is known, by the clock.
 */
#ifndef DITHER_STOPWATCH_H
#define DITHER_STOPWATCH_H

#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/timex.h>
#include <linux/types.h>

#define DITHER_STOPWATCH_NS 100000000ULL	/* how often it is adjusted */
#define DITHER_STOPWATCH_SHIFT 20

struct dither_stopwatch {
	u64 ns;			/* clock and counter at the last adjustment */
	u64 cycles;
	u64 due;		/* ns of the next one */
	u32 factor;		/* ns << SHIFT a cycle; 0: not known */
};

static inline void dither_stopwatch_adjust(struct dither_stopwatch *watch,
					   u64 now, u64 cycles)
{
	u64 factor = 0;

	if (watch->ns && cycles > watch->cycles)
		factor = div64_u64((now - watch->ns) << DITHER_STOPWATCH_SHIFT,
				   cycles - watch->cycles);
	/* A gap of more than 2^44 ns, or a counter that stood still. */
	watch->factor = factor <= U32_MAX ? factor : 0;
	watch->ns = now;
	watch->cycles = cycles;
	watch->due = now + DITHER_STOPWATCH_NS;
}

/* A handler begins at @now; the result is for dither_stopwatch_stop(). */
static inline u64 dither_stopwatch_start(struct dither_stopwatch *watch,
					 u64 now)
{
	u64 cycles = get_cycles();

	if (unlikely(now >= watch->due))
		dither_stopwatch_adjust(watch, now, cycles);
	return cycles;
}

/* Nanoseconds since it began. */
static inline u64 dither_stopwatch_stop(const struct dither_stopwatch *watch,
					u64 now, u64 begun)
{
	u64 cycles = get_cycles();

	if (likely(watch->factor && cycles >= begun))
		return ((cycles - begun) * watch->factor) >>
		       DITHER_STOPWATCH_SHIFT;
	return ktime_get_mono_fast_ns() - now;
}

#endif
