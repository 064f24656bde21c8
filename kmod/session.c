// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a session: its clocks on CPUs that come and go, its account. Task
 * context throughout.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/ktime.h>
#include <linux/poll.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

#include "clock.h"
#include "idle.h"
#include "ledger.h"
#include "missing_tables.h"
#include "pid_translation.h"
#include "pmu.h"
#include "process_maps.h"
#include "process_records.h"
#include "process_table.h"
#include "record_output.h"
#include "session.h"
#include "session_cpus.h"
#include "table_registry.h"

/* Guards dither_running, the watches and the counts below. */
static DEFINE_MUTEX(sessions_lock);
static unsigned int running_count;
static unsigned int unwinding_count;	/* of these, by tables */
static unsigned int session_count;
static unsigned int max_session_count;
static enum cpuhp_state hotplug_state;

/*
 * To attach and detach probes changes the kernel's code, and may have to wait
 * until every task has been scheduled. A session's stop does not wait: a worker
 * detaches them, unless another session runs by then.
 */
#define PROBES_STAY (10 * HZ)
static bool probes_attached;

struct dither_session *dither_session_new(void)
{
	struct dither_session *session;
	bool refused;

	mutex_lock(&sessions_lock);
	refused = session_count >= max_session_count;
	if (!refused)
		session_count++;
	mutex_unlock(&sessions_lock);
	if (refused)
		return ERR_PTR(-EMFILE);

	session = kzalloc(sizeof(*session), GFP_KERNEL);
	if (!session) {
		mutex_lock(&sessions_lock);
		session_count--;
		mutex_unlock(&sessions_lock);
		return ERR_PTR(-ENOMEM);
	}
	mutex_init(&session->lock);
	init_waitqueue_head(&session->readers);
	dither_numbers_init(session);
	return session;
}

void dither_session_free(struct dither_session *session)
{
	if (session->running)
		dither_session_stop(session);
	dither_session_cpus_free(session);
	dither_filter_uninit(&session->filter);
	dither_stale_uninit(&session->stale);
	dither_numbers_uninit(session);
	kfree(session);
	mutex_lock(&sessions_lock);
	if (!--session_count) {
		dither_tables_drop_all();
		dither_processes_reset_evicted();
	}
	mutex_unlock(&sessions_lock);
}

int dither_session_configure(struct dither_session *session,
			     const u32 *processes,
			     const struct cpumask *present,
			     const struct cpumask *sampled)
{
	const struct dither_config *config = &session->config;
	int error;

	get_random_bytes(session->hash_keys, sizeof(session->hash_keys));
	session->wakeup_units =
		max_t(u32, config->wakeup_ms * (u64)NSEC_PER_MSEC >>
				   DITHER_WAKE_SHIFT, 1);
	error = dither_filter_init(&session->filter, processes,
				   config->nr_pids,
				   config->flags & DITHER_F_INHERIT);
	if (error)
		return error;
	error = dither_stale_init(&session->stale);
	if (error)
		goto err_stale;
	error = dither_session_cpus_new(session, present, sampled);
	if (error)
		goto err_cpus;
	error = dither_pmu_open(session);
	if (error)
		goto err_pmu;
	/* Pairs with the acquire in mmap and poll. */
	smp_store_release(&session->configured, true);
	return 0;

err_pmu:
	dither_session_cpus_free(session);
err_cpus:
	dither_stale_uninit(&session->stale);
err_stale:
	dither_filter_uninit(&session->filter);
	return error;
}

static int watch_maps(const struct dither_session *session)
{
	int error;

	if (!dither_session_unwinds(session))
		return 0;
	dither_tables_ask_again();
	if (unwinding_count++)
		return 0;
	error = dither_process_maps_watch();
	if (error)
		unwinding_count--;
	return error;
}

static void unwatch_maps(const struct dither_session *session)
{
	if (dither_session_unwinds(session) && !--unwinding_count)
		dither_process_maps_unwatch();
}

static int attach_probes(void)
{
	int error;

	if (probes_attached)
		return 0;
	error = dither_procs_watch();
	if (error)
		return error;
	dither_idle_watch();
	probes_attached = true;
	return 0;
}

