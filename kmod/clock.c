// SPDX-License-Identifier: GPL-2.0
/*
 * The timer's handler runs in hard interrupt context, on RT kernels too. When
 * the CPU idles, as idle.c tells, the timer is taken back, and set to the first
 * instant after that, so that a sleeping CPU is never woken and no instant is
 * forgotten.
 */
#include <linux/ktime.h>
#include <linux/sched.h>
#include <asm/irq_regs.h>

#include "clock.h"
#include "compat/hrtimer.h"
#include "overhead.h"
#include "record_output.h"
#include "sample.h"
#include "session_state.h"

static bool idle_is_watched;

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

/* Where nothing tells when a CPU idles. */
static void skip_idle(struct dither_cpu *cpu, u64 now)
{
	cpu->account.idle++;
	if (cpu->pmu.count)
		dither_pmu_pass(&cpu->pmu, now, DITHER_OUTCOME_ASLEEP);
}

static void begin_sleep(struct dither_cpu *cpu, u64 now)
{
	cpu->asleep = true;
	cpu->asleep_since = now;
	if (unlikely(cpu->pmu.count))
		dither_pmu_pass(&cpu->pmu, now, DITHER_OUTCOME_UNSAMPLED);
}

/* The cells that have passed are the caller's to account. */
static void end_sleep(struct dither_cpu *cpu, u64 now)
{
	cpu->asleep = false;
	if (now > cpu->asleep_since)
		cpu->account.idle_ns += now - cpu->asleep_since;
	if (unlikely(cpu->pmu.count))
		dither_pmu_pass(&cpu->pmu, now, DITHER_OUTCOME_ASLEEP);
}

static enum hrtimer_restart fire(struct hrtimer *timer)
{
	struct dither_cpu *cpu = container_of(timer, struct dither_cpu, timer);
	u64 due = cpu->schedule.due;
	/* The fast clock may lag behind the timer's by an adjustment. */
	u64 now = max_t(u64, ktime_get_mono_fast_ns(), due);
	u64 begun = dither_stopwatch_start(&cpu->stopwatch, now);
	u64 passed = pass(cpu, now);
	bool idle = is_idle_task(current) &&
		    !(cpu->session->config.flags & DITHER_F_IDLE);
	u64 cost;
	u32 shift;

	if (unlikely(passed > 1)) {
		cpu->account.overruns += passed - 1;
		cpu->overruns += passed - 1;
	}
	if (unlikely(cpu->rate_pending))
		tell_rate(cpu, now);
	if (unlikely(idle) && !READ_ONCE(idle_is_watched))
		skip_idle(cpu, now);
	else
		dither_sample_take(cpu, get_irq_regs(), now, due);

	/* The stopwatch began after the reading of the clock. */
	cost = dither_stopwatch_stop(&cpu->stopwatch, now, begun) +
	       dither_overhead.clock_ns + dither_overhead_of(get_irq_regs());
	cpu->account.handler_ns += cost;
	/* No rate of the clock would make these cheaper. */
	if (unlikely(local_read(&cpu->other_ns)))
		cpu->account.handler_ns += local_xchg(&cpu->other_ns, 0);
	shift = dither_governor_charge(&cpu->governor, cost, now);
	if (unlikely(shift != cpu->schedule.shift))
		follow_governor(cpu, shift, now);

	/* An interrupt of an idle CPU was sampled: it goes on to sleep. */
	if (unlikely(idle) && READ_ONCE(idle_is_watched)) {
		begin_sleep(cpu, now);
		return HRTIMER_NORESTART;
	}
	hrtimer_set_expires(timer, ns_to_ktime(cpu->schedule.due));
	return HRTIMER_RESTART;
}

void dither_clock_watch_idle(bool watched)
{
	WRITE_ONCE(idle_is_watched, watched);
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
	dither_governor_init(&cpu->governor, session->config.budget_ppm,
			     session->config.period_ns, now);
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
void dither_clock_sleep(struct dither_cpu *cpu, u64 now)
{
	if (!cpu->ticking || cpu->asleep || cpu->schedule.due <= now)
		return;
	hrtimer_try_to_cancel(&cpu->timer);
	begin_sleep(cpu, now);
}

void dither_clock_wake(struct dither_cpu *cpu, u64 now)
{
	if (!cpu->ticking || !cpu->asleep)
		return;
	end_sleep(cpu, now);
	cpu->account.idle += pass(cpu, now);
	arm(cpu);
}

u64 dither_clock_wakes_at(const struct dither_cpu *cpu)
{
	if (!cpu->ticking)
		return U64_MAX;
	return cpu->asleep ? cpu->schedule.due : 0;
}

/*
 * It costs more to set the timer than most interrupts of an idle CPU take. So
 * it is set where an instant is so near that it may come during this one. An
 * instant further on that comes during a long one, dither_clock_rest() finds.
 */
void dither_clock_rouse(struct dither_cpu *cpu, u64 now)
{
	if (!cpu->ticking || !cpu->asleep)
		return;
	if (unlikely(cpu->schedule.due <= now))
		cpu->account.idle += pass(cpu, now);
	if (unlikely(cpu->schedule.due - now < DITHER_CLOCK_NEAR_NS)) {
		end_sleep(cpu, now);
		arm(cpu);
	}
}

void dither_clock_rest(struct dither_cpu *cpu, u64 now)
{
	if (likely(cpu->asleep)) {
		/* Not before the interrupt: that was looked at as it came. */
		if (unlikely(cpu->schedule.due <= now)) {
			end_sleep(cpu, now);
			arm(cpu);
		}
		return;
	}
	dither_clock_sleep(cpu, now);
}

void dither_clock_stop(struct dither_cpu *cpu)
{
	unsigned long flags;
	u64 now;

	local_irq_save(flags);
	if (cpu->ticking) {
		/* This CPU is here, not in the handler: it cannot run. */
		hrtimer_try_to_cancel(&cpu->timer);
		if (cpu->asleep) {
			now = ktime_get_mono_fast_ns();
			end_sleep(cpu, now);
			cpu->account.idle += pass(cpu, now);
		}
		cpu->ticking = false;
	}
	local_irq_restore(flags);
}
