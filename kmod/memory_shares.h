/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much of the memory for process maps, files and unwind tables is taken,
 * and by which user. Users are found by number in a table of fixed size, so
 * that a fork needs no memory. All functions: any context but NMI.
 */
#ifndef DITHER_MEMORY_SHARES_H
#define DITHER_MEMORY_SHARES_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct task_struct;

struct dither_user {
	kuid_t uid;
	atomic64_t bytes; /* of maps and files */
	atomic_t files;
	u32 processes;		 /* in .oldest; changed by process_maps.c */
	struct list_head oldest; /* its processes, in the order they came */
};

/*
 * The user who answers for what @task maps: its real user, or, in a user
 * namespace, the maker of the outermost one. Never NULL; where more users than
 * there are places for have something here, some share one. Under RCU.
 */
struct dither_user *dither_user_of(const struct task_struct *task);

/* The same without a lock, for probes: NULL, if that user has no place yet. */
const struct dither_user *dither_user_known(const struct task_struct *task);

/* The one with the most bytes, or processes. */
struct dither_user *dither_user_with_most_bytes(void);
struct dither_user *dither_user_with_most_processes(void);

/* Whether @bytes more fit: maps and files may have half of all memory. */
bool dither_charge(struct dither_user *user, u64 bytes);
void dither_give_back(struct dither_user *user, u64 bytes);
/* The same for what is nobody's: the places for processes. */
bool dither_charge_common(u64 bytes);
void dither_give_back_common(u64 bytes);

/* Tables have the rest. @bytes may be negative; false: they do not fit. */
bool dither_charge_tables(s64 bytes);

/* What is taken by maps and files; by tables; and what all may take. */
u64 dither_charged(void);
u64 dither_charged_tables(void);
u64 dither_charge_max(void);

/* Maps and files have more than 7/8 of their half; more than 3/4 of it. */
bool dither_maps_crowded(void);
bool dither_maps_above_low(void);

void dither_shares_init(u64 limit);

#endif
