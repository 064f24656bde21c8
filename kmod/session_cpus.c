// SPDX-License-Identifier: GPL-2.0
/*
 * The memory of a session: what it has of each CPU, within the limit of all
 * sessions. Task context, but for the wake-up.
 */
#include <linux/irq_work.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/shm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "clock.h"
#include "core/limits.h"
#include "pmu.h"
#include "session_cpus.h"
#include "session_state.h"
#include "unwind_user_table.h"

/* Guards the count below. */
static DEFINE_MUTEX(memory_lock);
static u64 memory_used;
static u64 memory_max;

static void wake_reader(struct irq_work *work)
{
	struct dither_cpu *cpu = container_of(work, struct dither_cpu, wake);
	struct dither_session *session = cpu->session;

	atomic_set(&session->call, DITHER_CALL_NEW);
	wake_up_interruptible_poll(&session->readers, EPOLLIN);
}

static u32 ring_min(void)
{
	return max_t(u32, DITHER_RING_MIN, PAGE_SIZE);
}

static u32 ring_bytes(const struct dither_session *session, bool sampled)
{
	u32 bytes = session->config.ring_bytes;

	return sampled ? bytes : dither_limit_side(bytes, ring_min());
}

static void free_cpu(struct dither_cpu *cpu)
{
	if (!cpu)
		return;
	kvfree(cpu->kept_rules);
	kvfree(cpu->intern.slots);
	vfree(cpu->tail_area);
	vfree(cpu->head_area);
	kfree(cpu);
}

/*
 * Charged to the caller's memory cgroup. Where there is not enough, the call
 * fails: no process is killed for it, and the log need not say so.
 */
#define GFP_SESSION (GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

/*
 * What user space will map. Where caches alias, the kernel's address has to
 * have the colour of the user's.
 */
static void *alloc_mapped(size_t bytes, void **area)
{
	*area = __vmalloc(bytes + SHMLBA - PAGE_SIZE, GFP_SESSION | __GFP_ZERO);
	return *area ? PTR_ALIGN(*area, SHMLBA) : NULL;
}

/* What only sampling needs. */
static int equip_sampler(struct dither_cpu *cpu, u32 bytes, int node)
{
	struct dither_session *session = cpu->session;
	u32 slots = dither_intern_slots(bytes);
	struct dither_intern_slot *table;

	table = kvzalloc_node(slots * sizeof(*table), GFP_SESSION, node);
	/*
	 * An overwritten ring must hold several whole epochs; else an epoch is
	 * what a reader may lose with a damaged piece of its file.
	 */
	dither_intern_init(&cpu->intern, table, slots,
			   session->config.flags & DITHER_F_OVERWRITE ?
				   bytes / 8 :
				   bytes);
	if (!table)
		return -ENOMEM;
	if (!dither_session_unwinds(session))
		return 0;
	cpu->kept_rules = dither_kept_rules_new(node);
	return cpu->kept_rules ? 0 : -ENOMEM;
}

static struct dither_cpu *new_cpu(struct dither_session *session,
				  unsigned int number, bool sampled)
{
	u32 bytes = ring_bytes(session, sampled);
	int node = cpu_to_node(number);
	struct dither_cpu *cpu;

	cpu = kzalloc_node(sizeof(*cpu), GFP_SESSION, node);
	if (!cpu)
		return NULL;
	cpu->session = session;
	cpu->cpu = number;
	cpu->sampled = sampled;
	dither_clock_init(cpu);
	dither_pmu_init_cpu(cpu);
	init_irq_work(&cpu->wake, wake_reader);
	dither_flood_init(&cpu->flood, session->hash_keys[0]);

	cpu->head_page = alloc_mapped(PAGE_SIZE + bytes, &cpu->head_area);
	cpu->tail_page = alloc_mapped(PAGE_SIZE, &cpu->tail_area);
	if (!cpu->head_page || !cpu->tail_page ||
	    (sampled && equip_sampler(cpu, bytes, node))) {
		free_cpu(cpu);
		return NULL;
	}
	dither_ring_init(&cpu->ring, cpu->head_page, cpu->tail_page,
			 (u8 *)cpu->head_page + PAGE_SIZE, bytes,
			 min(session->config.watermark, bytes / 4),
			 session->config.flags & DITHER_F_OVERWRITE);
	return cpu;
}

