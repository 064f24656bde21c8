/* SPDX-License-Identifier: GPL-2.0 */
/* The life of a session; task context, ->lock held but for new and free. */
#ifndef DITHER_SESSION_H
#define DITHER_SESSION_H

#include "session_state.h"

struct cpumask;

struct dither_session *dither_session_new(void);
void dither_session_free(struct dither_session *session);

/* @processes: init-namespace numbers. The others as they were measured. */
int dither_session_configure(struct dither_session *session,
			     const u32 *processes,
			     const struct cpumask *present,
			     const struct cpumask *sampled);
int dither_session_start(struct dither_session *session);
int dither_session_stop(struct dither_session *session);

/* @memory_limit: what the former returns. */
int dither_session_init(unsigned int max_sessions, u64 memory_limit);
void dither_session_uninit(void);

/* Detaches the probes. Before the former, when no session can start any more. */
void dither_session_end_watch(void);

#endif
