// SPDX-License-Identifier: GPL-2.0
/*
 * The timer's handler runs in hard interrupt context, on RT kernels too. Idle
 * entry and exit come from a tracepoint on the idling CPU itself: the timer is
 * taken back before the CPU sleeps and set to the first instant after it
 * wakes, so that a sleeping CPU is never woken and no instant is forgotten.
 */
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <trace/events/irq.h>
#include <trace/events/power.h>
#include <asm/irq_regs.h>

#include "clock.h"
#include "compat/hrtimer.h"
#include "hooks.h"
#include "output.h"
#include "sample.h"
#include "session.h"

static bool idle_hooked;

static void arm(struct dither_cpu *cpu)
{
	hrtimer_start(&cpu->timer, ns_to_ktime(cpu->schedule.due),
		      HRTIMER_MODE_ABS_PINNED_HARD);
}

/* A RATE record that finds no room is tried again at the next sample. */
static void tell_rate(struct dither_cpu *cpu, u64 now)
{
	cpu->rate_pending = !dither_output_write(cpu, &cpu->rate.header, now);
}

static void note_rate(struct dither_cpu *cpu, enum dither_rate_reason reason,
		      u64 now)
{
	const struct dither_schedule *schedule = &cpu->schedule;

	cpu->rate = (struct dither_rate){
		.header.size = sizeof(cpu->rate),
		.header.type = DITHER_RECORD_RATE,
		.header.tid = reason,
		.time = now,
		.origin = schedule->origin,
		.number = schedule->number,
		.cell_ns = schedule->cell,
		.shift = schedule->shift,
	};
	tell_rate(cpu, now);
}

/* Pass all cells up to @now; they are the caller's to account. */
static inline u64 pass(struct dither_cpu *cpu, u64 now)
{
	u64 passed = dither_schedule_pass(&cpu->schedule, now);

	if (unlikely(cpu->schedule.resumed)) {
		cpu->schedule.resumed = false;
		note_rate(cpu, DITHER_RATE_RESUME, now);
	}
	return passed;
}

static void follow_governor(struct dither_cpu *cpu, u32 shift, u64 now)
{
	u32 before = cpu->schedule.shift;

	if (!dither_schedule_reshape(&cpu->schedule, shift))
		return;
	cpu->account.rate_changes++;
	note_rate(cpu,
		  cpu->schedule.shift > before ? DITHER_RATE_SLOWER :
						 DITHER_RATE_FASTER,
		  now);
}

/* Where nobody tells that a CPU idles. */
static void skip_idle(struct dither_cpu *cpu, u64 now)
{
	cpu->account.idle++;
	if (cpu->pmu.count)
		dither_pmu_pass(cpu, now, DITHER_FATE_ASLEEP);
}

static enum hrtimer_restart fire(struct hrtimer *timer)
{
	struct dither_cpu *cpu = container_of(timer, struct dither_cpu, timer);
	u64 due = cpu->schedule.due;
	/* The fast clock may lag behind the timer's by an adjustment. */
	u64 now = max_t(u64, ktime_get_mono_fast_ns(), due);
	u64 begun = dither_stopwatch_start(&cpu->stopwatch, now);
	u64 passed = pass(cpu, now);
	u64 cost;
	u32 shift;

	if (unlikely(passed > 1)) {
		cpu->account.overruns += passed - 1;
		cpu->overruns += passed - 1;
	}
	if (unlikely(cpu->rate_pending))
		tell_rate(cpu, now);
	if (unlikely(!idle_hooked) && is_idle_task(current) &&
	    !(cpu->session->config.flags & DITHER_F_IDLE))
		skip_idle(cpu, now);
	else
		dither_sample_take(cpu, get_irq_regs(), now, due);

	cost = dither_stopwatch_stop(&cpu->stopwatch, now, begun);
	if (unlikely(local_read(&cpu->other_ns)))
		cost += local_xchg(&cpu->other_ns, 0);
	cpu->account.handler_ns += cost;
	shift = dither_governor_charge(&cpu->governor, cost, now);
	if (unlikely(shift != cpu->schedule.shift))
		follow_governor(cpu, shift, now);

	hrtimer_set_expires(timer, ns_to_ktime(cpu->schedule.due));
	return HRTIMER_RESTART;
}

void dither_clock_init(struct dither_cpu *cpu)
{
	hrtimer_setup(&cpu->timer, fire, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_PINNED_HARD);
}

static void begin(struct dither_cpu *cpu, u64 now)
{
	const struct dither_session *session = cpu->session;

	dither_schedule_start(&cpu->schedule, session->config.policy,
			      session->config.jitter_ppm,
			      session->config.period_ns, session->config.seed,
			      cpu->cpu, session->start_ns);
	dither_governor_init(&cpu->governor, session->config.budget_ppm, now);
	cpu->started = true;
	note_rate(cpu, DITHER_RATE_START, now);
}

