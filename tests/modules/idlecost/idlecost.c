// SPDX-License-Identifier: GPL-2.0
/*
 * What an interrupt of an idle CPU takes: from the timer's handler until the CPU
 * idles again. With kind=tasklet it puts its work off, as devices do; with
 * kind=task it wakes a thread, and the time is that until the thread runs. In a
 * guest that counts instructions, of one CPU, where CLOCK_MONOTONIC is their
 * number.
 */
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/timekeeping.h>
#include <linux/tracepoint.h>
#include <trace/events/power.h>

#include "compat/hrtimer.h"

#define APART_NS 300000

static char *kind = "nothing";
module_param(kind, charp, 0444);
MODULE_PARM_DESC(kind, "What the timer starts: nothing, tasklet or task");

static unsigned long count;
module_param(count, ulong, 0444);
MODULE_PARM_DESC(count, "Interrupts of the idle CPU");

static unsigned long total;
module_param(total, ulong, 0444);
MODULE_PARM_DESC(total, "Nanoseconds that these took");

static struct hrtimer timer;
static struct tracepoint *tracepoint;
static struct task_struct *task;
static bool with_tasklet, with_task;
static u64 began;		/* in the handler; 0: none goes on */
static unsigned long ran;

static void account(void)
{
	if (began) {
		total += ktime_get_mono_fast_ns() - began;
		count++;
	}
	began = 0;
}

static void run(struct tasklet_struct *unused)
{
	ran++;
}

static DECLARE_TASKLET(late_half, run);

static int run_task(void *unused)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		schedule();
		account();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static enum hrtimer_restart fire(struct hrtimer *unused)
{
	began = is_idle_task(current) ? ktime_get_mono_fast_ns() : 0;
	if (with_tasklet)
		tasklet_schedule(&late_half);
	if (with_task)
		wake_up_process(task);
	hrtimer_forward_now(&timer, ns_to_ktime(APART_NS));
	return HRTIMER_RESTART;
}

static void probe_idle(void *data, unsigned int state, unsigned int number)
{
	if (state != (unsigned int)PWR_EVENT_EXIT && !with_task)
		account();
}

static void match(struct tracepoint *candidate, void *unused)
{
	if (!strcmp(candidate->name, "cpu_idle"))
		tracepoint = candidate;
}

static int __init idlecost_init(void)
{
	int error;

	for_each_kernel_tracepoint(match, NULL);
	if (!tracepoint)
		return -ENOENT;
	with_tasklet = !strcmp(kind, "tasklet");
	with_task = !strcmp(kind, "task");
	task = kthread_run(run_task, NULL, "idlecost");
	if (IS_ERR(task))
		return PTR_ERR(task);
	error = tracepoint_probe_register(tracepoint, probe_idle, NULL);
	if (error) {
		kthread_stop(task);
		return error;
	}
	hrtimer_setup(&timer, fire, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer_start(&timer, ns_to_ktime(APART_NS), HRTIMER_MODE_REL_PINNED_HARD);
	return 0;
}

static void __exit idlecost_exit(void)
{
	hrtimer_cancel(&timer);
	kthread_stop(task);
	tasklet_kill(&late_half);
	tracepoint_probe_unregister(tracepoint, probe_idle, NULL);
	tracepoint_synchronize_unregister();
}

module_init(idlecost_init);
module_exit(idlecost_exit);

MODULE_DESCRIPTION("dither test: what an interrupt of an idle CPU takes");
MODULE_LICENSE("GPL");
