// SPDX-License-Identifier: GPL-2.0
/*
 * The event as the clock. Each overflow makes a sample, says how many events
 * it stands for, and draws the distance to the one after the next: the counter
 * is already set for the next one when the handler is called.
 */
#include <linux/irqflags.h>
#include <linux/ktime.h>

#include "compat/perf.h"
#include "overflow.h"
#include "sample.h"
#include "session_state.h"

/*
 * Draws between the one that has just run out and the last one: for hardware,
 * what was drawn by the last overflow is running now. Software events keep a
 * further one in hand.
 */
static u32 draws_ago(const struct perf_event *event)
{
	return event->attr.type == PERF_TYPE_SOFTWARE ? 2 : 1;
}

u64 dither_overflow_begin(struct dither_counter *counter, u32 number)
{
	const struct dither_session *session = counter->cpu->session;
	const struct dither_event *event = &session->events[number];
	struct dither_period *period = &counter->overflow.period;

	if (!period->number) {
		dither_period_start(period, session->config.seed,
				    counter->cpu->cpu, number, event->period,
				    event->target_ns);
		dither_governor_init(&counter->overflow.governor,
				     session->config.budget_ppm,
				     event->target_ns, ktime_get_mono_fast_ns());
	}
	return dither_period_draw(period);
}

void dither_overflow_resume(struct dither_counter *counter, u64 count, u64 now)
{
	counter->overflow.count = count;
	counter->overflow.time = now;
}

static void take_sample(struct dither_cpu *cpu, struct dither_counter *counter,
			struct dither_counts *counts, struct pt_regs *regs,
			u64 now)
{
	u8 event = 1 + (counter - cpu->pmu.counter);
	enum dither_outcome outcome;

	if (cpu->pmu.leader != counter) {
		dither_sample_event(cpu, regs, event, counts);
		return;
	}
	dither_pmu_read(&cpu->pmu, now, counts);
	outcome = dither_sample_event(cpu, regs, event, counts);
	dither_pmu_account(&cpu->pmu, counts, outcome);
}

static void serve(struct perf_event *event, struct pt_regs *regs)
{
	struct dither_counter *counter = event->overflow_handler_context;
	struct dither_overflow *overflow = &counter->overflow;
	u64 count = local64_read(&event->count);
	struct dither_cpu *cpu = counter->cpu;
	struct dither_counts counts = { .count = 2 };
	u64 now = ktime_get_mono_fast_ns();
	u64 cost;

	local64_inc(&overflow->overflows);
	counts.value[0] =
		dither_period_mean(&overflow->period, draws_ago(event));
	counts.value[1] = count - overflow->count;
	take_sample(cpu, counter, &counts, regs, now);
	dither_period_adapt(&overflow->period, count - overflow->count,
			    now - overflow->time);
	overflow->count = count;
	overflow->time = now;

	if (unlikely(dither_event_is_throttled(event)))
		local64_inc(&overflow->throttled);
	cost = ktime_get_mono_fast_ns() - now;
	overflow->period.shift =
		dither_governor_charge(&overflow->governor, cost, now);
	event->hw.sample_period = dither_period_draw(&overflow->period);
}

void dither_overflow_serve(struct perf_event *event,
			   struct perf_sample_data *data, struct pt_regs *regs)
{
	const struct dither_counter *counter = event->overflow_handler_context;
	const struct dither_pmu *pmu = &counter->cpu->pmu;
	unsigned long flags;

	/* Software events come in task context; the clock is to stay out. */
	local_irq_save(flags);
	if (READ_ONCE(pmu->live) && READ_ONCE(pmu->wanted))
		serve(event, regs);
	local_irq_restore(flags);
}