void dither_clock_start(struct dither_cpu *cpu)
{
	unsigned long flags;
	u64 now;

	if (cpu->session->config.flags & DITHER_F_NO_CLOCK)
		return;
	local_irq_save(flags);
	now = ktime_get_mono_fast_ns();
	cpu->last_wake = now;
	if (!cpu->started)
		begin(cpu, now);
	cpu->account.offline += pass(cpu, now);
	cpu->ticking = true;
	arm(cpu);
	local_irq_restore(flags);
}

/*
 * A cell whose instant has come while its interrupt has not is no idle one: it
 * is left to fire, late, as soon as interrupts are on.
 */
static void fall_asleep(struct dither_cpu *cpu)
{
	u64 now = ktime_get_mono_fast_ns();

	if (!cpu->ticking || cpu->asleep || cpu->schedule.due <= now)
		return;
	hrtimer_try_to_cancel(&cpu->timer);
	cpu->asleep = true;
	cpu->asleep_since = now;
	if (unlikely(cpu->pmu.count))
		dither_pmu_pass(cpu, now, DITHER_FATE_UNSAMPLED);
}

static void account_sleep(struct dither_cpu *cpu)
{
	u64 now = ktime_get_mono_fast_ns();

	cpu->asleep = false;
	if (now > cpu->asleep_since)
		cpu->account.idle_ns += now - cpu->asleep_since;
	cpu->account.idle += pass(cpu, now);
	if (unlikely(cpu->pmu.count))
		dither_pmu_pass(cpu, now, DITHER_FATE_ASLEEP);
}

static void wake_up_clock(struct dither_cpu *cpu)
{
	if (!cpu->ticking || !cpu->asleep)
		return;
	account_sleep(cpu);
	arm(cpu);
}

void dither_clock_stop(struct dither_cpu *cpu)
{
	unsigned long flags;

	local_irq_save(flags);
	if (cpu->ticking) {
		/* This CPU is here, not in the handler: it cannot run. */
		hrtimer_try_to_cancel(&cpu->timer);
		if (cpu->asleep)
			account_sleep(cpu);
		cpu->ticking = false;
	}
	local_irq_restore(flags);
}

static void probe_idle(void *data, unsigned int state, unsigned int number)
{
	struct dither_session *session;
	struct dither_cpu *cpu;
	unsigned long flags;

	local_irq_save(flags);
	rcu_read_lock();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		cpu = session->cpus[smp_processor_id()];
		if (!cpu || session->config.flags & DITHER_F_IDLE)
			continue;
		if (state == (unsigned int)PWR_EVENT_EXIT)
			wake_up_clock(cpu);
		else
			fall_asleep(cpu);
	}
	rcu_read_unlock();
	local_irq_restore(flags);
}

/*
 * Where a CPU halts with interrupts on, what woke it runs before the end of
 * idleness is told: its handlers, and what they put off, are work, and the
 * clock is to see it. The next idle entry lets it sleep again.
 */
static void wake_for_interrupt(void)
{
	struct dither_session *session;
	struct dither_cpu *cpu;
	unsigned long flags;

	if (!is_idle_task(current))
		return;
	local_irq_save(flags);
	rcu_read_lock();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		cpu = session->cpus[smp_processor_id()];
		if (cpu)
			wake_up_clock(cpu);
	}
	rcu_read_unlock();
	local_irq_restore(flags);
}

static void probe_irq(void *data, int irq, struct irqaction *action)
{
	wake_for_interrupt();
}

static void probe_softirq(void *data, unsigned int vector)
{
	wake_for_interrupt();
}

static struct dither_hook idle_hook = DITHER_HOOK(cpu_idle, probe_idle);
static struct dither_hook interrupt_hooks[] = {
	DITHER_HOOK(irq_handler_entry, probe_irq),
	DITHER_HOOK(softirq_entry, probe_softirq),
};

bool dither_clock_has_idle_hook(void)
{
	return dither_hook_exists(&idle_hook);
}

void dither_clock_watch_idle(void)
{
	int i;

	check_trace_callback_type_cpu_idle(probe_idle);
	check_trace_callback_type_irq_handler_entry(probe_irq);
	check_trace_callback_type_softirq_entry(probe_softirq);
	idle_hooked = !dither_hook_attach(&idle_hook);
	for (i = 0; idle_hooked && i < ARRAY_SIZE(interrupt_hooks); i++)
		dither_hook_attach(&interrupt_hooks[i]);
}

void dither_clock_unwatch_idle(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(interrupt_hooks); i++)
		dither_hook_detach(&interrupt_hooks[i]);
	dither_hook_detach(&idle_hook);
	idle_hooked = false;
}
