// SPDX-License-Identifier: GPL-2.0
/*
 * Tracepoint probes for fork, exec, comm and exit, and the listing of what
 * runs already. Probes run in task context with preemption off, and may be
 * interrupted by the clock while they write.
 */
#include <linux/ktime.h>
#include <linux/pid.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <trace/events/sched.h>
#include <trace/events/task.h>

#include "compat/tracepoint.h"
#include "kernel_code.h"
#include "mapping.h"
#include "overhead.h"
#include "pid_translation.h"
#include "process_maps.h"
#include "process_records.h"
#include "record_output.h"
#include "session_state.h"
#include "tracepoints.h"

static void emit(struct dither_session *session,
		 const struct dither_record *record, u64 now)
{
	if (!dither_output_emit(session, record, now))
		dither_output_lose(session, DITHER_LOST_PROCESS);
}

/* Tell every session whose filter lets process @tgid pass. */
static void tell_all(u32 tgid, const struct dither_record *record, u64 now)
{
	struct dither_session *session;

	rcu_read_lock();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		if (dither_filter_passes(&session->filter, tgid))
			emit(session, record, now);
	}
	rcu_read_unlock();
}

/* Whether a session unwinds this process by tables. */
static bool is_unwound(u32 tgid)
{
	struct dither_session *session;
	bool unwound = false;

	rcu_read_lock();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		if (session->config.flags & DITHER_F_TABLES &&
		    dither_filter_passes(&session->filter, tgid)) {
			unwound = true;
			break;
		}
	}
	rcu_read_unlock();
	return unwound;
}

/* What sessions know of a process is what they know of its child. */
static void inherit_all(u32 parent, u32 child)
{
	struct dither_session *session;

	rcu_read_lock();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		if (!dither_filter_fork(&session->filter, parent, child))
			dither_output_lose(session, DITHER_LOST_FILTER);
		dither_stale_fork(&session->stale,
				  dither_number(session, parent),
				  dither_number(session, child));
	}
	rcu_read_unlock();
}

static void probe_fork(void *data, struct task_struct *parent,
		       struct task_struct *child)
{
	const struct dither_stint stint = dither_stint_begin();
	const u64 now = stint.begun;
	struct dither_fork record = {
		.header.size = sizeof(record),
		.header.type = DITHER_RECORD_FORK,
		.header.tid = child->pid,
		.time = now,
		.tgid = child->tgid,
		.parent_tgid = parent->tgid,
		.parent_tid = parent->pid,
	};

	if (child->pid == child->tgid) {
		inherit_all(parent->tgid, child->tgid);
		if (is_unwound(child->tgid))
			dither_process_maps_fork(parent->tgid, child);
	}
	tell_all(child->tgid, &record.header, now);
	dither_stint_end(stint);
}

static void fill_comm(struct dither_comm *record, struct task_struct *task,
		      const char *comm, u8 flags, u64 now)
{
	*record = (struct dither_comm){
		.header.size = sizeof(*record),
		.header.type = DITHER_RECORD_COMM,
		.header.flags = flags,
		.header.tid = task->pid,
		.time = now,
		.tgid = task->tgid,
	};
	strscpy(record->comm, comm, sizeof(record->comm));
}

static void probe_exec(void *data, struct task_struct *task, pid_t old_pid,
		       struct linux_binprm *binary)
{
	const struct dither_stint stint = dither_stint_begin();
	struct dither_comm record;

	if (is_unwound(task->tgid))
		dither_process_maps_exec(task);
	fill_comm(&record, task, task->comm, DITHER_COMM_EXEC, stint.begun);
	tell_all(task->tgid, &record.header, stint.begun);
	dither_stint_end(stint);
}

static void probe_rename(void *data, struct task_struct *task, const char *comm)
{
	const struct dither_stint stint = dither_stint_begin();
	struct dither_comm record;

	/* It has its old name until this returns. */
	if (strncmp(task->comm, comm, DITHER_COMM_LEN - 1)) {
		fill_comm(&record, task, comm, 0, stint.begun);
		tell_all(task->tgid, &record.header, stint.begun);
	}
	dither_stint_end(stint);
}

static void forget(u32 tgid)
{
	struct dither_session *session;

	dither_process_maps_exit(tgid);
	rcu_read_lock();
	list_for_each_entry_rcu(session, &dither_running, running_link)
		dither_filter_exit(&session->filter, tgid);
	rcu_read_unlock();
}

