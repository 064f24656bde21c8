// SPDX-License-Identifier: GPL-2.0
/*
 * How records get into a session's ring, who is woken for them, and how many
 * process records may: record_budget.h. Their time counts as dither's own, but
 * not against the clock's budget, or a program that makes many would stop the
 * clock.
 */
#include <linux/cred.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "pid_translation.h"
#include "record_output.h"

/* A process that is younger than this is paid for by its parent. */
#define GROWN_UP_NS NSEC_PER_SEC
#define ANCESTORS_MAX 64

/* NULL: there is no room; the reader is woken. Else a commit follows. */
static void *reserve(struct dither_cpu *cpu, u32 bytes, u64 now)
{
	void *room = dither_ring_reserve(&cpu->ring, bytes, now, NULL);

	if (!room)
		dither_output_wake(cpu, now);
	return room;
}

bool dither_output_write(struct dither_cpu *cpu,
			 const struct dither_record *record, u64 now)
{
	void *room = reserve(cpu, record->size, now);

	if (!room)
		return false;
	memcpy(room, record, record->size);
	dither_output_commit(cpu, now);
	return true;
}

/*
 * The process that pays for what the current task does. Under RCU. Whose
 * parents have gone is a child of init, and has in it another payer than other
 * users' have.
 */
static u32 paying_process(u64 now)
{
	const struct task_struct *task = current->group_leader;
	int generation;

	for (generation = 0; generation < ANCESTORS_MAX; generation++) {
		if (task->pid <= 1 || now >= task->start_time + GROWN_UP_NS)
			break;
		task = rcu_dereference(task->real_parent)->group_leader;
	}
	return task->tgid;
}

/* A user in a namespace of their own has many numbers: who made it counts. */
static u32 paying_user(void)
{
	const struct user_namespace *user_ns = current_user_ns();

	if (user_ns == &init_user_ns)
		return __kuid_val(current_uid());
	while (user_ns->parent && user_ns->parent != &init_user_ns)
		user_ns = user_ns->parent;
	return __kuid_val(user_ns->owner);
}

static enum dither_dropped_kind kind_of(const struct dither_record *record)
{
	switch (record->type) {
	case DITHER_RECORD_FORK:
		return DITHER_DROPPED_FORK;
	case DITHER_RECORD_COMM:
		return DITHER_DROPPED_COMM;
	case DITHER_RECORD_EXIT:
		return DITHER_DROPPED_EXIT;
	default:
		return DITHER_DROPPED_MAP;
	}
}

/* One context at a time: a task, or a sample that does not interrupt it here. */
static bool enter(struct dither_flood *flood)
{
	if (READ_ONCE(flood->busy))
		return false;
	WRITE_ONCE(flood->busy, 1);
	barrier();
	return true;
}

static void leave(struct dither_flood *flood)
{
	barrier();
	WRITE_ONCE(flood->busy, 0);
}

/* Of those that are due at @due. */
static void tell_drops(struct dither_cpu *cpu, u64 due, u64 now)
{
	struct dither_dropped record;

	while (dither_flood_take(&cpu->flood, due, &record)) {
		record.time = now;
		if (!dither_output_write(cpu, &record.header, now)) {
			dither_flood_give_back(&cpu->flood, &record);
			return;
		}
	}
}

/* After an EXIT the process is over, and CODE records are of no process. */
static bool is_missed(const struct dither_record *record)
{
	return record->type != DITHER_RECORD_EXIT &&
	       record->type != DITHER_RECORD_CODE;
}

/* So many bytes of @record; else it is counted. */
static bool admit(struct dither_cpu *cpu, const struct dither_record *record,
		  u32 bytes, u32 number, u64 now)
{
	struct dither_flood_cause cause = { .kind = kind_of(record) };
	bool admitted;

	/* Only a sample could be in there, and does not stay. */
	if (WARN_ON_ONCE(!enter(&cpu->flood)))
		return false;
	cause.tgid = paying_process(now);
	cause.number = dither_number(cpu->session, cause.tgid);
	cause.user = paying_user();
	admitted = dither_flood_admit(&cpu->flood, &cause, bytes, now);
	if (unlikely(now >= cpu->flood.due))
		tell_drops(cpu, now, now);
	leave(&cpu->flood);
	if (!admitted && is_missed(record))
		dither_stale_mark(&cpu->session->stale, number);
	return admitted;
}

/* By words, which is less than a call and what it looks up, for so few. */
static void copy(struct dither_record *to, const struct dither_record *from)
{
	const u64 *source = (const void *)from;
	u32 words = from->size / sizeof(u64);
	u64 *target = (void *)to;

	for (; words >= 4; words -= 4, source += 4, target += 4) {
		WRITE_ONCE(target[0], source[0]);
		WRITE_ONCE(target[1], source[1]);
		WRITE_ONCE(target[2], source[2]);
		WRITE_ONCE(target[3], source[3]);
	}
	for (; words; words--)
		WRITE_ONCE(*target++, *source++);
}