static void detach_probes(struct work_struct *work)
{
	mutex_lock(&sessions_lock);
	if (!running_count && probes_attached) {
		dither_idle_unwatch();
		dither_procs_unwatch();
		probes_attached = false;
	}
	mutex_unlock(&sessions_lock);
}

static DECLARE_DELAYED_WORK(detach_work, detach_probes);

static int watch(const struct dither_session *session)
{
	int error;

	error = watch_maps(session);
	if (error)
		return error;
	error = attach_probes();
	if (error) {
		unwatch_maps(session);
		return error;
	}
	running_count++;
	return 0;
}

static void unwatch(const struct dither_session *session)
{
	unwatch_maps(session);
	if (!--running_count)
		mod_delayed_work(system_long_wq, &detach_work, PROBES_STAY);
}

int dither_session_start(struct dither_session *session)
{
	int error;

	mutex_lock(&sessions_lock);
	error = watch(session);
	if (!error) {
		session->start_ns = ktime_get_mono_fast_ns();
		atomic_set(&session->last_wake,
			   session->start_ns >> DITHER_WAKE_SHIFT);
		dither_ledger_begin(session);
		list_add_rcu(&session->running_link, &dither_running);
		session->running = true;
	}
	mutex_unlock(&sessions_lock);
	if (error)
		return error;

	/* The clock starts on every CPU that is on line, now or later. */
	error = cpuhp_state_add_instance(hotplug_state, &session->hotplug);
	if (error) {
		mutex_lock(&sessions_lock);
		list_del_rcu(&session->running_link);
		session->running = false;
		unwatch(session);
		mutex_unlock(&sessions_lock);
		synchronize_rcu();
	}
	return error;
}

int dither_session_stop(struct dither_session *session)
{
	cpuhp_state_remove_instance(hotplug_state, &session->hotplug);
	session->stop_ns = ktime_get_mono_fast_ns();
	dither_ledger_end(session);
	session->running = false;
	session->stopped = true;
	dither_pmu_close(session);

	mutex_lock(&sessions_lock);
	list_del_rcu(&session->running_link);
	unwatch(session);
	mutex_unlock(&sessions_lock);
	synchronize_rcu();
	dither_output_end(session);

	/* The reader takes what is left. */
	atomic_set(&session->call, DITHER_CALL_NEW);
	wake_up_interruptible_poll(&session->readers, EPOLLIN);
	return 0;
}

static int cpu_comes(unsigned int number, struct hlist_node *node)
{
	struct dither_session *session =
		hlist_entry(node, struct dither_session, hotplug);
	struct dither_cpu *cpu = session->cpus[number];

	if (cpu && cpu->sampled) {
		dither_pmu_start(cpu);
		dither_clock_start(cpu);
	}
	return 0;
}

static int cpu_goes(unsigned int number, struct hlist_node *node)
{
	struct dither_session *session =
		hlist_entry(node, struct dither_session, hotplug);
	struct dither_cpu *cpu = session->cpus[number];

	if (cpu) {
		dither_clock_stop(cpu);
		dither_pmu_stop(cpu);
	}
	return 0;
}

int dither_session_init(unsigned int max_sessions, u64 memory_limit)
{
	int state;

	BUILD_BUG_ON(offsetof(struct dither_session, readers) /
			     SMP_CACHE_BYTES ==
		     offsetof(struct dither_session, cpus) / SMP_CACHE_BYTES);
	max_session_count = max_sessions;
	dither_session_cpus_init(memory_limit);
	state = cpuhp_setup_state_multi(CPUHP_AP_ONLINE_DYN, "dither:online",
					cpu_comes, cpu_goes);
	if (state < 0)
		return state;
	hotplug_state = state;
	return 0;
}

/* The device is gone: no session starts any more. */
void dither_session_end_watch(void)
{
	cancel_delayed_work_sync(&detach_work);
	detach_probes(NULL);
}

void dither_session_uninit(void)
{
	cpuhp_remove_multi_state(hotplug_state);
}
