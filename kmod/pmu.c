// SPDX-License-Identifier: GPL-2.0
/*
 * Counters are the kernel's own, one per event and CPU, pinned: never shared in
 * turns, so that a count is a count, not an estimate.
 */
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "compat/perf.h"
#include "overflow.h"
#include "pmu.h"
#include "session_state.h"

static bool has_hardware;

static void begin_reading(struct dither_cpu *cpu)
{
	u64 now = ktime_get_mono_fast_ns();
	struct dither_pmu *pmu = &cpu->pmu;
	u32 i;

	for (i = 0; i < pmu->count; i++) {
		struct dither_counter *counter = &pmu->counter[i];

		counter->seen = dither_counter_read(counter);
		counter->base = counter->seen;
		counter->stopped = false;
		dither_overflow_resume(counter, counter->seen, now);
	}
	pmu->read_at = now;
	barrier();
	WRITE_ONCE(pmu->live, true);
}

/*
 * Whether to ask the kernel for it at all: not for tracepoints and breakpoints,
 * and for a clock only where the handler gets the interrupted registers. Those
 * events tell the registers of their own code.
 */
static bool may_ask(const struct dither_event *wanted)
{
	if (wanted->type == PERF_TYPE_TRACEPOINT ||
	    wanted->type == PERF_TYPE_BREAKPOINT)
		return false;
	return !wanted->period || wanted->type != PERF_TYPE_SOFTWARE ||
	       (wanted->config != PERF_COUNT_SW_CONTEXT_SWITCHES &&
		wanted->config != PERF_COUNT_SW_CPU_MIGRATIONS &&
		wanted->config <= PERF_COUNT_SW_EMULATION_FAULTS);
}

/* Of a CPU's own PMU, or software's: others count for groups, or no events. */
static int check_created(const struct perf_event *event, int cpu)
{
	if (event->attr.type != PERF_TYPE_SOFTWARE &&
	    event->pmu->task_ctx_nr == perf_sw_context)
		return -EOPNOTSUPP;
	if (event->cpu != cpu || (event->attr.type != PERF_TYPE_SOFTWARE &&
				  event->pmu->task_ctx_nr != perf_hw_context))
		return -EXDEV;
	if (READ_ONCE(event->oncpu) != cpu)
		return cpu_online(cpu) ? -EBUSY : -ENODEV;
	return 0;
}

static struct perf_event *create(struct dither_counter *counter, u32 number)
{
	struct dither_cpu *cpu = counter->cpu;
	const struct dither_event *wanted = &cpu->session->events[number];
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = wanted->type,
		.config = wanted->config,
		.config1 = wanted->config1,
		.config2 = wanted->config2,
		.pinned = 1,
		.exclude_kernel = !!(wanted->flags & DITHER_EVENT_USER_ONLY),
		.exclude_user = !!(wanted->flags & DITHER_EVENT_KERNEL_ONLY),
		.exclude_hv = !!wanted->flags,
	};
	perf_overflow_handler_t handler = NULL;
	struct perf_event *event;
	int error;

	if (!may_ask(wanted))
		return ERR_PTR(-EOPNOTSUPP);
	if (counter->samples) {
		attr.sample_period = dither_overflow_begin(counter, number);
		handler = dither_overflow_serve;
	}
	event = perf_event_create_kernel_counter(&attr, cpu->cpu, NULL,
						 handler, counter);
	if (IS_ERR(event))
		return event;
	error = check_created(event, cpu->cpu);
	if (!error)
		return event;
	perf_event_release_kernel(event);
	return ERR_PTR(error);
}

static void release_all(struct dither_cpu *cpu)
{
	u32 i;

	for (i = 0; i < cpu->pmu.count; i++) {
		struct dither_counter *counter = &cpu->pmu.counter[i];

		if (counter->event)
			perf_event_release_kernel(counter->event);
		counter->event = NULL;
	}
}

static bool all_run(const struct dither_cpu *cpu)
{
	u32 i;

	for (i = 0; i < cpu->pmu.count; i++)
		if (!dither_counter_runs(&cpu->pmu.counter[i]))
			return false;
	return true;
}

/* Those that make samples rest until the session starts. */
static int open_cpu(struct dither_cpu *cpu)
{
	int error = 0;
	u32 i;

	for (i = 0; i < cpu->pmu.count; i++) {
		struct dither_counter *counter = &cpu->pmu.counter[i];
		struct perf_event *event = create(counter, i);

		if (IS_ERR(event)) {
			cpu->session->events[i].error = PTR_ERR(event);
			error = -ENODEV;
			continue;
		}
		counter->event = event;
		if (counter->samples)
			perf_event_disable(event);
	}
	return error;
}

int dither_pmu_open(struct dither_session *session)
{
	unsigned int number;
	int error = 0;

	for (number = 0; number < session->nr_cpus && !error; number++) {
		struct dither_cpu *cpu = session->cpus[number];

		if (!cpu || !cpu->pmu.count || !cpu_online(number))
			continue;
		error = open_cpu(cpu);
		/* One that has gone meanwhile gets its events when it is back. */
		if (error && !cpu_online(number)) {
			release_all(cpu);
			error = 0;
		}
	}
	if (error)
		dither_pmu_close(session);
	return error;
}

