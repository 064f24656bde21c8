/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files that code is mapped from, by identity. Ranges of address spaces
 * (process_maps.h) hold them; a file has an unwind table if user space has
 * handed one over (table_registry.h).
 */
#ifndef DITHER_CODE_FILES_H
#define DITHER_CODE_FILES_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>

#include "../include/dither/abi.h"

struct dither_uploaded_table;
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

/* Of an open regular file; -1: the vDSO. 0, or -EBADF. */
int dither_identify_fd(int fd, struct dither_identity *identity);

struct dither_file {
	struct hlist_node link;
	struct list_head order;		/* of those with an image; of .none */
	struct dither_user *user;	/* whom it is charged to */
	struct dither_identity identity;
	struct dither_uploaded_table __rcu *image; /* or NULL */
	unsigned long used;		/* jiffies, when it was looked into */
	u32 asked;			/* the sessions' generation that was asked */
	bool none;			/* user space has no table for it */
	atomic_t users;			/* ranges, and 1: it is known */
	const struct dither_map *mapping; /* to ask with; NULL: not mapped yet */
	atomic64_t sight;		/* of .mapping's path: map_record.c */
	struct rcu_head rcu;
};

/*
 * A reference to the file of @identity, which @record names, if it has a path;
 * NULL: no memory. One that is not known yet is charged to @user. May sleep.
 */
struct dither_file *dither_file_get(const struct dither_identity *identity,
				    const struct dither_map *record,
				    struct dither_user *user);

/* A record that names @file, or NULL, as of no file. */
static inline const struct dither_map *
dither_file_mapping(struct dither_file *file)
{
	/* Pairs with the release of who makes it. */
	return file ? smp_load_acquire(&file->mapping) : NULL;
}

/* One that is known, with a reference, or NULL. */
struct dither_file *dither_file_find(const struct dither_identity *identity);

/* Another reference, by who holds one. Any context. */
static inline void dither_file_share(struct dither_file *file)
{
	atomic_inc(&file->users);
}

/* May sleep. */
void dither_file_put(struct dither_file *file);

/*
 * The same, of a file that user space has at hand: also one that was changed, or
 * deleted, since it was mapped; charged to the current task's user.
 */
struct dither_file *dither_file_get_any(const struct dither_identity *identity);

/* What a file's image, order and none are changed under. */
extern struct mutex dither_files_lock;

/*
 * The rest with the lock held. Forget a file, which may be freed then, if it has
 * no range and no table, and nothing is known of it, or if @even_none, only that
 * user space has none.
 */
bool dither_file_forget(struct dither_file *file, bool even_none);

/* Forget so many of those that are known to have no table. */
void dither_files_forget_without(u32 count);

u32 dither_files_count(void);

/* @function may forget its file. */
void dither_files_for_each(void (*function)(struct dither_file *file));

void dither_files_init(void);
void dither_files_uninit(void);

#endif
