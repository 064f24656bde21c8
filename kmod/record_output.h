/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a finished record to the session's ring on this CPU. All functions are
 * IRQ and NMI safe, but for those that say so.
 */
#ifndef DITHER_RECORD_OUTPUT_H
#define DITHER_RECORD_OUTPUT_H

#include "pid_translation.h"
#include "session_state.h"

/* The reader is to come at once. */
static inline void dither_output_call(struct dither_cpu *cpu)
{
	if (!cpu->ring.overwrite)
		irq_work_queue(&cpu->wake);
}

/*
 * After a commit in @cpu's ring or a refusal: wake the reader if it is time. The
 * interval is the session's: of the CPUs that find it over, one wakes.
 */
static inline void dither_output_wake(struct dither_cpu *cpu, u64 now)
{
	struct dither_session *session = cpu->session;
	u32 last = atomic_read(&session->last_wake);
	u32 units = now >> DITHER_WAKE_SHIFT;
	bool wake = dither_ring_wake(&cpu->ring);

	/* Another CPU that has just woken may have a later time. */
	if (likely(!wake && units + DITHER_WAKE_SKEW - last <
				    session->wakeup_units + DITHER_WAKE_SKEW))
		return;
	if (atomic_cmpxchg(&session->last_wake, last, units) == (int)last ||
	    wake)
		dither_output_call(cpu);
}

/* Commit what was reserved in @cpu's ring. */
static inline void dither_output_commit(struct dither_cpu *cpu, u64 now)
{
	dither_ring_commit(&cpu->ring);
	dither_output_wake(cpu, now);
}

/*
 * Copy a record that is not a sample into @cpu's ring, on that CPU with
 * preemption off. False: no room; the caller counts that.
 */
bool dither_output_write(struct dither_cpu *cpu,
			 const struct dither_record *record, u64 now);

/*
 * Whether @bytes of a FORK, COMM, EXIT or MAP record, whose numbers are the
 * initial namespace's, are within the budget of such records, which then has so
 * many less; else the record is counted as dropped. For those that take long to
 * make: they may lack all but type and numbers. Task context, under RCU.
 */
bool dither_output_admit(struct dither_session *session,
			 const struct dither_record *record, u32 bytes,
			 u64 now);

/*
 * Such a record into the ring of whichever CPU this is; @paid bytes of it were
 * admitted. Task context, under RCU, but for a snapshot's. False: no room; the
 * caller counts that. True, too, if the rest was over the budget.
 */
bool dither_output_emit_paid(struct dither_session *session,
			     const struct dither_record *record, u32 paid,
			     u64 now);

/* … of which nothing was admitted before. */
static inline bool dither_output_emit(struct dither_session *session,
				      const struct dither_record *record,
				      u64 now)
{
	return dither_output_emit_paid(session, record, 0, now);
}

/*
 * A CODE record, the same way, under RCU, but of any context, and with the same
 * numbers for all. In interrupts there is no budget, as nobody is there to pay.
 */
bool dither_output_code(struct dither_session *session,
			const struct dither_record *record, u64 now);

/* Count a record that was not told. Any context but NMI. */
void dither_output_lose(struct dither_session *session, enum dither_lost cause);

/*
 * A snapshot of the process that the opener knows as @number begins. False: no
 * room for a FORGET record. Task context.
 */
bool dither_output_snapshot(struct dither_session *session, u32 number);

/* Nothing else writes any more: write the DROPPED records. Task context. */
void dither_output_end(struct dither_session *session);

/* The rest of the next one. */
bool dither_output_prepare(struct dither_cpu *cpu, u32 number, u64 now);

/*
 * Before a sample of the current process: write the records that precede it.
 * False: there is no room for that, and so none for the sample either; see
 * dither_ring_refusal().
 */
static inline bool dither_output_before_sample(struct dither_cpu *cpu, u64 now)
{
	u32 number = dither_number_of_process(cpu->session, current);

	if (likely(!dither_stale_is_due(&cpu->session->stale, number, now) &&
		   now < READ_ONCE(cpu->flood.due)))
		return true;
	return dither_output_prepare(cpu, number, now);
}

#endif