void dither_pmu_close(struct dither_session *session)
{
	unsigned int number;

	if (!session->config.nr_events)
		return;
	for (number = 0; number < session->nr_cpus; number++) {
		struct dither_cpu *cpu = session->cpus[number];

		if (!cpu || !cpu->pmu.count)
			continue;
		cancel_work_sync(&cpu->pmu.renew);
		release_all(cpu);
	}
	/* A handler that has begun is in an RCU section of perf's, or an NMI. */
	synchronize_rcu();
}

static void begin_if_wanted(void *data)
{
	struct dither_cpu *cpu = data;

	if (cpu->pmu.wanted)
		begin_reading(cpu);
}

/*
 * When a CPU has come back: its old events are dead, and new ones cannot be had
 * from within its coming up.
 */
static void renew(struct work_struct *work)
{
	struct dither_pmu *pmu = container_of(work, struct dither_pmu, renew);
	struct dither_cpu *cpu = container_of(pmu, struct dither_cpu, pmu);
	u32 i;

	release_all(cpu);
	for (i = 0; i < pmu->count; i++) {
		struct perf_event *event = create(&pmu->counter[i], i);

		pmu->counter[i].event = IS_ERR(event) ? NULL : event;
	}
	smp_call_function_single(cpu->cpu, begin_if_wanted, cpu, 1);
}

void dither_pmu_init_cpu(struct dither_cpu *cpu)
{
	const struct dither_session *session = cpu->session;
	struct dither_pmu *pmu = &cpu->pmu;
	u32 i;

	if (!cpu->sampled)
		return;
	pmu->count = session->config.nr_events;
	INIT_WORK(&pmu->renew, renew);
	for (i = 0; i < pmu->count; i++) {
		struct dither_counter *counter = &pmu->counter[i];

		counter->cpu = cpu;
		counter->cpu_number = cpu->cpu;
		counter->samples = session->events[i].period;
		if (counter->samples && !pmu->leader &&
		    session->config.flags & DITHER_F_NO_CLOCK)
			pmu->leader = counter;
	}
}

void dither_pmu_start(struct dither_cpu *cpu)
{
	struct dither_pmu *pmu = &cpu->pmu;
	unsigned long flags;
	u32 i;

	if (!pmu->count)
		return;
	for (i = 0; i < pmu->count; i++)
		if (pmu->counter[i].samples && pmu->counter[i].event)
			perf_event_enable(pmu->counter[i].event);
	local_irq_save(flags);
	pmu->wanted = true;
	if (all_run(cpu))
		begin_reading(cpu);
	else
		schedule_work(&pmu->renew);
	local_irq_restore(flags);
}

void dither_pmu_stop(struct dither_cpu *cpu)
{
	struct dither_pmu *pmu = &cpu->pmu;
	unsigned long flags;
	u32 i;

	local_irq_save(flags);
	/* Overflows are ignored from here on. */
	WRITE_ONCE(pmu->wanted, false);
	barrier();
	if (pmu->live) {
		dither_pmu_pass(&cpu->pmu, ktime_get_mono_fast_ns(),
				DITHER_OUTCOME_UNSAMPLED);
		for (i = 0; i < pmu->count; i++)
			pmu->counter[i].before +=
				pmu->counter[i].seen - pmu->counter[i].base;
		pmu->live = false;
	}
	local_irq_restore(flags);
}

/* What was counted since the last instant is unsampled, so far. */
static void fill_event(struct dither_counter *counter, bool live,
		       struct dither_ledger_event *event)
{
	u64 count = live ? dither_counter_read(counter) : 0;

	event->counted = counter->before;
	event->attributed = counter->sums[DITHER_OUTCOME_KEPT];
	event->filtered = counter->sums[DITHER_OUTCOME_FILTERED];
	event->lost = counter->sums[DITHER_OUTCOME_LOST];
	event->asleep = counter->sums[DITHER_OUTCOME_ASLEEP];
	event->unsampled = counter->sums[DITHER_OUTCOME_UNSAMPLED];
	event->unknown = counter->sums[DITHER_OUTCOME_UNKNOWN];
	event->unknown_windows = counter->unknown_windows;
	if (live) {
		event->counted += count - counter->base;
		event->unsampled += count - counter->seen;
	}
	if (!counter->samples)
		return;
	event->overflows = local64_read(&counter->overflow.overflows);
	event->throttled = local64_read(&counter->overflow.throttled);
	event->period = dither_period_mean(&counter->overflow.period, 0);
}

void dither_pmu_fill(struct dither_cpu *cpu, struct dither_ledger *ledger)
{
	struct dither_pmu *pmu = &cpu->pmu;
	u64 passes;
	u32 i;

	ledger->nr_events = pmu->count;
	/* Without a clock, an instant may come in NMI context. */
	do {
		passes = READ_ONCE(pmu->passes);
		barrier();
		for (i = 0; i < pmu->count; i++)
			fill_event(&pmu->counter[i], pmu->live,
				   &ledger->event[i]);
		barrier();
	} while (READ_ONCE(pmu->passes) != passes);
}

bool dither_pmu_has_hardware(void)
{
	return has_hardware;
}

void dither_pmu_init(void)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_HARDWARE,
		.config = PERF_COUNT_HW_CPU_CYCLES,
		.disabled = 1,
	};
	struct perf_event *event;

	event = perf_event_create_kernel_counter(&attr, raw_smp_processor_id(),
						 NULL, NULL, NULL);
	has_hardware = !IS_ERR(event);
	if (has_hardware)
		perf_event_release_kernel(event);
}
