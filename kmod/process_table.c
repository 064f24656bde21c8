// SPDX-License-Identifier: GPL-2.0
/*
 * A place that is free again goes back to the others after an RCU grace period,
 * as readers may still stand on it; so a chain that they follow stays one
 * bucket's. Buckets are chosen by a secret number: nobody can fill one.
 */
#include <linux/delay.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "code_map.h"
#include "memory_shares.h"
#include "process_table.h"
#include "table_registry.h"

#define PLACES_MIN 512U
#define PLACES_MAX 32768U
/* Rounds of one eviction, each with an RCU grace period. */
#define ROUNDS_MAX 8U

struct places {
	u32 count;
	u32 bits; /* of the number of buckets */
	u32 key;
	u64 bytes;
	struct hlist_head *buckets;
	struct dither_process *processes;
};

static struct places *places; /* NULL: unwatched */
static DEFINE_RAW_SPINLOCK(places_lock);
static LLIST_HEAD(free_places); /* taken under the lock, given back without */
static atomic_t free_count;
static atomic64_t evicted;

static struct hlist_head *bucket(const struct places *all, u32 tgid)
{
	return &all->buckets[hash_32(tgid ^ all->key, all->bits)];
}

struct dither_process *dither_process_find(u32 tgid)
{
	/* Pairs with the release of _watch. */
	const struct places *all = smp_load_acquire(&places);
	struct dither_process *process;

	if (!all)
		return NULL;
	hlist_for_each_entry_rcu(process, bucket(all, tgid), link,
				 lockdep_is_held(&places_lock)) {
		if (process->tgid == tgid)
			return process;
	}
	return NULL;
}

struct dither_process *dither_process_get(u32 tgid)
{
	struct dither_process *process;

	rcu_read_lock();
	process = dither_process_find(tgid);
	if (process && !refcount_inc_not_zero(&process->references))
		process = NULL;
	rcu_read_unlock();
	return process;
}

static void give_back(struct dither_process *process)
{
	llist_add(&process->free, &free_places);
	atomic_inc(&free_count);
}

static void recycle(struct rcu_head *rcu)
{
	give_back(container_of(rcu, struct dither_process, rcu));
}

void dither_process_put(struct dither_process *process)
{
	if (refcount_dec_and_test(&process->references))
		call_rcu(&process->rcu, recycle);
}

/* The last eighth is for users with less than an eighth. The lock is held. */
static struct dither_process *take_place(const struct dither_user *user)
{
	u32 left = atomic_read(&free_count);
	struct llist_node *node;

	if (!places ||
	    (left < places->count / 8 && user->processes >= places->count / 8))
		return NULL;
	node = llist_del_first(&free_places);
	if (!node)
		return NULL;
	atomic_dec(&free_count);
	return llist_entry(node, struct dither_process, free);
}

static bool few_places(void)
{
	const struct places *all = READ_ONCE(places);

	return all && atomic_read(&free_count) < all->count / 4;
}

struct dither_process *dither_process_new(u32 tgid, struct dither_user *user)
{
	struct dither_process *process;

	raw_spin_lock(&places_lock);
	process = take_place(user);
	raw_spin_unlock(&places_lock);
	if (few_places())
		dither_processes_evict_soon();
	if (!process)
		return NULL;
	process->tgid = tgid;
	process->user = user;
	process->prune_in = DITHER_PRUNE_MIN;
	process->gone = false;
	process->incomplete = false;
	process->confirmed = false;
	RCU_INIT_POINTER(process->map, NULL);
	INIT_HLIST_NODE(&process->link);
	INIT_LIST_HEAD(&process->order);
	raw_spin_lock_init(&process->lock);
	refcount_set(&process->references, 1);
	return process;
}

bool dither_process_publish(struct dither_process *process)
{
	bool is_new;

	raw_spin_lock(&places_lock);
	is_new = places && !dither_process_find(process->tgid);
	if (is_new) {
		refcount_inc(&process->references);
		hlist_add_head_rcu(&process->link,
				   bucket(places, process->tgid));
		list_add_tail(&process->order, &process->user->oldest);
		process->user->processes++;
	}
	raw_spin_unlock(&places_lock);
	return is_new;
}

void dither_process_move(struct dither_process *process,
			 struct dither_user *user)
{
	raw_spin_lock(&places_lock);
	if (!hlist_unhashed(&process->link)) {
		process->user->processes--;
		WRITE_ONCE(process->user, user);
		user->processes++;
		list_move_tail(&process->order, &user->oldest);
	}
	raw_spin_unlock(&places_lock);
}

/* False: that was done before. */
static bool unlink_process(struct dither_process *process)
{
	bool linked;

	raw_spin_lock(&places_lock);
	linked = !hlist_unhashed(&process->link);
	if (linked) {
		hlist_del_init_rcu(&process->link);
		list_del_init(&process->order);
		process->user->processes--;
	}
	raw_spin_unlock(&places_lock);
	return linked;
}