static bool write_process(struct dither_cpu *cpu,
			  const struct dither_record *record, u64 now)
{
	void *room = reserve(cpu, record->size, now);

	if (!room)
		return false;
	copy(room, record);
	dither_numbers_translate(cpu->session, room);
	dither_output_commit(cpu, now);
	return true;
}

/* Part of a snapshot; what is beyond its limit is not missed. */
static bool tell_snapshot(struct dither_cpu *cpu,
			  const struct dither_record *record, u64 now)
{
	u64 *left = &cpu->session->snapshot_left;

	if (record->size > *left)
		return true;
	if (!write_process(cpu, record, now))
		return false;
	*left -= record->size;
	return true;
}

static bool tell(struct dither_cpu *cpu, const struct dither_record *record,
		 u32 paid, u32 number, u64 now)
{
	if (record->flags & DITHER_RECORD_SNAPSHOT)
		return tell_snapshot(cpu, record, now);
	if (record->size > paid &&
	    !admit(cpu, record, record->size - paid, number, now))
		return true;
	if (write_process(cpu, record, now))
		return true;
	dither_stale_mark(&cpu->session->stale, number);
	return false;
}

bool dither_output_admit(struct dither_session *session,
			 const struct dither_record *record, u32 bytes, u64 now)
{
	u32 number = dither_number(session, dither_numbers_tgid(record));
	struct dither_cpu *cpu;
	bool admitted;

	/* Not to be written, and nobody's here to be counted. */
	if (unlikely(session->pid_ns && !number))
		return false;
	preempt_disable();
	cpu = session->cpus[smp_processor_id()];
	admitted = !cpu || admit(cpu, record, bytes, number, now);
	preempt_enable();
	return admitted;
}

bool dither_output_emit_paid(struct dither_session *session,
			     const struct dither_record *record, u32 paid,
			     u64 now)
{
	u32 number = dither_number(session, dither_numbers_tgid(record));
	struct dither_cpu *cpu;
	bool told = true;

	/* Nobody could look it up, and it is no other's. */
	if (unlikely(session->pid_ns && !number))
		return true;
	preempt_disable();
	cpu = session->cpus[smp_processor_id()];
	if (cpu) {
		told = tell(cpu, record, paid, number, now);
	} else {
		/* For good: trying again would not help. */
		atomic64_inc(&session->ringless);
		dither_stale_mark(&session->stale, number);
	}
	preempt_enable();
	return told;
}

bool dither_output_code(struct dither_session *session,
			const struct dither_record *record, u64 now)
{
	struct dither_cpu *cpu;
	bool told = true;

	preempt_disable();
	cpu = session->cpus[smp_processor_id()];
	if (!cpu)
		atomic64_inc(&session->ringless);
	else if (!in_task() || admit(cpu, record, record->size, 0, now))
		told = dither_output_write(cpu, record, now);
	preempt_enable();
	return told;
}

void dither_output_lose(struct dither_session *session, enum dither_lost cause)
{
	struct dither_cpu *cpu;

	/* Told above what others were about. */
	if (cause == DITHER_LOST_MAPPING)
		dither_stale_mark(&session->stale,
				  dither_number_of_process(session, current));
	preempt_disable();
	cpu = session->cpus[smp_processor_id()];
	if (cpu) {
		dither_ring_lose(&cpu->ring, cause, ktime_get_mono_fast_ns());
		local_add(1, &cpu->lost_by_tasks[cause]);
	} else {
		atomic64_inc(&session->ringless);
	}
	preempt_enable();
}

static bool tell_forget(struct dither_cpu *cpu, u32 number, u64 now)
{
	const struct dither_forget record = {
		.header.size = sizeof(record),
		.header.type = DITHER_RECORD_FORGET,
		.header.tid = number,
		.time = now,
	};

	if (!dither_output_write(cpu, &record.header, now))
		return false;
	dither_stale_told(&cpu->session->stale, number, now);
	return true;
}

bool dither_output_prepare(struct dither_cpu *cpu, u32 number, u64 now)
{
	if (now >= READ_ONCE(cpu->flood.due) && enter(&cpu->flood)) {
		tell_drops(cpu, now, now);
		leave(&cpu->flood);
	}
	return !dither_stale_is_due(&cpu->session->stale, number, now) ||
	       tell_forget(cpu, number, now);
}

bool dither_output_snapshot(struct dither_session *session, u32 number)
{
	struct dither_cpu *cpu;
	bool told = true;
	u64 now;

	preempt_disable();
	cpu = session->cpus[smp_processor_id()];
	now = ktime_get_mono_fast_ns();
	if (cpu && dither_stale_is_due(&session->stale, number, now))
		told = tell_forget(cpu, number, now);
	preempt_enable();
	if (told)
		dither_stale_learn(&session->stale, number);
	return told;
}

void dither_output_end(struct dither_session *session)
{
	u64 now = ktime_get_mono_fast_ns();
	unsigned int number;

	for (number = 0; number < session->nr_cpus; number++) {
		struct dither_cpu *cpu = session->cpus[number];

		if (cpu)
			tell_drops(cpu, DITHER_FLOOD_NEVER, now);
	}
}
