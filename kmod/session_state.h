/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One open of /dev/dither: its configuration and, per CPU, its clock, ring,
 * intern table and account. The layout of struct dither_cpu is known to the
 * clock, the sampler and the process watch; its life to session.c and session_cpus.c alone.
 */
#ifndef DITHER_SESSION_STATE_H
#define DITHER_SESSION_STATE_H

#include <linux/cache.h>
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include <asm/local64.h>

#include "core/governor.h"
#include "core/record_budget.h"
#include "core/ring.h"
#include "core/schedule.h"
#include "core/stack_intern.h"
#include "core/stack_record.h"
#include "core/stopwatch.h"
#include "filter.h"
#include "pmu_read.h"
#include "stale_processes.h"
#include "unwind.h"

struct dither_session;
struct pid_namespace;

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
	u32 overruns;			/* since the last sample */
	struct dither_rate rate;	/* the last RATE record, */
	bool rate_pending;		/* … which is still to be written */
	local_t other_ns;		/* spent outside the clock */
	u64 shared_begin;		/* dither_shared_ns here at START, */
	u64 shared_end;			/* … and at STOP */

	struct dither_account account;
	local_t lost_by_tasks[DITHER_LOST_COUNT]; /* counted in task context */
	struct dither_flood flood;
	struct dither_ring ring;
	struct dither_intern intern;
	struct irq_work wake;
	struct dither_cached_stack
		last_user;		/* the last user stack sampled here */
	struct dither_base base;	/* what later user stacks refer to */
	struct dither_kept_rule *kept_rules; /* NULL: no unwind tables */
	struct dither_pmu pmu;

	struct dither_head *head_page;	/* followed by the data */
	struct dither_tail *tail_page;
	void *head_area;		/* what they lie in */
	void *tail_area;
};

struct dither_session {
	struct mutex lock;		/* ioctls and mmap */
	bool configured;
	bool running;
	bool stopped;			/* START comes once */
	struct dither_config config;	/* with all defaults filled in */
	struct dither_event events[DITHER_COUNTERS_MAX]; /* .config.nr_events */
	u64 hash_keys[2];
	u32 wakeup_units;		/* of DITHER_WAKE_SHIFT */
	u64 memory;			/* bytes counted against the limit */
	u64 start_ns;
	u64 stop_ns;

	struct hlist_node hotplug;	/* cpuhp multi-instance */
	struct list_head running_link;	/* RCU */
	struct dither_filter filter;
	struct dither_stale stale;
	struct pid_namespace *pid_ns;	/* of the opener; NULL: initial */
	u64 snapshot_left;		/* bytes that a snapshot may write */
	unsigned int nr_cpus;
	struct dither_cpu **cpus;	/* NULL: no ring, see .ringless */

	/* What wake-ups write, apart from what every hook reads. */
	wait_queue_head_t readers ____cacheline_aligned;
	atomic_t call;			/* enum dither_call */
	u32 tails;			/* their sum at the last answer of poll() */
	atomic_t last_wake;		/* in units of DITHER_WAKE_SHIFT */
	atomic64_t ringless;		/* records lost on CPUs without a ring */
};

/* Times of wake-ups, in units of 2^20 ns, which fit an atomic_t. */
#define DITHER_WAKE_SHIFT 20
#define DITHER_WAKE_SKEW 16U	/* that CPUs' clocks may differ by, and more */

/* Whether the reader is to come. */
enum dither_call {
	DITHER_CALL_NONE,
	DITHER_CALL_NEW,
	DITHER_CALL_ANSWERED,	/* poll() has said so */
};

/*
 * Sessions that run, for probes. Walk under rcu_read_lock() with
 * list_for_each_entry_rcu(session, &dither_running, running_link).
 */
extern struct list_head dither_running;

static inline bool
dither_session_unwinds(const struct dither_session *session)
{
	return session->config.flags & DITHER_F_TABLES;
}

/* The CPU's part of a configured session; NULL: there is none. */
struct dither_cpu *dither_session_cpu(const struct dither_session *session,
				      u64 number);

#endif
