// SPDX-License-Identifier: GPL-2.0
/*
 * Processes are found by number in buckets of fixed size, so that a fork needs
 * no memory. Writers are tasks and take a lock; readers see a space whole, or
 * the next one.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "spaces.h"

#define BUCKETS 4096U
#define WAYS 8U

struct entry {
	u32 tgid;		/* 0: free */
	struct dither_space __rcu *space; /* NULL: none of its ranges yet */
};

static struct entry *entries;	/* BUCKETS * WAYS; changed while unwatched */
static DEFINE_RAW_SPINLOCK(entries_lock);

static struct entry *bucket(struct entry *all, u32 tgid)
{
	return all + (tgid & (BUCKETS - 1)) * WAYS;
}

static struct entry *find_entry(u32 tgid)
{
	/* Pairs with the release of _watch. */
	struct entry *all = smp_load_acquire(&entries);
	struct entry *entry;
	u32 i;

	if (!all)
		return NULL;
	entry = bucket(all, tgid);
	for (i = 0; i < WAYS; i++, entry++) {
		if (READ_ONCE(entry->tgid) == tgid)
			return entry;
	}
	return NULL;
}

const struct dither_space *dither_space_find(u32 tgid)
{
	const struct dither_space *space;
	const struct entry *entry = find_entry(tgid);

	if (!entry)
		return NULL;
	space = rcu_dereference(entry->space);
	/* It may have become another process's in between; see claim(). */
	smp_rmb();
	return READ_ONCE(entry->tgid) == tgid ? space : NULL;
}

/* The process's entry, or one for it; the lock is held. NULL: none is free. */
static struct entry *claim(u32 tgid)
{
	struct entry *entry = find_entry(tgid);
	u32 i;

	if (entry || !entries)
		return entry;
	entry = bucket(entries, tgid);
	for (i = 0; i < WAYS; i++, entry++) {
		if (entry->tgid)
			continue;
		/* Readers that still look for the last one find it changed. */
		smp_wmb();
		WRITE_ONCE(entry->tgid, tgid);
		return entry;
	}
	return NULL;
}

static struct dither_space *space_of(struct entry *entry)
{
	return rcu_dereference_protected(entry->space,
					 lockdep_is_held(&entries_lock));
}

/* The space of the process with a reference, or NULL. */
static struct dither_space *get_space(u32 tgid, bool *known)
{
	struct dither_space *space = NULL;
	struct entry *entry;

	raw_spin_lock(&entries_lock);
	entry = find_entry(tgid);
	if (entry)
		space = space_of(entry);
	if (space)
		refcount_inc(&space->processes);
	raw_spin_unlock(&entries_lock);
	*known = entry;
	return space;
}

/*
 * Put @fresh in the place of @old, unless something else is there by now. The
 * reference to what is not in place afterwards is dropped.
 */
static int replace(u32 tgid, struct dither_space *old,
		   struct dither_space *fresh)
{
	struct entry *entry;
	int error = 0;

	raw_spin_lock(&entries_lock);
	entry = find_entry(tgid);
	if (entry && space_of(entry) == old)
		rcu_assign_pointer(entry->space, fresh);
	else
		error = entry ? -EAGAIN : -ESRCH;
	raw_spin_unlock(&entries_lock);
	dither_space_put(error ? fresh : old);
	return error;
}

/* The range of a record; -ENOMEM. */
static int range_of(const struct dither_map *record, struct dither_range *range)
{
	bool anonymous = record->header.flags & DITHER_MAP_ANONYMOUS;

	*range = (struct dither_range){
		.start = record->start,
		.end = record->start + record->length,
		.offset = anonymous ? 0 : record->offset,
	};
	if (!anonymous)
		range->file = dither_file_get(record);
	return anonymous || range->file ? 0 : -ENOMEM;
}

/* 0; -EAGAIN: the space is another one by now; -ESRCH; -ENOMEM. */
static int add_once(u32 tgid, const struct dither_range *range, bool *crowded)
{
	struct dither_space *old, *fresh;
	bool known;
	int error = 0;

	old = get_space(tgid, &known);
	if (!known)
		return -ESRCH;
	if (!dither_space_has(old, range)) {
		fresh = dither_space_with(old, range);
		*crowded = fresh ? fresh->count >= fresh->prune_at :
				   old && old->count >= DITHER_RANGES_MAX - 2;
		error = fresh ? replace(tgid, old, fresh) : -ENOMEM;
	}
	dither_space_put(old);
	return error;
}

static bool is_known(u32 tgid)
{
	bool known;

	rcu_read_lock();
	known = find_entry(tgid);
	rcu_read_unlock();
	return known;
}

