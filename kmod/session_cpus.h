/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a session has of each CPU, made and freed; for session.c. Task context,
 * the session's lock held but for free.
 */
#ifndef DITHER_SESSION_CPUS_H
#define DITHER_SESSION_CPUS_H

#include <linux/cpumask.h>
#include <linux/types.h>

struct dither_session;

/* Before any session; see dither_session_memory_max(). */
void dither_session_cpus_init(u64 memory_limit);

/* Bytes that all sessions' rings may take together; constant. */
u64 dither_session_memory_max(void);

/*
 * Fill in .ring_bytes, if it is 0, .memory and .memory_left of the session's
 * configuration, for rings of the CPUs of @present, of which @sampled ones are
 * sampled.
 */
void dither_session_measure(struct dither_session *session,
			    const struct cpumask *present,
			    const struct cpumask *sampled);

/*
 * For the CPUs of @present, as they were measured; @sampled ones get what
 * sampling needs. -ENOMEM: there is nothing then.
 */
int dither_session_cpus_new(struct dither_session *session,
			    const struct cpumask *present,
			    const struct cpumask *sampled);

/*
 * Sampling has stopped, or has not begun. Closes the events and waits for their
 * handlers first, and then for wake-ups, which only handlers queue.
 */
void dither_session_cpus_free(struct dither_session *session);

#endif
