// SPDX-License-Identifier: GPL-2.0
/*
 * Empty work is added, which the kernel runs next. What comes after that, up to
 * user mode, a notifier sees that the kernel calls last, with interrupts off,
 * where it has such notifiers; elsewhere that part stays unknown. The least of
 * several times counts: others are of an interrupt, too.
 */
#include <linux/bitops.h>
#include <linux/cpu.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/task_work.h>
#include <linux/user-return-notifier.h>

#include "return_cost.h"

struct dither_return_cost dither_return_cost = { .left = 16 };

/* One return at a time. */
static struct {
	unsigned long busy;
	struct callback_head work;
	struct user_return_notifier notifier;
	unsigned int cpu; /* where it waits */
	const struct task_struct *task;
	struct dither_stint stint;
} measured;

static void begin(void)
{
	measured.task = current;
	measured.stint = dither_stint_begin();
}

/* Nothing of a task that did not run all the time. */
static void end(u32 *least, u64 now)
{
	u64 took = now - measured.stint.begun;

	if (measured.task != current ||
	    measured.stint.switches != current->nvcsw + current->nivcsw)
		return;
	/* Between two readings of the clock lies the time of one. */
	took = took > dither_overhead.clock_ns ?
		       min_t(u64, took - dither_overhead.clock_ns, NSEC_PER_MSEC) :
		       0;
	if (!*least || took < *least)
		WRITE_ONCE(*least, took);
}

static void finish(void)
{
	WRITE_ONCE(dither_return_cost.left, dither_return_cost.left - 1);
	clear_bit_unlock(0, &measured.busy);
}

#ifdef CONFIG_USER_RETURN_NOTIFIER
static void returns(struct user_return_notifier *notifier)
{
	u64 now = ktime_get_mono_fast_ns();

	user_return_notifier_unregister(notifier);
	end(&dither_return_cost.return_ns, now);
	finish();
}

/* Should the task leave this CPU before, another one's return ends it. */
static void await_return(void)
{
	measured.notifier.on_user_return = returns;
	preempt_disable();
	measured.cpu = smp_processor_id();
	user_return_notifier_register(&measured.notifier);
	begin();
	preempt_enable();
}

static void forget(void *unused)
{
	if (test_bit(0, &measured.busy))
		user_return_notifier_unregister(&measured.notifier);
}
#else
static void await_return(void)
{
	finish();
}

static void forget(void *unused)
{
}
#endif

static void run(struct callback_head *work)
{
	end(&dither_return_cost.work_ns, ktime_get_mono_fast_ns());
	await_return();
	/* The exit of the module waits for those who are in its text here. */
	module_put(THIS_MODULE);
}

void dither_return_cost_measure(void)
{
	if (test_and_set_bit_lock(0, &measured.busy))
		return;
	/* Of several that came here at once, the last may be too many. */
	if (!dither_return_cost.left || !try_module_get(THIS_MODULE))
		goto err_busy;
	init_task_work(&measured.work, run);
	if (task_work_add(current, &measured.work, TWA_RESUME))
		goto err_module;
	begin();
	return;

err_module:
	module_put(THIS_MODULE);
err_busy:
	clear_bit_unlock(0, &measured.busy);
}

void dither_return_cost_end(void)
{
	cpus_read_lock();
	preempt_disable();
	/* Nothing runs on a CPU that is off line. */
	if (smp_call_function_single(measured.cpu, forget, NULL, 1))
		forget(NULL);
	preempt_enable();
	cpus_read_unlock();
}