void dither_process_remove(struct dither_process *process)
{
	struct dither_code_map *map;
	bool linked = unlink_process(process);

	/* Also of one that was never published. */
	raw_spin_lock(&process->lock);
	process->gone = true;
	map = rcu_dereference_protected(process->map,
					lockdep_is_held(&process->lock));
	RCU_INIT_POINTER(process->map, NULL);
	raw_spin_unlock(&process->lock);
	dither_code_map_put(map);
	if (linked)
		dither_process_put(process);
}

static struct dither_process *oldest_of(struct dither_user *user)
{
	struct dither_process *process;

	raw_spin_lock(&places_lock);
	process = list_first_entry_or_null(&user->oldest, struct dither_process,
					   order);
	if (process)
		refcount_inc(&process->references);
	raw_spin_unlock(&places_lock);
	return process;
}

/* A quarter of them. */
static void evict_from(struct dither_user *user)
{
	u32 count = READ_ONCE(user->processes) / 4 + 1;
	struct dither_process *process;

	for (; count; count--) {
		process = oldest_of(user);
		if (!process)
			return;
		dither_process_remove(process);
		dither_process_put(process);
		atomic64_inc(&evicted);
		cond_resched();
	}
}

/* Who has most has more than a share, when all is taken. */
static void evict(struct work_struct *work)
{
	bool crowded = dither_maps_crowded();
	u32 rounds = ROUNDS_MAX;

	while (rounds--) {
		if (crowded && dither_maps_above_low()) {
			dither_tables_forget_unmapped();
			evict_from(dither_user_with_most_bytes());
		} else if (few_places()) {
			evict_from(dither_user_with_most_processes());
		} else {
			break;
		}
		dither_code_map_settle();
		synchronize_rcu();
	}
}

static DECLARE_WORK(evict_work, evict);

void dither_processes_evict_soon(void)
{
	schedule_work(&evict_work);
}

void dither_processes_evict(void)
{
	schedule_work(&evict_work);
	flush_work(&evict_work);
}

u64 dither_processes_evicted(void)
{
	return atomic64_read(&evicted);
}

void dither_processes_reset_evicted(void)
{
	atomic64_set(&evicted, 0);
}

static void free_places_of(struct places *all)
{
	dither_give_back_common(all->bytes);
	kvfree(all->buckets);
	kvfree(all->processes);
	kfree(all);
}

static struct places *new_places(void)
{
	struct places *all = kzalloc(sizeof(*all), GFP_KERNEL);
	u64 wanted = dither_charge_max() >> 12;
	u32 i;

	if (!all)
		return NULL;
	wanted = clamp_t(u64, wanted, PLACES_MIN, PLACES_MAX);
	all->count = roundup_pow_of_two(wanted);
	all->bits = ilog2(all->count) - 1;
	all->key = get_random_u32();
	all->bytes = (u64)all->count * sizeof(*all->processes) +
		     (sizeof(*all->buckets) << all->bits);
	dither_tables_make_room(all->bytes);
	if (!dither_charge_common(all->bytes)) {
		kfree(all);
		return NULL;
	}
	all->buckets =
		kvcalloc(1U << all->bits, sizeof(*all->buckets), GFP_KERNEL);
	all->processes =
		kvcalloc(all->count, sizeof(*all->processes), GFP_KERNEL);
	if (!all->buckets || !all->processes) {
		free_places_of(all);
		return NULL;
	}
	init_llist_head(&free_places);
	atomic_set(&free_count, 0);
	for (i = 0; i < all->count; i++)
		give_back(&all->processes[i]);
	return all;
}

int dither_processes_watch(void)
{
	struct places *all = new_places();

	if (!all)
		return -ENOMEM;
	/* Pairs with the acquire of _find. */
	smp_store_release(&places, all);
	return 0;
}

/* Tasks may have references to some. */
static void wait_for_all(const struct places *all)
{
	for (;;) {
		rcu_barrier();
		if (atomic_read(&free_count) == all->count)
			return;
		usleep_range(1000, 2000);
	}
}

void dither_processes_unwatch(void)
{
	struct places *all = places;
	struct dither_process *process;
	u32 i;

	if (!all)
		return;
	raw_spin_lock(&places_lock);
	WRITE_ONCE(places, NULL);
	raw_spin_unlock(&places_lock);
	synchronize_rcu();
	for (i = 0; i < all->count; i++) {
		process = &all->processes[i];
		if (!hlist_unhashed(&process->link))
			dither_process_remove(process);
	}
	wait_for_all(all);
	/* Nobody is left who could ask for it. */
	cancel_work_sync(&evict_work);
	dither_code_map_settle();
	free_places_of(all);
}
