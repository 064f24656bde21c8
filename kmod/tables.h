/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files that code is mapped from, by identity, and their unwind tables: one for
 * each file, shared by all sessions. Ranges of address spaces (spaces.h) hold
 * files; a table comes when user space hands it over, and goes when others need
 * its room, or with the last session.
 */
#ifndef DITHER_TABLES_H
#define DITHER_TABLES_H

#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>

#include "image.h"
#include "table.h"
#include "../include/dither/abi.h"

struct dither_cpu;
struct dither_range;
struct dither_user;
struct inode;

/*
 * What makes a file another one. The vDSO has no file: all but .vdso are 0.
 * Numbers are not enough: subvolumes of one file system have the same device,
 * and their inodes the same numbers; numbers are used again; sizes and times of
 * modification are whatever a file's owner likes. But nobody can set when an
 * inode was last changed, other than by changing it now.
 */
struct dither_identity {
	u64 inode;
	u64 size;
	s64 mtime_ns;
	s64 ctime_ns;
	u32 dev_major;
	u32 dev_minor;
	bool vdso;
	const void *address;		/* of the inode; only to be compared */
};

void dither_identify(struct inode *inode, struct dither_identity *identity);

struct dither_file {
	struct hlist_node link;
	struct list_head order;		/* of those with an image; of .none */
	struct dither_user *user;	/* whom it is charged to */
	struct dither_identity identity;
	struct dither_image __rcu *image; /* or NULL */
	unsigned long used;		/* jiffies, when it was looked into */
	u32 asked;			/* the sessions' generation that was asked */
	bool none;			/* user space has no table for it */
	atomic_t users;			/* ranges, and 1: it is known */
	const struct dither_map *mapping; /* to ask with; NULL: not mapped yet */
	struct rcu_head rcu;
};

/*
 * Counts up when a table has come: that there was none must not be remembered
 * longer. That a table has gone does not matter: what it said stays true.
 */
extern u32 dither_tables_generation;

/*
 * A reference to the file of @identity, which @record names; NULL: no memory.
 * One that is not known yet is charged to @user. May sleep.
 */
struct dither_file *dither_file_get(const struct dither_identity *identity,
				    const struct dither_map *record,
				    struct dither_user *user);

/* Another reference, by who holds one. Any context. */
static inline void dither_file_share(struct dither_file *file)
{
	atomic_inc(&file->users);
}

/* May sleep. */
void dither_file_put(struct dither_file *file);

/* The table to walk by, or NULL. Under RCU; IRQ and NMI safe. */
static inline const void *dither_file_table(struct dither_file *file)
{
	const struct dither_image *image = rcu_dereference(file->image);
	unsigned long now = jiffies;

	/* All CPUs share this line. */
	if (now - READ_ONCE(file->used) >= HZ)
		WRITE_ONCE(file->used, now);
	return image ? image->table : NULL;
}

/*
 * Ask for the table of @range's file through @cpu's ring, unless that has been
 * done. On that CPU, under RCU; IRQ and NMI safe.
 */
void dither_tables_ask(struct dither_cpu *cpu, const struct dither_range *range);

/*
 * The same, if there is none, of any session that unwinds process @tgid by
 * tables: before a sample misses it. Under RCU, in task context.
 */
void dither_tables_ask_ahead(const struct dither_range *range, u32 tgid);

/* A session starts: it is to be asked for what is missing. */
void dither_tables_ask_again(void);

/* DITHER_IOC_TABLE, checked but for the image; DITHER_IOC_TABLES. */
int dither_tables_take(const struct dither_table_image *request);
void dither_tables_count(struct dither_tables *tables);

/* Drop tables until there is room for @bytes more of maps and files. May sleep. */
void dither_tables_make_room(u64 bytes);

/* Forget files that no process has mapped, the older half. May sleep. */
void dither_tables_forget_unmapped(void);

/* Count a mapping, or a process's, for which there was no room. */
void dither_tables_miss(void);

/* The last session is gone. */
void dither_tables_drop_all(void);

int dither_tables_init(u64 memory_limit);
void dither_tables_uninit(void);

#endif
