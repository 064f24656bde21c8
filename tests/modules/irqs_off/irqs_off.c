// SPDX-License-Identifier: GPL-2.0
/*
 * Turns interrupts off on the writer's CPU for as many microseconds as are
 * written to the parameter mask_us, for the experiment of the lab that shows
 * where that time goes. The parameter ns tells how long they were off in all.
 */
#include <linux/irqflags.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/preempt.h>

#define MASKED_US_MAX 100000

static unsigned long ns;
module_param(ns, ulong, 0444);
MODULE_PARM_DESC(ns, "How long interrupts were off in all, ns");

/* Interrupts are off: no timer fires here, so a sampler never sees it. */
static noinline u64 masked_body(u64 length)
{
	u64 begin = ktime_get_mono_fast_ns(), now;

	do {
		cpu_relax();
		now = ktime_get_mono_fast_ns();
	} while (now - begin < length);
	return now - begin;
}

/* One writer at a time, by the lock of the module's parameters. */
static noinline void masked_section(u64 length)
{
	unsigned long flags;

	local_irq_save(flags);
	ns += masked_body(length);
	local_irq_restore(flags);
}

static int mask(const char *text, const struct kernel_param *parameter)
{
	unsigned int us;
	int error = kstrtouint(text, 0, &us);

	if (error)
		return error;
	if (us > MASKED_US_MAX)
		return -ERANGE;
	masked_section((u64)us * 1000);
	return 0;
}

static const struct kernel_param_ops ops = {
	.set = mask,
};

module_param_cb(mask_us, &ops, NULL, 0200);
MODULE_PARM_DESC(mask_us, "Turn interrupts off for so many us, 100000 at most");

MODULE_DESCRIPTION("dither test: time with interrupts off");
MODULE_LICENSE("GPL");
