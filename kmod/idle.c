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
#include "counter.h"
#include "idle.h"
#include "overhead.h"
#include "session_state.h"
#include "tracepoints.h"

/*
 * The first instant of the clocks that sleep with this CPU, while it idles. It
 * spares most interrupts of an idle CPU the look at each session. While the cycle
 * counter is within the span, no instant is near: then the clock is not read.
 */
struct instant {
	u64 first; /* 0: one of them is not asleep; U64_MAX: there is none */
	u64 cycles;
	u64 span;
};

static DEFINE_PER_CPU(struct instant, instant);

static bool counter_is_steady;

typedef void (*change)(struct dither_cpu *cpu, u64 now);

/* Interrupts are off. */
static __always_inline void set_span(u64 first, u64 now)
{
	u64 span = 0;

	if (first > now + DITHER_CLOCK_NEAR_NS && counter_is_steady)
		span = dither_counter_span(first - now - DITHER_CLOCK_NEAR_NS);
	__this_cpu_write(instant.cycles, get_cycles());
	__this_cpu_write(instant.span, span);
}

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
	__this_cpu_write(instant.first, first);
	set_span(first, now);
}

static void probe_switch(DITHER_SWITCH_PROBE_ARGS)
{
	/* Its call and what it looks at; the clocks count for themselves. */
	__this_cpu_add(dither_shared_ns, dither_overhead.clock_ns / 2);
	if (unlikely(is_idle_task(next)))
		tell_clocks(dither_clock_sleep, ktime_get_mono_fast_ns());
	else if (unlikely(is_idle_task(prev)))
		tell_clocks(dither_clock_wake, ktime_get_mono_fast_ns());
}

/* The clocks, if their first instant is before @ns from now. */
static noinline void look_at_clock(change change, u64 ns)
{
	unsigned long flags;
	u64 now;

	/* With its call, and what is set, it takes about two readings. */
	this_cpu_add(dither_shared_ns, 2 * dither_overhead.clock_ns);
	local_irq_save(flags);
	now = ktime_get_mono_fast_ns();
	if (unlikely(__this_cpu_read(instant.first) < now + ns))
		tell_clocks(change, now);
	else
		set_span(__this_cpu_read(instant.first), now);
	local_irq_restore(flags);
}

/*
 * The idle task runs on one CPU, and an interrupt of it ends there. If another
 * interrupt comes in here, its look has set the instant for both.
 */
static __always_inline void look(change change, u64 ns)
{
	u64 passed;

	if (!is_idle_task(current))
		return;
	/* A look with its call takes more than half a reading of the clock. */
	this_cpu_add(dither_shared_ns, 5 * dither_overhead.clock_ns / 8);
	passed = get_cycles() - this_cpu_read(instant.cycles);
	/* If the counter was set back, this is more than any span. */
	if (unlikely(passed >= this_cpu_read(instant.span)))
		look_at_clock(change, ns);
}

static __always_inline void interrupt_begins(void)
{
	look(dither_clock_rouse, DITHER_CLOCK_NEAR_NS);
}

static __always_inline void interrupt_ends(void)
{
	look(dither_clock_rest, 1);
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
	WRITE_ONCE(counter_is_steady, dither_counter_is_steady());
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
