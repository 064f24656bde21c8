// SPDX-License-Identifier: GPL-2.0
/*
 * The floor under any timer-driven sampler: a pinned hard timer on CPU 0 at
 * randomised instants whose handler only counts. The count can be read in
 * /sys/module/emptytimer/parameters/fired.
 */
#include <linux/module.h>
#include <linux/smp.h>

#include "compat/hrtimer.h"

static unsigned int hertz = 10000;
module_param(hertz, uint, 0444);
MODULE_PARM_DESC(hertz, "Mean rate (default 10000)");

static unsigned long fired;
module_param(fired, ulong, 0444);
MODULE_PARM_DESC(fired, "Times the handler has run");

static struct hrtimer timer;
static u64 cell_start, cell, state = 1;

/* xorshift64 (Marsaglia 2003), one uniform point in each cell. */
static ktime_t next_instant(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	cell_start += cell;
	return ns_to_ktime(cell_start + (((state >> 32) * cell) >> 32));
}

static enum hrtimer_restart fire(struct hrtimer *unused)
{
	fired++;
	hrtimer_set_expires(&timer, next_instant());
	return HRTIMER_RESTART;
}

static void start(void *unused)
{
	cell_start = ktime_get_ns();
	hrtimer_start(&timer, next_instant(), HRTIMER_MODE_ABS_PINNED_HARD);
}

static int __init emptytimer_init(void)
{
	if (!hertz)
		return -EINVAL;
	cell = 1000000000 / hertz;
	hrtimer_setup(&timer, fire, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_PINNED_HARD);
	return smp_call_function_single(0, start, NULL, 1);
}

static void __exit emptytimer_exit(void)
{
	hrtimer_cancel(&timer);
}

module_init(emptytimer_init);
module_exit(emptytimer_exit);

MODULE_DESCRIPTION("dither test: an empty randomised timer");
MODULE_LICENSE("GPL");