/* Whenever it is tried again, somebody else's change to the space was made. */
static void add(const struct dither_map *record, bool *crowded)
{
	struct dither_range range;
	int error;

	/* 32 bit processes are walked by frame pointers. */
	if (record->header.flags & DITHER_MAP_COMPAT)
		return;
	error = range_of(record, &range);
	if (!error) {
		do {
			error = add_once(record->tgid, &range, crowded);
		} while (error == -EAGAIN);
	}
	if (error == -ENOMEM)
		dither_tables_miss();
	if (range.file)
		dither_file_put(range.file);
}

/* A walk will come to this mapping before long. */
static void expect_walk(u32 tgid, u64 address)
{
	const struct dither_space *space;
	const struct dither_range *range;

	rcu_read_lock();
	space = dither_space_find(tgid);
	range = space ? dither_space_range(space, address) : NULL;
	if (range && range->file)
		dither_tables_ask_ahead(range, tgid);
	rcu_read_unlock();
}

bool dither_space_map(const struct dither_map *record)
{
	bool crowded = false;

	if (is_known(record->tgid)) {
		add(record, &crowded);
		expect_walk(record->tgid, record->start);
	}
	return crowded;
}

void dither_space_add(const struct dither_map *record)
{
	bool crowded;

	add(record, &crowded);
}

/* Put @space, or none, into the place of what the process has, if anything. */
static void assign(u32 tgid, struct dither_space *space)
{
	struct dither_space *old = NULL;
	struct entry *entry;
	bool full;

	raw_spin_lock(&entries_lock);
	entry = claim(tgid);
	full = entries && !entry;
	if (entry) {
		old = space_of(entry);
		rcu_assign_pointer(entry->space, space);
	}
	raw_spin_unlock(&entries_lock);
	dither_space_put(entry ? old : space);
	if (full)
		dither_tables_miss();
}

void dither_space_fork(u32 parent, u32 child)
{
	struct dither_space *space;
	bool known;

	space = get_space(parent, &known);
	if (known)
		assign(child, space);
}

void dither_space_exec(u32 tgid)
{
	assign(tgid, NULL);
}

void dither_space_exit(u32 tgid)
{
	struct dither_space *old = NULL;
	struct entry *entry;

	raw_spin_lock(&entries_lock);
	entry = find_entry(tgid);
	if (entry) {
		old = space_of(entry);
		WRITE_ONCE(entry->tgid, 0);
		RCU_INIT_POINTER(entry->space, NULL);
	}
	raw_spin_unlock(&entries_lock);
	dither_space_put(old);
}

bool dither_space_begin(u32 tgid)
{
	struct dither_space *space, *fresh;
	bool known, begun;

	space = get_space(tgid, &known);
	begun = space && !space->complete;
	dither_space_put(space);
	if (known)
		return begun;
	fresh = dither_space_new(0, NULL);
	if (!fresh) {
		dither_tables_miss();
		return false;
	}
	fresh->complete = false;
	assign(tgid, fresh);
	return true;
}

void dither_space_complete(u32 tgid)
{
	struct dither_space *old, *fresh;
	bool known;
	int error;

	do {
		error = 0;
		old = get_space(tgid, &known);
		if (old && !old->complete) {
			fresh = dither_space_copy(old, NULL, NULL);
			if (fresh) {
				fresh->complete = true;
				error = replace(tgid, old, fresh);
			}
		}
		dither_space_put(old);
	} while (error == -EAGAIN);
}

void dither_space_prune(u32 tgid,
			bool (*is_there)(const struct dither_range *range,
					 void *data),
			void *data)
{
	struct dither_space *old, *fresh;
	bool known;

	old = get_space(tgid, &known);
	fresh = old ? dither_space_copy(old, is_there, data) : NULL;
	if (fresh) {
		/* At twice as many, or half-way to as many as there may be. */
		fresh->prune_at = max(DITHER_PRUNE_MIN,
				      min(2 * fresh->count,
					  (fresh->count + DITHER_RANGES_MAX) / 2));
		/* If it has changed meanwhile, there will be a next time. */
		replace(tgid, old, fresh);
	}
	dither_space_put(old);
}

int dither_spaces_watch(void)
{
	struct entry *fresh = kvcalloc(BUCKETS * WAYS, sizeof(*fresh),
				       GFP_KERNEL);

	if (!fresh)
		return -ENOMEM;
	/* Pairs with the acquire of _find. */
	smp_store_release(&entries, fresh);
	return 0;
}

void dither_spaces_unwatch(void)
{
	struct entry *old = entries;
	u32 i;

	if (!old)
		return;
	/* Mappings may still be on their way here, from any task. */
	raw_spin_lock(&entries_lock);
	WRITE_ONCE(entries, NULL);
	raw_spin_unlock(&entries_lock);
	synchronize_rcu();
	for (i = 0; i < BUCKETS * WAYS; i++)
		dither_space_put(rcu_dereference_protected(old[i].space, true));
	kvfree(old);
	dither_spaces_settle();
}
