// SPDX-License-Identifier: GPL-2.0
/*
 * What an interrupt of an idle CPU takes: from the timer's handler until the CPU
 * idles again. With kind=device the handler of a device is called, whose
 * interrupt that might be; with kind=tasklet work is put off, as devices do; with
 * kind=both such a handler does that; with kind=task a thread is woken, and the
 * time is that until the thread runs. In a guest that counts instructions, of one
 * CPU, where CLOCK_MONOTONIC is their number.
 */
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/sort.h>
#include <linux/timekeeping.h>
#include <linux/tracepoint.h>
#include <trace/events/power.h>

#include "compat/hrtimer.h"

#define APART_NS 300000
#define INTERRUPTS 3000

static char *kind = "nothing";
module_param(kind, charp, 0444);
MODULE_PARM_DESC(kind, "What the timer starts: nothing, device, tasklet, both or task");

static unsigned int count;
module_param(count, uint, 0444);
MODULE_PARM_DESC(count, "Interrupts of the idle CPU that were seen, of 3,000");

/* Others are of what else the kernel had to do, as well. */
static u32 took[INTERRUPTS];
static u32 usual;
module_param(usual, uint, 0444);
MODULE_PARM_DESC(usual, "The median of the nanoseconds that these took");

static struct hrtimer timer;
static struct tracepoint *tracepoint;
static struct task_struct *task;
static bool with_device, with_tasklet, with_task;
static int device = -1;		/* the number of its interrupt */
static u64 began;		/* in the handler; 0: none goes on */
static unsigned long ran;

static int compare(const void *a, const void *b)
{
	u32 one = *(const u32 *)a, other = *(const u32 *)b;

	return one < other ? -1 : one > other;
}

static void account(void)
{
	if (!began || count == INTERRUPTS)
		return;
	took[count] = ktime_get_mono_fast_ns() - began;
	began = 0;
	if (count == INTERRUPTS - 1) {
		sort(took, INTERRUPTS, sizeof(*took), compare, NULL);
		usual = took[INTERRUPTS / 2];
	}
	/* Pairs with nothing: there is one CPU. */
	WRITE_ONCE(count, count + 1);
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

static irqreturn_t handle(int irq, void *data)
{
	if (with_tasklet)
		tasklet_schedule(&late_half);
	return IRQ_HANDLED;
}

/* An interrupt that no device raises. This module may end while it has it. */
static int add_device(void)
{
	int error;

	device = __irq_alloc_descs(-1, 0, 1, numa_node_id(), NULL, NULL);
	if (device < 0)
		return device;
	irq_set_chip_and_handler(device, &dummy_irq_chip, handle_simple_irq);
	irq_clear_status_flags(device, IRQ_NOREQUEST);
	error = request_irq(device, handle, 0, "idlecost", &device);
	if (error) {
		irq_free_desc(device);
		device = -1;
	}
	return error;
}

static void remove_device(void)
{
	if (device < 0)
		return;
	free_irq(device, &device);
	irq_free_desc(device);
}

static enum hrtimer_restart fire(struct hrtimer *unused)
{
	began = is_idle_task(current) ? ktime_get_mono_fast_ns() : 0;
	if (with_device)
		generic_handle_irq(device);
	else if (with_tasklet)
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
	with_device = !strcmp(kind, "device") || !strcmp(kind, "both");
	with_tasklet = !strcmp(kind, "tasklet") || !strcmp(kind, "both");
	with_task = !strcmp(kind, "task");
	error = with_device ? add_device() : 0;
	if (error)
		return error;
	task = kthread_run(run_task, NULL, "idlecost");
	error = PTR_ERR_OR_ZERO(task);
	if (error)
		goto err_device;
	error = tracepoint_probe_register(tracepoint, probe_idle, NULL);
	if (error)
		goto err_task;
	hrtimer_setup(&timer, fire, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer_start(&timer, ns_to_ktime(APART_NS), HRTIMER_MODE_REL_PINNED_HARD);
	return 0;

err_task:
	kthread_stop(task);
err_device:
	remove_device();
	return error;
}

static void __exit idlecost_exit(void)
{
	hrtimer_cancel(&timer);
	kthread_stop(task);
	tasklet_kill(&late_half);
	remove_device();
	tracepoint_probe_unregister(tracepoint, probe_idle, NULL);
	tracepoint_synchronize_unregister();
}

module_init(idlecost_init);
module_exit(idlecost_exit);

MODULE_DESCRIPTION("dither test: what an interrupt of an idle CPU takes");
MODULE_LICENSE("GPL");
