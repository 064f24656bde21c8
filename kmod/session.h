/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One open of /dev/dither: its configuration and, per CPU, its clock, ring,
 * intern table and account. The layout of struct dither_cpu is known to the
 * clock, the sampler and the process watch; its life to session.c alone.
 */
#ifndef DITHER_SESSION_H
#define DITHER_SESSION_H

#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include <asm/local64.h>

#include "filter.h"
#include "governor.h"
#include "intern.h"
#include "pmu.h"
#include "ring.h"
#include "schedule.h"
#include "stack_record.h"
#include "stopwatch.h"
#include "unwind.h"

struct dither_session;

/*
 * What became of samples; see struct dither_ledger. One for those of the clock
 * and one for those of events, which may interrupt the clock's.
 */
struct dither_tally {
	local64_t kept;
	local64_t filtered;
	local64_t lost[DITHER_LOST_COUNT];
};

/* Counted where things happen; see struct dither_ledger. */
struct dither_account {
	struct dither_tally clock;
	struct dither_tally event;
	local64_t events;
	local64_t stacks_written;
	local64_t stacks_shared;
	u64 idle;
	u64 overruns;
	u64 offline;
	u64 idle_ns;
	u64 handler_ns;
	u64 rate_changes;
};

/*
 * A session on one CPU; written on that CPU only, with interrupts off. What is
 * not local_t or local64_t, nor guarded by the ring or the intern table, is the
 * clock's alone.
 */
struct dither_cpu {
	struct dither_session *session;
	unsigned int cpu;

	struct hrtimer timer;
	struct dither_schedule schedule;
	struct dither_governor governor;
	struct dither_stopwatch stopwatch;
	bool sampled;			/* in the session's CPU mask */
	bool started;			/* the schedule has begun */
	bool ticking;			/* the clock is on */
	bool asleep;			/* … but the CPU idles */
	u64 asleep_since;
	u64 last_wake;
	u32 overruns;			/* since the last sample */
	struct dither_rate rate;	/* the last RATE record, */
	bool rate_pending;		/* … which is still to be written */
	local_t other_ns;		/* spent outside the clock, to charge */

	struct dither_account account;
	local_t lost_process;		/* counted in task context */
	local_t lost_mapping;
	struct dither_ring ring;
	struct dither_intern intern;
	struct irq_work wake;
	struct dither_trail last_user;	/* the last user stack sampled here */
	struct dither_base base;	/* what user stacks are told by */
	struct dither_kept_rule *kept_rules; /* NULL: no unwind tables */
	struct dither_pmu pmu;

	struct dither_head *head_page;	/* followed by the data */
	struct dither_tail *tail_page;
};

struct dither_session {
	struct mutex lock;		/* ioctls and mmap */
	bool configured;
	bool running;
	bool stopped;			/* START comes once */
	struct dither_config config;	/* with all defaults filled in */
	struct dither_event events[DITHER_COUNTERS_MAX]; /* .config.nr_events */
	u64 hash_keys[2];
	u64 wakeup_ns;
	u64 memory;			/* bytes counted against the limit */
	u64 start_ns;
	u64 stop_ns;

	struct hlist_node hotplug;	/* cpuhp multi-instance */
	struct list_head running_link;	/* RCU */
	wait_queue_head_t readers;
	atomic_t wanted;		/* the reader is to come */
	struct dither_filter filter;
	unsigned int nr_cpus;
	struct dither_cpu **cpus;	/* NULL for CPUs not present */
};

/*
 * Sessions that run, for probes. Walk under rcu_read_lock() with
 * list_for_each_entry_rcu(session, &dither_running, running_link).
 */
extern struct list_head dither_running;

/* The life of a session; task context, ->lock held but for new and free. */
struct dither_session *dither_session_new(void);
void dither_session_free(struct dither_session *session);

/* @processes: init-namespace numbers; @mask: CPUs to sample. */
int dither_session_configure(struct dither_session *session,
			     const u32 *processes,
			     const struct cpumask *mask);
int dither_session_start(struct dither_session *session);
int dither_session_stop(struct dither_session *session);
/* The CPU's part of a configured session; NULL: there is none. */
struct dither_cpu *dither_session_cpu(const struct dither_session *session,
				      u64 number);
int dither_session_ledger(struct dither_session *session,
			  struct dither_ledger *ledger);

/* @memory_limit: bytes that all sessions' rings may take together. */
int dither_session_init(unsigned int max_sessions, u64 memory_limit);
void dither_session_uninit(void);

#endif
