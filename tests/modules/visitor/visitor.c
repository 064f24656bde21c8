// SPDX-License-Identifier: GPL-2.0
/*
 * A module that comes and goes while others are sampled: it computes for so many
 * milliseconds as it begins, and for as many as are written to spin_ms.
 */
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/sched.h>

#define SPIN_MS_MAX 60000

static unsigned int begin_ms;
module_param(begin_ms, uint, 0444);
MODULE_PARM_DESC(begin_ms, "Compute for so many ms at the beginning");

static noinline void visitor_spin(unsigned int ms)
{
	u64 end = ktime_get_ns() + (u64)ms * NSEC_PER_MSEC;
	unsigned int i;

	while (ktime_get_ns() < end) {
		for (i = 0; i < 10000; i++)
			barrier();
		cond_resched();
	}
}

static int spin(const char *text, const struct kernel_param *parameter)
{
	unsigned int ms;
	int error = kstrtouint(text, 0, &ms);

	if (error)
		return error;
	if (ms > SPIN_MS_MAX)
		return -ERANGE;
	visitor_spin(ms);
	return 0;
}

static const struct kernel_param_ops ops = {
	.set = spin,
};

module_param_cb(spin_ms, &ops, NULL, 0200);
MODULE_PARM_DESC(spin_ms, "Compute for so many ms now, 60000 at most");

/* A loop of its own: this code goes when the module has begun. */
static noinline void __init visitor_begin(void)
{
	u64 end = ktime_get_ns() + (u64)begin_ms * NSEC_PER_MSEC;
	unsigned int i;

	while (ktime_get_ns() < end) {
		for (i = 0; i < 10000; i++)
			barrier();
		cond_resched();
	}
}

static int __init begin(void)
{
	visitor_begin();
	return 0;
}
module_init(begin);

static void __exit end(void)
{
}
module_exit(end);

MODULE_DESCRIPTION("dither test: code that comes and goes");
MODULE_LICENSE("GPL");