/* Everything that a session allocates for its CPUs. */
static void find_need(const struct dither_session *session,
		      const struct cpumask *present,
		      const struct cpumask *sampled,
		      struct dither_limit_need *need)
{
	need->cpus = cpumask_weight(sampled);
	need->sides = cpumask_weight(present) - need->cpus;
	/* The slab's size of it; its pages; the table of pointers. */
	need->side_bytes = roundup_pow_of_two(sizeof(struct dither_cpu)) +
			   2 * SHMLBA + sizeof(struct dither_cpu *);
	need->cpu_bytes = need->side_bytes;
	if (dither_session_unwinds(session))
		need->cpu_bytes += dither_kept_rules_bytes();
	need->ring_min = ring_min();
}

void dither_session_measure(struct dither_session *session,
			    const struct cpumask *present,
			    const struct cpumask *sampled)
{
	struct dither_config *config = &session->config;
	struct dither_limit_need need;

	find_need(session, present, sampled, &need);
	mutex_lock(&memory_lock);
	config->memory_left = memory_max - memory_used;
	mutex_unlock(&memory_lock);
	if (!config->ring_bytes)
		config->ring_bytes =
			dither_limit_ring(&need, config->memory_left);
	config->memory = dither_limit_session(&need, config->ring_bytes);
}

static int take_memory(struct dither_session *session)
{
	u64 bytes = session->config.memory;
	int error = 0;

	mutex_lock(&memory_lock);
	if (bytes > memory_max - memory_used) {
		error = -ENOMEM;
	} else {
		memory_used += bytes;
		session->memory = bytes;
	}
	mutex_unlock(&memory_lock);
	return error;
}

static void give_memory_back(struct dither_session *session)
{
	mutex_lock(&memory_lock);
	memory_used -= session->memory;
	session->memory = 0;
	mutex_unlock(&memory_lock);
}

/*
 * Nothing runs on the CPUs any more, or has begun to: events that are released
 * have no handlers left, and only handlers queue wake-ups.
 */
void dither_session_cpus_free(struct dither_session *session)
{
	unsigned int number;

	if (!session->cpus)
		return;
	dither_pmu_close(session);
	for (number = 0; number < session->nr_cpus; number++) {
		if (session->cpus[number])
			irq_work_sync(&session->cpus[number]->wake);
	}
	for (number = 0; number < session->nr_cpus; number++)
		free_cpu(session->cpus[number]);
	kvfree(session->cpus);
	session->cpus = NULL;
	give_memory_back(session);
}

int dither_session_cpus_new(struct dither_session *session,
			    const struct cpumask *present,
			    const struct cpumask *sampled)
{
	unsigned int number;
	int error;

	error = take_memory(session);
	if (error)
		return error;
	session->nr_cpus = nr_cpu_ids;
	session->cpus = kvcalloc(nr_cpu_ids, sizeof(*session->cpus),
				 GFP_SESSION);
	if (!session->cpus) {
		give_memory_back(session);
		return -ENOMEM;
	}
	for_each_cpu(number, present) {
		session->cpus[number] =
			new_cpu(session, number,
				cpumask_test_cpu(number, sampled));
		if (!session->cpus[number]) {
			dither_session_cpus_free(session);
			return -ENOMEM;
		}
	}
	return 0;
}

u64 dither_session_memory_max(void)
{
	return memory_max;
}

void dither_session_cpus_init(u64 memory_limit)
{
	memory_max = memory_limit;
}
