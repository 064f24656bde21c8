// SPDX-License-Identifier: GPL-2.0
/*
 * DITHER_IOC_CONFIGURE: what user space asks of a session, checked value by
 * value, with the defaults filled in.
 */
#include <linux/capability.h>
#include <linux/cpumask.h>
#include <linux/pid.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <linux/security.h>
#include <linux/slab.h>

#include "arch.h"
#include "compat/isolation.h"
#include "compat/perf.h"
#include "config.h"
#include "session.h"
#include "session_cpus.h"
#include "user_copy.h"

static unsigned int default_budget_ppm;

static int check_config(struct dither_config *config)
{
	const u32 both = DITHER_F_USER_ONLY | DITHER_F_KERNEL_ONLY;

	if (config->flags & ~DITHER_F_ALL || (config->flags & both) == both)
		return -EINVAL;
	if (config->flags & DITHER_F_TABLES && !DITHER_ARCH_TABLES)
		return -EOPNOTSUPP;
	if (config->policy >= DITHER_POLICY_COUNT)
		return -EINVAL;
	if (config->jitter_ppm > (config->policy == DITHER_POLICY_UNIFORM ?
					  DITHER_JITTER_MAX_PPM :
					  0))
		return -EINVAL;
	if (config->period_ns < DITHER_PERIOD_MIN_NS ||
	    config->period_ns > DITHER_PERIOD_MAX_NS)
		return -EINVAL;
	if (config->nr_events > DITHER_COUNTERS_MAX ||
	    !config->nr_events != !config->events)
		return -EINVAL;

	if (config->ring_bytes &&
	    (!is_power_of_2(config->ring_bytes) ||
	     config->ring_bytes < max_t(u32, DITHER_RING_MIN, PAGE_SIZE) ||
	     config->ring_bytes > DITHER_RING_MAX))
		return -EINVAL;
	if (!config->wakeup_ms)
		config->wakeup_ms = 100;
	if (!config->budget_ppm)
		config->budget_ppm = default_budget_ppm;
	if (config->budget_ppm > DITHER_BUDGET_MAX_PPM)
		return -EINVAL;
	if (!config->max_depth)
		config->max_depth = DITHER_DEPTH_DEFAULT;
	if (config->max_depth > DITHER_DEPTH_MAX)
		return -EINVAL;
	if (config->nr_pids > DITHER_PIDS_MAX)
		return -EINVAL;
	if (config->flags & DITHER_F_SEED)
		return 0;
	config->seed = get_random_u64();
	return 0;
}

/* From the caller's namespace to the initial one. */
static int translate_pid(u32 *number)
{
	struct task_struct *task;

	rcu_read_lock();
	task = pid_task(find_vpid(*number), PIDTYPE_PID);
	*number = task ? task_tgid_nr(task) : 0;
	rcu_read_unlock();
	return *number ? 0 : -ESRCH;
}

/* NULL when there are none; kfree() the result. */
static u32 *take_pids(const struct dither_config *config)
{
	u32 *pids;
	u32 i;

	if (!config->nr_pids)
		return NULL;
	pids = memdup_user(u64_to_user_ptr(config->pids),
			   config->nr_pids * sizeof(*pids));
	if (IS_ERR(pids))
		return pids;
	for (i = 0; i < config->nr_pids; i++) {
		int error = translate_pid(&pids[i]);

		if (error) {
			kfree(pids);
			return ERR_PTR(error);
		}
	}
	return pids;
}

static int take_mask(const struct dither_config *config, struct cpumask *mask)
{
	u32 byte;

	if (!config->cpumask) {
		if (config->cpumask_bytes)
			return -EINVAL;
		dither_housekeeping(mask);
		if (cpumask_empty(mask))
			cpumask_copy(mask, cpu_possible_mask);
		return 0;
	}
	if (!config->cpumask_bytes || config->cpumask_bytes > PAGE_SIZE)
		return -EINVAL;
	cpumask_clear(mask);
	for (byte = 0; byte < config->cpumask_bytes; byte++) {
		u8 __user *from = u64_to_user_ptr(config->cpumask);
		unsigned int bit;
		u8 bits;

		if (get_user(bits, from + byte))
			return -EFAULT;
		for (bit = 0; bit < 8; bit++) {
			if (!(bits & (1 << bit)))
				continue;
			if (byte * 8 + bit >= nr_cpu_ids)
				return -EINVAL;
			cpumask_set_cpu(byte * 8 + bit, mask);
		}
	}
	return cpumask_empty(mask) ? -EINVAL : 0;
}

