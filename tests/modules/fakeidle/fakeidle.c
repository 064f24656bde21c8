// SPDX-License-Identifier: GPL-2.0
/*
 * Idle states for a machine that has none, such as an emulated one: all three
 * halt the CPU until the next interrupt, and differ only in how long a sleep
 * they say to be worth it. So the kernel has a choice to make, and accounts in
 * sysfs how long it slept by which promise. Boot with idle=halt.
 */
#include <linux/cpuidle.h>
#include <linux/irqflags.h>
#include <linux/module.h>

static int enter(struct cpuidle_device *device, struct cpuidle_driver *driver,
		 int index)
{
	raw_safe_halt();
	raw_local_irq_disable();
	return index;
}

#define STATE(number, latency, residency)                                   \
	{                                                                   \
		.name = "F" #number, .desc = "halted, by promise " #number, \
		.exit_latency = (latency), .target_residency = (residency), \
		.enter = enter,                                             \
	}

static struct cpuidle_driver fakeidle = {
	.name = "fakeidle",
	.owner = THIS_MODULE,
	.states = {
		STATE(1, 1, 1),
		STATE(2, 50, 500),
		STATE(3, 150, 2500),
	},
	.state_count = 3,
};

static int __init fakeidle_init(void)
{
	return cpuidle_register(&fakeidle, NULL);
}

static void __exit fakeidle_exit(void)
{
	cpuidle_unregister(&fakeidle);
}

module_init(fakeidle_init);
module_exit(fakeidle_exit);

MODULE_DESCRIPTION("Three idle states that differ in what they promise");
MODULE_LICENSE("GPL");
