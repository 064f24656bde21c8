// SPDX-License-Identifier: GPL-2.0
/*
 * How long a function of the kernel or of a module takes, by a return probe
 * around it. In a guest that counts instructions, where CLOCK_MONOTONIC is
 * their number: how many it executes, and all that it calls. The probe's own
 * share, as an empty function shows it, is in `empty`.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/timekeeping.h>

static char *function = "";
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "Its symbol; MODULE:SYMBOL if a module's");

static unsigned long calls;
module_param(calls, ulong, 0444);
MODULE_PARM_DESC(calls, "How often it returned");

static unsigned long total;
module_param(total, ulong, 0444);
MODULE_PARM_DESC(total, "Nanoseconds in all");

static unsigned long empty;
module_param(empty, ulong, 0444);
MODULE_PARM_DESC(empty, "Nanoseconds of a call of an empty function");

struct entry {
	u64 time;
};

static noinline void do_nothing(void)
{
	barrier();
}

static int entered(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct entry *entry = (void *)instance->data;

	entry->time = ktime_get_mono_fast_ns();
	return 0;
}

static int returned(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	u64 now = ktime_get_mono_fast_ns();
	const struct entry *entry = (void *)instance->data;

	total += now - entry->time;
	calls++;
	return 0;
}

static struct kretprobe probe = {
	.entry_handler = entered,
	.handler = returned,
	.data_size = sizeof(struct entry),
	.maxactive = 64,
};

/* One CPU at a time: guests that count have no second. */
static int measure_empty(void)
{
	struct kretprobe empty_probe = probe;
	unsigned int i;
	int code;

	empty_probe.kp.addr = (kprobe_opcode_t *)do_nothing;
	code = register_kretprobe(&empty_probe);
	if (code)
		return code;
	for (i = 0; i < 1000; i++)
		do_nothing();
	unregister_kretprobe(&empty_probe);
	empty = calls ? total / calls : 0;
	calls = 0;
	total = 0;
	return empty ? 0 : -EINVAL;
}

static int __init handler_cost_init(void)
{
	int code = measure_empty();

	if (code)
		return code;
	probe.kp.symbol_name = function;
	return register_kretprobe(&probe);
}

static void __exit handler_cost_exit(void)
{
	unregister_kretprobe(&probe);
}

module_init(handler_cost_init);
module_exit(handler_cost_exit);

MODULE_DESCRIPTION("dither test: what a function takes");
MODULE_LICENSE("GPL");
