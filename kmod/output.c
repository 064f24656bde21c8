// SPDX-License-Identifier: GPL-2.0
/* How records get into a session's ring, and who is woken for them. */
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/smp.h>

#include "output.h"

bool dither_output_write(struct dither_cpu *cpu,
			 const struct dither_record *record, u64 now)
{
	void *room;

	room = dither_ring_reserve(&cpu->ring, record->size, now, NULL);
	if (!room) {
		dither_output_wake(cpu, now);
		return false;
	}
	memcpy(room, record, record->size);
	dither_output_commit(cpu, now);
	return true;
}

bool dither_output_tell(struct dither_session *session,
			const struct dither_record *record, u64 now)
{
	struct dither_cpu *cpu;
	bool told = true;
	u64 begun;

	preempt_disable();
	cpu = session->cpus[smp_processor_id()];
	if (cpu) {
		begun = ktime_get_mono_fast_ns();
		told = dither_output_write(cpu, record, now);
		local_add(ktime_get_mono_fast_ns() - begun, &cpu->other_ns);
	} else {
		/* For good: trying again would not help. */
		atomic64_inc(&session->ringless);
	}
	preempt_enable();
	return told;
}

void dither_output_lose(struct dither_session *session, enum dither_lost cause)
{
	struct dither_cpu *cpu;

	preempt_disable();
	cpu = session->cpus[smp_processor_id()];
	if (cpu) {
		dither_ring_lose(&cpu->ring, cause, ktime_get_mono_fast_ns());
		local_add(1, cause == DITHER_LOST_MAPPING ?
				     &cpu->lost_mapping :
				     &cpu->lost_process);
	} else {
		atomic64_inc(&session->ringless);
	}
	preempt_enable();
}
