// SPDX-License-Identifier: GPL-2.0
/*
 * An interrupt takes away from the program that it interrupts more than its
 * handler takes: entry, exit, the kernel's list of timers, the device that is
 * set anew, in a guest the hypervisor too. So a loop reads the clock while a
 * timer interrupts it, and looks how long that held it up. One of the shortest
 * times counts: others are of more than this interrupt, or of a CPU that the
 * hypervisor took away meanwhile, and a budget that is charged with these would
 * slow the clock for as long as the module is loaded.
 */
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/sort.h>

#include "compat/hrtimer.h"
#include "overhead.h"

#define INTERRUPTS 31U
#define APART_NS 20000U
#define PATIENCE_NS 20000000U	/* for all of them, on slow machines */
#define READINGS 256U

struct dither_overhead dither_overhead;
DEFINE_PER_CPU(u64, dither_shared_ns);

static struct hrtimer timer;
/* Written in the interrupt, read by the loop that it interrupts. */
static u32 left;
static u64 handler_ns;

static enum hrtimer_restart interrupt(struct hrtimer *unused)
{
	u64 begun = ktime_get_mono_fast_ns();

	hrtimer_set_expires(&timer, ns_to_ktime(begun + APART_NS));
	WRITE_ONCE(left, left - 1);
	WRITE_ONCE(handler_ns, ktime_get_mono_fast_ns() - begun);
	return left ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

static int compare(const void *a, const void *b)
{
	u64 one = *(const u64 *)a, other = *(const u64 *)b;

	return one < other ? -1 : one > other;
}

static u64 read_clock(void)
{
	u64 begun = ktime_get_mono_fast_ns();
	u32 i;

	for (i = 1; i < READINGS; i++)
		ktime_get_mono_fast_ns();
	return div_u64(ktime_get_mono_fast_ns() - begun, READINGS);
}

/* How long the loop was held up, by each interrupt that it has seen. */
static u32 watch_interrupts(u64 *gaps)
{
	u64 last = ktime_get_mono_fast_ns(), end = last + PATIENCE_NS;
	u32 seen = left, count = 0;
	u64 now, own;

	while (seen && last < end) {
		now = ktime_get_mono_fast_ns();
		if (READ_ONCE(left) == seen) {
			last = now;
			continue;
		}
		seen = READ_ONCE(left);
		/* The interrupt came before or after the last reading. */
		now = ktime_get_mono_fast_ns();
		own = READ_ONCE(handler_ns) + 2 * dither_overhead.clock_ns;
		if (count < INTERRUPTS && now - last > own)
			gaps[count++] = now - last - own;
		last = now;
	}
	return count;
}

void dither_overhead_measure(void)
{
	u64 gaps[INTERRUPTS];
	u32 count;

	dither_overhead.clock_ns = read_clock();
	/* Else timers come with the tick, which is an interrupt all the same. */
	if (hrtimer_resolution > 1)
		return;
	left = INTERRUPTS;
	hrtimer_setup(&timer, interrupt, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer_start(&timer, ns_to_ktime(APART_NS),
		      HRTIMER_MODE_REL_PINNED_HARD);
	count = watch_interrupts(gaps);
	hrtimer_cancel(&timer);
	if (!count)
		return;
	sort(gaps, count, sizeof(*gaps), compare, NULL);
	dither_overhead.timer_ns = min_t(u64, gaps[count / 8], NSEC_PER_MSEC);
}
