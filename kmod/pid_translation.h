/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers of processes and threads, as a session's opener knows them: those of
 * its PID namespace, 0 for what is not in it. Inside the module numbers are the
 * initial namespace's. All but the first two: any context, NMI included.
 */
#ifndef DITHER_PID_TRANSLATION_H
#define DITHER_PID_TRANSLATION_H

#include <linux/sched.h>

#include "session_state.h"

/* Remember the current task's namespace; and let it go. Task context. */
void dither_numbers_init(struct dither_session *session);
void dither_numbers_uninit(struct dither_session *session);

u32 dither_numbers_find(const struct dither_session *session, u32 number);

/* @number of the initial namespace, of a task that has not been reaped. */
static inline u32 dither_number(const struct dither_session *session,
				u32 number)
{
	return likely(!session->pid_ns) ?
		       number :
		       dither_numbers_find(session, number);
}

static inline u32 dither_number_of_thread(const struct dither_session *session,
					  struct task_struct *task)
{
	return likely(!session->pid_ns) ?
		       task->pid :
		       task_pid_nr_ns(task, session->pid_ns);
}

static inline u32 dither_number_of_process(const struct dither_session *session,
					   struct task_struct *task)
{
	return likely(!session->pid_ns) ?
		       task->tgid :
		       task_tgid_nr_ns(task, session->pid_ns);
}

/* The process that the opener knows as @number, or NULL. Under RCU. */
struct task_struct *dither_numbers_process(const struct dither_session *session,
					   u32 number);

/* Of FORK, COMM, EXIT and MAP records: whose it is; and translate a copy. */
u32 dither_numbers_tgid(const struct dither_record *record);
void dither_numbers_translate(const struct dither_session *session,
			      struct dither_record *record);

#endif
