// SPDX-License-Identifier: GPL-2.0
/*
 * See pid_translation.h. Where the opener is in the initial namespace, as
 * nearly always, nothing is translated. The tables behind find_pid_ns() are
 * read under RCU.
 */
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>

#include "pid_translation.h"

void dither_numbers_init(struct dither_session *session)
{
	struct pid_namespace *pid_ns = task_active_pid_ns(current);

	session->pid_ns = pid_ns == &init_pid_ns ? NULL : get_pid_ns(pid_ns);
}

void dither_numbers_uninit(struct dither_session *session)
{
	if (session->pid_ns)
		put_pid_ns(session->pid_ns);
}

u32 dither_numbers_find(const struct dither_session *session, u32 number)
{
	struct pid *pid;
	u32 found = 0;

	rcu_read_lock();
	pid = find_pid_ns(number, &init_pid_ns);
	if (pid)
		found = pid_nr_ns(pid, session->pid_ns);
	rcu_read_unlock();
	return found;
}

struct task_struct *dither_numbers_process(const struct dither_session *session,
					   u32 number)
{
	struct pid_namespace *pid_ns = session->pid_ns;

	if (!pid_ns)
		pid_ns = &init_pid_ns;
	return pid_task(find_pid_ns(number, pid_ns), PIDTYPE_TGID);
}

static u32 *tgid_in(struct dither_record *record)
{
	switch (record->type) {
	case DITHER_RECORD_FORK:
		return &((struct dither_fork *)record)->tgid;
	case DITHER_RECORD_COMM:
		return &((struct dither_comm *)record)->tgid;
	case DITHER_RECORD_EXIT:
		return &((struct dither_exit *)record)->tgid;
	default:
		return &((struct dither_map *)record)->tgid;
	}
}

u32 dither_numbers_tgid(const struct dither_record *record)
{
	return *tgid_in((struct dither_record *)record);
}

void dither_numbers_translate(const struct dither_session *session,
			      struct dither_record *record)
{
	struct dither_fork *fork = (void *)record;
	u32 *tgid = tgid_in(record);

	if (likely(!session->pid_ns))
		return;
	*tgid = dither_numbers_find(session, *tgid);
	record->tid = dither_numbers_find(session, record->tid);
	if (record->type == DITHER_RECORD_FORK) {
		fork->parent_tgid =
			dither_numbers_find(session, fork->parent_tgid);
		fork->parent_tid =
			dither_numbers_find(session, fork->parent_tid);
	}
}
