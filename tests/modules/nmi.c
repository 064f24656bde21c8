// SPDX-License-Identifier: GPL-2.0
/*
 * Samples from NMI context, for the guest tests: a part of the module when it
 * is made with `make module TEST=nmi`, x86 before Linux 6.5 only (no other
 * kernel lets a module send one).
 *
 * A timer on every CPU sends NMIs to the next CPU at random instants, so that
 * they meet that one's clock, probes and ioctls anywhere; and breakpoints in
 * the ring and the intern table send some where they do most harm. Each makes
 * a sample in every session. Write the mean distance in ns to the parameter nmi_ns, 0
 * to stop; nmi_count and nmi_nested say how many came, and how many of them
 * while a record was being written on their CPU.
 */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <asm/apic.h>
#include <asm/nmi.h>

#include "../../kmod/compat/hrtimer.h"
#include "../../kmod/sample.h"
#include "../../kmod/session_state.h"

#define EVENT 1
#define MEAN_MIN_NS 5000U
#define AIMED 16	/* one of so many hits of a breakpoint */

struct sender {
	struct hrtimer timer;
	unsigned int target;
	unsigned long handled;	/* there, when the last one was sent */
	u32 random;
};

static DEFINE_PER_CPU(struct sender, senders);
static DEFINE_PER_CPU(unsigned int, hits);
static DEFINE_PER_CPU(unsigned long, handled);
static DEFINE_PER_CPU(unsigned long, taken);
static DEFINE_PER_CPU(unsigned long, nested);
static DEFINE_MUTEX(lock);
static unsigned int mean_ns;

static int handle(unsigned int type, struct pt_regs *regs)
{
	struct dither_session *session;
	struct dither_cpu *cpu;

	rcu_read_lock();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		cpu = session->cpus[smp_processor_id()];
		if (!cpu || !READ_ONCE(cpu->ticking))
			continue;
		if (READ_ONCE(cpu->ring.nesting))
			this_cpu_inc(nested);
		dither_sample_event(cpu, regs, EVENT, NULL);
		this_cpu_inc(taken);
	}
	rcu_read_unlock();
	this_cpu_inc(handled);
	/* Two may arrive as one, so it is not known how many are ours. */
	return NMI_HANDLED;
}

static int aim(struct kprobe *probe, struct pt_regs *regs)
{
	if (!in_nmi() && !(this_cpu_inc_return(hits) % AIMED))
		apic->send_IPI(smp_processor_id(), NMI_VECTOR);
	return 0;
}

static struct kprobe aims[] = {
	{ .symbol_name = "dither_ring_reserve", .pre_handler = aim },
	{ .symbol_name = "dither_ring_commit", .pre_handler = aim },
	{ .symbol_name = "dither_intern_find", .pre_handler = aim },
	{ .symbol_name = "dither_intern_settle", .pre_handler = aim },
};

static void unaim(int count)
{
	while (count--) {
		unregister_kprobe(&aims[count]);
		/* Else it would be registered at this very address. */
		aims[count].addr = NULL;
		aims[count].flags = 0;
	}
}

static int aim_all(void)
{
	int i, error;

	for (i = 0; i < ARRAY_SIZE(aims); i++) {
		error = register_kprobe(&aims[i]);
		if (error) {
			unaim(i);
			return error;
		}
	}
	return 0;
}

static u64 draw(struct sender *sender)
{
	sender->random = sender->random * 1664525 + 1013904223;
	return 1 + ((u64)sender->random * 2 * mean_ns >> 32);
}

static enum hrtimer_restart send(struct hrtimer *timer)
{
	struct sender *sender = container_of(timer, struct sender, timer);
	unsigned long done = READ_ONCE(*per_cpu_ptr(&handled, sender->target));
	u64 distance = draw(sender);

	/* One that is slower than they come must not drown. */
	if (done == sender->handled) {
		distance *= 8;
	} else {
		sender->handled = done;
		apic->send_IPI(sender->target, NMI_VECTOR);
	}
	hrtimer_forward_now(timer, ns_to_ktime(distance));
	return HRTIMER_RESTART;
}

static void start_here(void *unused)
{
	struct sender *sender = this_cpu_ptr(&senders);

	sender->random = get_cycles();
	sender->handled = -1UL;
	hrtimer_setup(&sender->timer, send, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer_start(&sender->timer, ns_to_ktime(draw(sender)),
		      HRTIMER_MODE_REL_PINNED_HARD);
}

static int start(unsigned int mean)
{
	unsigned int number;
	int error;

	error = register_nmi_handler(NMI_LOCAL, handle, 0, "dither");
	if (error)
		return error;
	error = aim_all();
	if (error) {
		unregister_nmi_handler(NMI_LOCAL, "dither");
		return error;
	}
	__module_get(THIS_MODULE);
	mean_ns = mean;
	cpus_read_lock();
	for_each_online_cpu(number) {
		struct sender *sender = per_cpu_ptr(&senders, number);
		unsigned int next = cpumask_next(number, cpu_online_mask);

		sender->target = next < nr_cpu_ids ?
					 next :
					 cpumask_first(cpu_online_mask);
	}
	on_each_cpu(start_here, NULL, 1);
	cpus_read_unlock();
	return 0;
}

static void stop(void)
{
	unsigned int number;

	for_each_possible_cpu(number) {
		struct sender *sender = per_cpu_ptr(&senders, number);

		if (sender->timer.function)
			hrtimer_cancel(&sender->timer);
	}
	mean_ns = 0;
	unaim(ARRAY_SIZE(aims));
	/* For those on their way, which nobody else would know. */
	msleep(20);
	unregister_nmi_handler(NMI_LOCAL, "dither");
	module_put(THIS_MODULE);
}

/* The module stays loaded while NMIs are sent. CPUs are to stay on line. */
static int set_mean(const char *text, const struct kernel_param *parameter)
{
	unsigned int mean;
	int error;

	error = kstrtouint(text, 0, &mean);
	if (error || (mean && mean < MEAN_MIN_NS))
		return error ?: -EINVAL;
	mutex_lock(&lock);
	if (mean && !mean_ns)
		error = start(mean);
	else if (mean_ns && !mean)
		stop();
	else if (mean)
		error = -EBUSY;
	mutex_unlock(&lock);
	return error;
}

static int get_mean(char *text, const struct kernel_param *parameter)
{
	return sysfs_emit(text, "%u\n", mean_ns);
}

static int get_sum(char *text, const struct kernel_param *parameter)
{
	unsigned long __percpu *counts = parameter->arg;
	unsigned long sum = 0;
	unsigned int number;

	for_each_possible_cpu(number)
		sum += *per_cpu_ptr(counts, number);
	return sysfs_emit(text, "%lu\n", sum);
}

static const struct kernel_param_ops mean_ops = {
	.set = set_mean,
	.get = get_mean,
};

static const struct kernel_param_ops sum_ops = {
	.get = get_sum,
};

module_param_cb(nmi_ns, &mean_ops, NULL, 0644);
MODULE_PARM_DESC(nmi_ns, "Mean distance of NMIs on one CPU in ns (default 0: none)");
module_param_cb(nmi_count, &sum_ops, (void __percpu *)&taken, 0444);
MODULE_PARM_DESC(nmi_count, "Samples taken in NMI context (default 0)");
module_param_cb(nmi_nested, &sum_ops, (void __percpu *)&nested, 0444);
MODULE_PARM_DESC(nmi_nested, "Of these, while their CPU was writing (default 0)");