/* *makes_samples: there is one with a period. */
static int check_event(const struct dither_event *event, bool *makes_samples)
{
	const u32 both = DITHER_EVENT_USER_ONLY | DITHER_EVENT_KERNEL_ONLY;

	if (event->flags & ~DITHER_EVENT_ALL || (event->flags & both) == both)
		return -EINVAL;
	if (event->period > DITHER_EVENT_PERIOD_MAX)
		return -EINVAL;
	if (event->target_ns && (!event->period ||
				 event->target_ns < DITHER_PERIOD_MIN_NS ||
				 event->target_ns > DITHER_PERIOD_MAX_NS))
		return -EINVAL;
	*makes_samples |= !!event->period;
	return 0;
}

/* They stand @distance apart, which is their caller's size of one. */
static int take_events(struct dither_session *session, u32 *distance)
{
	const struct dither_config *config = &session->config;
	u8 __user *from = u64_to_user_ptr(config->events);
	bool makes_samples = false;
	int error = 0;
	u32 i;

	for (i = 0; i < config->nr_events && !error; i++) {
		struct dither_event *event = &session->events[i];
		u32 size = *distance;

		error = dither_copy_from_user(event, sizeof(*event),
					      from + i * size, distance);
		if (!error && i && size != *distance)
			error = -EINVAL;
		if (!error)
			error = check_event(event, &makes_samples);
		event->error = 0;
	}
	if (!error && !makes_samples && config->flags & DITHER_F_NO_CLOCK)
		error = -EINVAL;
	if (!error && config->nr_events && !IS_ENABLED(CONFIG_PERF_EVENTS))
		error = -EOPNOTSUPP;
	return error;
}

static int give_event_errors(const struct dither_session *session, u32 distance)
{
	u8 __user *to = u64_to_user_ptr(session->config.events);
	u32 i;

	for (i = 0; i < session->config.nr_events; i++)
		if (dither_copy_to_user(to + i * distance, &session->events[i],
					sizeof(session->events[i]), distance))
			return -EFAULT;
	return 0;
}

/* Needs to know the CPUs. */
static int settle_rings(struct dither_session *session,
			const struct cpumask *present,
			const struct cpumask *sampled)
{
	struct dither_config *config = &session->config;

	dither_session_measure(session, present, sampled);
	if (!config->watermark)
		config->watermark = config->ring_bytes / 4;
	return config->watermark > config->ring_bytes ? -EINVAL : 0;
}

int dither_config_allowed(const struct dither_config *config)
{
	if (!perfmon_capable())
		return -EACCES;
	if (config->flags & DITHER_F_USER_ONLY)
		return 0;
	return security_locked_down(LOCKDOWN_PERF) ?:
	       dither_perf_allow_kernel();
}

/* With everything of the caller's at hand but the CPUs. */
static int take_with_cpus(struct dither_session *session,
			  void __user *argument, u32 user_size, u32 distance,
			  struct cpumask *present, struct cpumask *sampled)
{
	struct dither_config *config = &session->config;
	u32 *pids;
	int error;

	error = take_mask(config, sampled);
	if (error)
		return error;
	/* As it is now: CPUs may come while rings are made. */
	cpumask_copy(present, cpu_present_mask);
	cpumask_and(sampled, sampled, present);
	error = settle_rings(session, present, sampled);
	if (error)
		return error;
	pids = take_pids(config);
	if (IS_ERR(pids))
		return PTR_ERR(pids);
	/* First: what fails changes nothing, but perhaps the caller's copy. */
	error = dither_copy_to_user(argument, config, sizeof(*config),
				    user_size);
	if (!error)
		error = dither_session_configure(session, pids, present,
						 sampled);
	/* Each event's error is written even then. */
	if (error == -ENODEV)
		give_event_errors(session, distance);
	kfree(pids);
	return error;
}

int dither_config_take(struct dither_session *session, void __user *argument)
{
	struct dither_config *config = &session->config;
	cpumask_var_t present, sampled;
	u32 distance = 0;
	u32 user_size;
	int error;

	if (session->configured)
		return -EBUSY;
	error = dither_copy_from_user(config, sizeof(*config), argument,
				      &user_size);
	if (error)
		return error;
	error = check_config(config);
	if (!error)
		error = take_events(session, &distance);
	if (!error)
		error = dither_config_allowed(config);
	if (error)
		return error;

	if (!alloc_cpumask_var(&present, GFP_KERNEL))
		return -ENOMEM;
	error = -ENOMEM;
	if (!alloc_cpumask_var(&sampled, GFP_KERNEL))
		goto err_sampled;
	error = take_with_cpus(session, argument, user_size, distance, present,
			       sampled);
	free_cpumask_var(sampled);
err_sampled:
	free_cpumask_var(present);
	return error;
}

void dither_config_init(unsigned int budget_ppm)
{
	default_budget_ppm = budget_ppm;
}
