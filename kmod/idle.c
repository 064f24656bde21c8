// SPDX-License-Identifier: GPL-2.0
/*
 * A CPU goes idle when it switches to its idle task. That is before the idle
 * loop asks when the next timer is due, by which it chooses how deeply to sleep
 * and whether the tick goes on: a clock that is taken back later, on the way
 * into the state that was chosen, has done the harm already.
 *
 * Interrupts of an idle CPU are work, and so is what they put off, even where
 * they wake no task. The tracepoints around their handlers distinguish them
 * from sleep.
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
#include "idle.h"
#include "overhead.h"
#include "session_state.h"
#include "tracepoints.h"

/*
 * The first instant of the clocks that sleep with this CPU, while it idles; 0:
 * one of them is not asleep; U64_MAX: there is none. It spares most interrupts
 * of an idle CPU the look at each session.
 */
static DEFINE_PER_CPU(u64, first_instant);

typedef void (*change)(struct dither_cpu *cpu, u64 now);

/* Interrupts are off. */
static __always_inline void tell_clocks(change change, u64 now)
{
	unsigned int number = smp_processor_id();
	u64 begun = now, first = U64_MAX;
	struct dither_session *session;
	struct dither_cpu *cpu;

	rcu_read_lock();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		cpu = session->cpus[number];
		if (!cpu || session->config.flags & DITHER_F_IDLE)
			continue;
		change(cpu, now);
		first = min(first, dither_clock_wakes_at(cpu));
		now = ktime_get_mono_fast_ns();
		local_add(now - begun + dither_overhead.clock_ns,
			  &cpu->other_ns);
		begun = now;
	}
	rcu_read_unlock();
	__this_cpu_write(first_instant, first);
}

static void probe_switch(DITHER_SWITCH_PROBE_ARGS)
{
	if (unlikely(is_idle_task(next)))
		tell_clocks(dither_clock_sleep, ktime_get_mono_fast_ns());
	else if (unlikely(is_idle_task(prev)))
		tell_clocks(dither_clock_wake, ktime_get_mono_fast_ns());
}

static noinline void tell_clocks_irqs_on(change change, u64 now)
{
	unsigned long flags;

	local_irq_save(flags);
	tell_clocks(change, now);
	local_irq_restore(flags);
}

/* With its call, a look at an interrupt takes about two readings of the clock. */
static __always_inline u64 look(void)
{
	this_cpu_add(dither_shared_ns, 2 * dither_overhead.clock_ns);
	return ktime_get_mono_fast_ns();
}

/* The idle task runs on one CPU, and an interrupt of it ends there. */
static __always_inline void interrupt_begins(void)
{
	u64 now;

	if (!is_idle_task(current))
		return;
	now = look();
	if (unlikely(__this_cpu_read(first_instant) < now + DITHER_CLOCK_NEAR_NS))
		tell_clocks_irqs_on(dither_clock_rouse, now);
}

static __always_inline void interrupt_ends(void)
{
	u64 now;

	if (!is_idle_task(current))
		return;
	now = look();
	if (unlikely(__this_cpu_read(first_instant) <= now))
		tell_clocks_irqs_on(dither_clock_rest, now);
}

static void probe_irq_entry(void *data, int irq, struct irqaction *action)
{
	interrupt_begins();
}

static void probe_irq_exit(void *data, int irq, struct irqaction *action,
			   int result)
{
	interrupt_ends();
}

static void probe_softirq_entry(void *data, unsigned int vector)
{
	interrupt_begins();
}

static void probe_softirq_exit(void *data, unsigned int vector)
{
	interrupt_ends();
}

static struct dither_tracepoint switch_tracepoint =
	DITHER_TRACEPOINT(sched_switch, probe_switch);
static struct dither_tracepoint interrupt_tracepoints[] = {
	DITHER_TRACEPOINT(irq_handler_entry, probe_irq_entry),
	DITHER_TRACEPOINT(irq_handler_exit, probe_irq_exit),
	DITHER_TRACEPOINT(softirq_entry, probe_softirq_entry),
	DITHER_TRACEPOINT(softirq_exit, probe_softirq_exit),
};

bool dither_idle_can_watch(void)
{
	return dither_tracepoint_exists(&switch_tracepoint);
}

void dither_idle_watch(void)
{
	int i;

	check_trace_callback_type_sched_switch(probe_switch);
	check_trace_callback_type_irq_handler_entry(probe_irq_entry);
	check_trace_callback_type_irq_handler_exit(probe_irq_exit);
	check_trace_callback_type_softirq_entry(probe_softirq_entry);
	check_trace_callback_type_softirq_exit(probe_softirq_exit);
	if (dither_tracepoint_attach(&switch_tracepoint))
		return;
	for (i = 0; i < ARRAY_SIZE(interrupt_tracepoints); i++)
		dither_tracepoint_attach(&interrupt_tracepoints[i]);
	dither_clock_watch_idle(true);
}

void dither_idle_unwatch(void)
{
	int i;

	dither_clock_watch_idle(false);
	for (i = 0; i < ARRAY_SIZE(interrupt_tracepoints); i++)
		dither_tracepoint_detach(&interrupt_tracepoints[i]);
	dither_tracepoint_detach(&switch_tracepoint);
}
