// SPDX-License-Identifier: GPL-2.0
/*
 * A CPU goes idle when it switches to its idle task. That is before the idle
 * loop asks when the next timer is due, by which it chooses how deeply to sleep
 * and whether the tick goes on: a clock that is taken back later, on the way
 * into the state that was chosen, has done the harm already.
 *
 * Interrupts of an idle CPU are work, and so is what they put off, even where
 * they wake no task. They are told apart from sleep by the tracepoints around
 * their handlers.
 *
 * Probes run on the CPU in question, under its run queue's lock or in interrupt
 * context.
 */
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <trace/events/irq.h>
#include <trace/events/sched.h>

#include "clock.h"
#include "compat/tracepoint.h"
#include "hooks.h"
#include "idle.h"
#include "session.h"

static bool watched;

typedef void (*change)(struct dither_cpu *cpu, u64 now);

/* Interrupts are off. */
static __always_inline void tell_clocks(change change)
{
	u64 now = ktime_get_mono_fast_ns();
	unsigned int number = smp_processor_id();
	struct dither_session *session;
	struct dither_cpu *cpu;

	rcu_read_lock();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		cpu = session->cpus[number];
		if (cpu && !(session->config.flags & DITHER_F_IDLE))
			change(cpu, now);
	}
	rcu_read_unlock();
}

static void probe_switch(DITHER_SWITCH_PROBE_ARGS)
{
	if (unlikely(is_idle_task(next)))
		tell_clocks(dither_clock_sleep);
	else if (unlikely(is_idle_task(prev)))
		tell_clocks(dither_clock_wake);
}

static __always_inline void tell_clocks_if_idle(change change)
{
	unsigned long flags;

	if (!is_idle_task(current))
		return;
	local_irq_save(flags);
	tell_clocks(change);
	local_irq_restore(flags);
}

static void probe_irq_entry(void *data, int irq, struct irqaction *action)
{
	tell_clocks_if_idle(dither_clock_rouse);
}

static void probe_irq_exit(void *data, int irq, struct irqaction *action,
			   int result)
{
	tell_clocks_if_idle(dither_clock_rest);
}

static void probe_softirq_entry(void *data, unsigned int vector)
{
	tell_clocks_if_idle(dither_clock_rouse);
}

static void probe_softirq_exit(void *data, unsigned int vector)
{
	tell_clocks_if_idle(dither_clock_rest);
}

static struct dither_hook switch_hook = DITHER_HOOK(sched_switch, probe_switch);
static struct dither_hook interrupt_hooks[] = {
	DITHER_HOOK(irq_handler_entry, probe_irq_entry),
	DITHER_HOOK(irq_handler_exit, probe_irq_exit),
	DITHER_HOOK(softirq_entry, probe_softirq_entry),
	DITHER_HOOK(softirq_exit, probe_softirq_exit),
};

bool dither_idle_can_watch(void)
{
	return dither_hook_exists(&switch_hook);
}

bool dither_idle_is_watched(void)
{
	return READ_ONCE(watched);
}

void dither_idle_watch(void)
{
	int i;

	check_trace_callback_type_sched_switch(probe_switch);
	check_trace_callback_type_irq_handler_entry(probe_irq_entry);
	check_trace_callback_type_irq_handler_exit(probe_irq_exit);
	check_trace_callback_type_softirq_entry(probe_softirq_entry);
	check_trace_callback_type_softirq_exit(probe_softirq_exit);
	if (dither_hook_attach(&switch_hook))
		return;
	for (i = 0; i < ARRAY_SIZE(interrupt_hooks); i++)
		dither_hook_attach(&interrupt_hooks[i]);
	WRITE_ONCE(watched, true);
}

void dither_idle_unwatch(void)
{
	int i;

	WRITE_ONCE(watched, false);
	for (i = 0; i < ARRAY_SIZE(interrupt_hooks); i++)
		dither_hook_detach(&interrupt_hooks[i]);
	dither_hook_detach(&switch_hook);
}
