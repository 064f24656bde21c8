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
struct file;

/* What makes a file another one. The vDSO has no file: all but .vdso are 0. */
struct dither_identity {
	u64 inode;
	u64 size;
	s64 mtime_ns;
	u32 dev_major;
	u32 dev_minor;
	bool vdso;
};

struct dither_file {
	struct hlist_node link;
	struct list_head order;		/* of those that have an image */
	struct dither_identity identity;
	struct dither_image __rcu *image; /* or NULL */
	unsigned long used;		/* jiffies, when it was looked into */
	u32 asked;			/* the sessions' generation that was asked */
	bool none;			/* user space has no table for it */
	refcount_t users;		/* ranges, and 1: it is known */
	const struct dither_map *mapping; /* to ask with; NULL: not mapped yet */
};

/*
 * Counts up when a table has come: that there was none must not be remembered
 * longer. That a table has gone does not matter: what it said stays true.
 */
extern u32 dither_tables_generation;

/* A reference to the file that @record tells of; NULL: no memory. May sleep. */
struct dither_file *dither_file_get(const struct dither_map *record);

/* Another reference, by who holds one. Any context. */
static inline void dither_file_share(struct dither_file *file)
{
	refcount_inc(&file->users);
}

void dither_file_put(struct dither_file *file);

/* The table to walk by, or NULL. Under RCU; IRQ and NMI safe. */
static inline const void *dither_file_table(struct dither_file *file)
{
	const struct dither_image *image = rcu_dereference(file->image);

	WRITE_ONCE(file->used, jiffies);
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

/*
 * Whether @bytes more may be taken for ranges: up to half of all memory, in
 * place of tables if need be. May sleep. They are given back in any context.
 */
bool dither_tables_charge(u64 bytes);
void dither_tables_give_back(u64 bytes);

/* Count a mapping, or a process's, for which there was no room. */
void dither_tables_miss(void);

/* The last session is gone. */
void dither_tables_drop_all(void);

void dither_tables_init(u64 memory_limit);

#endif
