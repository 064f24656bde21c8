/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The processes whose mappings are known, by number. There are places for so
 * many; a fork takes one and needs no memory. When places or memory get scarce,
 * the oldest processes of the user who has most are forgotten, and walked by
 * frame pointers from then on.
 */
#ifndef DITHER_PROCESS_TABLE_H
#define DITHER_PROCESS_TABLE_H

#include <linux/list.h>
#include <linux/llist.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>

struct dither_code_map;
struct dither_user;

/* No process is looked through for what is gone with fewer mappings. */
#define DITHER_PRUNE_MIN 256U

struct dither_process {
	struct hlist_node link;
	u32 tgid;
	refcount_t references;	/* 1 as long as it can be found */
	struct list_head order; /* of its user's, oldest first */
	struct dither_user *user;
	raw_spinlock_t lock; /* for all below */
	u32 prune_in;	     /* mappings until its ranges are looked at */
	bool gone;	     /* it has no space any more */
	bool incomplete;     /* it may have code that is not known yet */
	bool confirmed;	     /* a range that was there came again */
	struct dither_code_map __rcu *map; /* NULL: none of its ranges yet */
	union {
		struct rcu_head rcu;
		struct llist_node free;
	};
};

/* The places; 0, or -ENOMEM. Task context, may sleep. */
int dither_processes_watch(void);
void dither_processes_unwatch(void);

/* Or NULL. Under RCU; IRQ and NMI safe. */
struct dither_process *dither_process_find(u32 tgid);

/* The rest: any task context, atomic as well. With a reference, or NULL. */
struct dither_process *dither_process_get(u32 tgid);
void dither_process_put(struct dither_process *process);

/*
 * A place for one that nobody finds yet, with a reference; NULL: @user has its
 * share of them. Publish makes it known; false: another one with that number
 * is. Either way the reference is the caller's.
 */
struct dither_process *dither_process_new(u32 tgid, struct dither_user *user);
bool dither_process_publish(struct dither_process *process);

/* It is @user's now, and the youngest. */
void dither_process_move(struct dither_process *process,
			 struct dither_user *user);

/* Forget it, and its space, by who has a reference. */
void dither_process_remove(struct dither_process *process);

/* Forget some if memory or places are scarce: soon; now (may sleep). */
void dither_processes_evict_soon(void);
void dither_processes_evict(void);
/* How many were. */
u64 dither_processes_evicted(void);
void dither_processes_reset_evicted(void);

#endif