static void probe_exit(DITHER_EXIT_PROBE_ARGS)
{
	const struct dither_stint stint = dither_stint_begin();
	bool last = !atomic_read(&task->signal->live);
	struct dither_exit record = {
		.header.size = sizeof(record),
		.header.type = DITHER_RECORD_EXIT,
		.header.flags = last ? DITHER_EXIT_PROCESS : 0,
		.header.tid = task->pid,
		.time = stint.begun,
		.tgid = task->tgid,
	};

	tell_all(task->tgid, &record.header, stint.begun);
	if (last)
		forget(task->tgid);
	dither_stint_end(stint);
}

static struct dither_tracepoint hooks[] = {
	DITHER_TRACEPOINT(sched_process_fork, probe_fork),
	DITHER_TRACEPOINT(sched_process_exec, probe_exec),
	DITHER_TRACEPOINT(task_rename, probe_rename),
	DITHER_TRACEPOINT(sched_process_exit, probe_exit),
};

static void unwatch_hooks(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		dither_tracepoint_detach(&hooks[i]);
	dither_tracepoints_quiesce();
}

int dither_procs_watch(void)
{
	int i, error;

	check_trace_callback_type_sched_process_fork(probe_fork);
	check_trace_callback_type_sched_process_exec(probe_exec);
	check_trace_callback_type_task_rename(probe_rename);
	check_trace_callback_type_sched_process_exit(probe_exit);

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		error = dither_tracepoint_attach(&hooks[i]);
		if (error)
			goto err_unwatch;
	}
	/* Where there is no such place, mappings come by snapshot: see INFO. */
	error = dither_mapping_watch();
	if (error == -ENOMEM)
		goto err_unwatch;
	error = dither_code_watch();
	if (error) {
		dither_mapping_unwatch();
		goto err_unwatch;
	}
	return 0;

err_unwatch:
	unwatch_hooks();
	return error;
}

void dither_procs_unwatch(void)
{
	dither_code_unwatch();
	dither_mapping_unwatch();
	unwatch_hooks();
}

/* The cursor's upper bit: threads are done, the rest is an address. */
#define CURSOR_MAPPINGS BIT_ULL(63)

static int list_threads(struct dither_session *session,
			struct task_struct *leader, u64 *cursor)
{
	struct dither_comm record;
	struct task_struct *thread;
	u64 number = 0;
	int full = 0;
	u64 now;

	rcu_read_lock();
	for_each_thread(leader, thread) {
		if (number++ < *cursor)
			continue;
		now = ktime_get_mono_fast_ns();
		fill_comm(&record, thread, thread->comm,
			  DITHER_RECORD_SNAPSHOT, now);
		full = !dither_output_emit(session, &record.header, now);
		if (full)
			break;
		*cursor = number;
	}
	rcu_read_unlock();
	return full;
}

static int list_mappings(struct dither_session *session,
			 struct task_struct *leader, u64 *cursor)
{
	u64 address = *cursor & ~CURSOR_MAPPINGS;
	int result;

	result = dither_mapping_list(session, leader, &address);
	*cursor = address | CURSOR_MAPPINGS;
	return result;
}

static int list_process(struct dither_session *session,
			struct task_struct *leader,
			struct dither_snapshot *snapshot)
{
	int full = 0;

	if (!snapshot->cursor)
		full = !dither_output_snapshot(session, snapshot->pid);
	if (!full && !(snapshot->cursor & CURSOR_MAPPINGS)) {
		full = list_threads(session, leader, &snapshot->cursor);
		if (!full)
			snapshot->cursor = CURSOR_MAPPINGS;
	}
	return full ? full : list_mappings(session, leader, &snapshot->cursor);
}

int dither_procs_snapshot(struct dither_session *session,
			  struct dither_snapshot *snapshot)
{
	struct task_struct *leader;
	int result = 0;

	rcu_read_lock();
	leader = dither_numbers_process(session, snapshot->pid);
	if (leader)
		get_task_struct(leader);
	rcu_read_unlock();
	if (!leader)
		return -ESRCH;

	if (dither_filter_passes(&session->filter, leader->tgid)) {
		session->snapshot_left = snapshot->bytes ?: U64_MAX;
		result = list_process(session, leader, snapshot);
		if (snapshot->bytes)
			snapshot->bytes = max(session->snapshot_left, 1ULL);
	}
	put_task_struct(leader);
	return result;
}
