// SPDX-License-Identifier: GPL-2.0
/*
 * The account of a session on one CPU, as DITHER_IOC_LEDGER gives it; task
 * context, the session's lock held.
 */
#include <linux/cpu.h>
#include <linux/ktime.h>
#include <linux/smp.h>

#include "ledger.h"
#include "overhead.h"
#include "pmu.h"
#include "session_state.h"

struct ledger_request {
	struct dither_cpu *cpu;
	struct dither_ledger *ledger;
};

/* The filtered, kept and lost of samples by events, and their number. */
static void fill_events(struct dither_ledger *ledger,
			struct dither_account *account)
{
	int cause;

	/* One of them may come in NMI context, between any two of these. */
	do {
		ledger->events = local64_read(&account->events);
		barrier();
		ledger->event_kept = local64_read(&account->event.kept);
		ledger->event_filtered =
			local64_read(&account->event.filtered);
		for (cause = 0; cause < DITHER_LOST_COUNT; cause++)
			ledger->event_lost[cause] =
				local64_read(&account->event.lost[cause]);
		barrier();
	} while (local64_read(&account->events) != ledger->events);
}

static u32 role_of(const struct dither_cpu *cpu)
{
	if (cpu->sampled)
		return DITHER_ROLE_SAMPLED;
	return cpu->session->config.cpumask ? DITHER_ROLE_NOT_NAMED :
					      DITHER_ROLE_ISOLATED;
}

/* What was done on this CPU for all sessions while this one ran. */
static u64 shared_ns(const struct dither_cpu *cpu)
{
	u64 end = cpu->session->running ? per_cpu(dither_shared_ns, cpu->cpu) :
					  cpu->shared_end;

	return end - cpu->shared_begin;
}

void dither_ledger_end(struct dither_session *session)
{
	unsigned int number;

	for (number = 0; number < session->nr_cpus; number++) {
		struct dither_cpu *cpu = session->cpus[number];

		if (cpu)
			cpu->shared_end = per_cpu(dither_shared_ns, number);
	}
}

void dither_ledger_begin(struct dither_session *session)
{
	unsigned int number;

	dither_ledger_end(session);
	for (number = 0; number < session->nr_cpus; number++) {
		struct dither_cpu *cpu = session->cpus[number];

		if (cpu)
			cpu->shared_begin = cpu->shared_end;
	}
}

/* On the CPU itself with interrupts off, or while no clock runs there. */
static void fill_ledger(void *data)
{
	struct ledger_request *request = data;
	struct dither_cpu *cpu = request->cpu;
	struct dither_ledger *ledger = request->ledger;
	struct dither_account *account = &cpu->account;
	int cause;

	ledger->cells = dither_schedule_cells(&cpu->schedule);
	ledger->kept = local64_read(&account->clock.kept);
	ledger->idle = account->idle;
	ledger->overruns = account->overruns;
	ledger->filtered = local64_read(&account->clock.filtered);
	ledger->offline = account->offline;
	for (cause = 0; cause < DITHER_LOST_COUNT; cause++)
		ledger->lost[cause] =
			local64_read(&account->clock.lost[cause]);
	for (cause = DITHER_LOST_PROCESS; cause < DITHER_LOST_COUNT; cause++)
		ledger->lost[cause] = local_read(&cpu->lost_by_tasks[cause]);
	ledger->lost[DITHER_LOST_FLOOD] = local_read(&cpu->flood.dropped);
	ledger->idle_ns = account->idle_ns;
	ledger->handler_ns = account->handler_ns + local_read(&cpu->other_ns) +
			     shared_ns(cpu);
	ledger->bytes = (unsigned long)local_read(&cpu->ring.bytes);
	ledger->stacks_written = local64_read(&account->stacks_written);
	ledger->stacks_shared = local64_read(&account->stacks_shared);
	ledger->rate_changes = account->rate_changes;
	ledger->bad_tails = local_read(&cpu->ring.bad_tails);
	ledger->shift = cpu->schedule.shift;
	fill_events(ledger, account);
	dither_pmu_fill(cpu, ledger);
}

int dither_ledger_fill(struct dither_session *session,
		       struct dither_ledger *ledger)
{
	struct ledger_request request = { .ledger = ledger };
	u64 end = session->running ? ktime_get_mono_fast_ns() :
				     session->stop_ns;

	request.cpu = dither_session_cpu(session, ledger->cpu);
	if (!request.cpu)
		return -EINVAL;
	ledger->running_ns = session->start_ns ? end - session->start_ns : 0;
	ledger->ring_bytes = request.cpu->ring.size;
	ledger->role = role_of(request.cpu);
	ledger->ringless = atomic64_read(&session->ringless);
	/* No clock ever runs there: it is left in peace. */
	if (!request.cpu->sampled) {
		fill_ledger(&request);
		return 0;
	}
	/* A CPU that is off line stays so, or its clock would begin meanwhile. */
	cpus_read_lock();
	if (smp_call_function_single(request.cpu->cpu, fill_ledger, &request, 1))
		fill_ledger(&request);
	cpus_read_unlock();
	return 0;
}
