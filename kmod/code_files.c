// SPDX-License-Identifier: GPL-2.0
/*
 * Files come with mappings, and with tables, and go when they have neither:
 * under a mutex, that tables are changed under, too. Those that are known are
 * found under RCU. Tasks that map code may wait for the mutex, so nobody
 * allocates memory, or waits for anything else, who has it.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "code_files.h"
#include "compat/fs.h"
#include "memory_shares.h"

/* Files with and without table; a user's file of 0 bytes costs us 300. */
#define FILES_MAX (1U << 17)
#define BUCKETS_BITS 12

/* What tables and .order are changed under. */
DEFINE_MUTEX(dither_files_lock);
/* Chosen by a secret number: nobody can fill one. */
static struct hlist_head buckets[1U << BUCKETS_BITS];
static u64 bucket_key;
static LIST_HEAD(without); /* .none, and no range when they were put here */
static u32 file_count;

static struct hlist_head *bucket(const struct dither_identity *identity)
{
	u64 number = identity->inode ^ (u64)identity->dev_minor << 32;

	return &buckets[hash_64(number * GOLDEN_RATIO_64 ^ bucket_key,
				BUCKETS_BITS)];
}

/* But for when it was changed last. */
static bool is_like(const struct dither_identity *a,
		    const struct dither_identity *b)
{
	return a->inode == b->inode && a->size == b->size &&
	       a->mtime_ns == b->mtime_ns && a->dev_major == b->dev_major &&
	       a->dev_minor == b->dev_minor && a->vdso == b->vdso;
}

static bool is_same(const struct dither_identity *a,
		    const struct dither_identity *b)
{
	return a->ctime_ns == b->ctime_ns && is_like(a, b);
}

struct dither_file *dither_file_find(const struct dither_identity *identity)
{
	struct dither_file *file;

	rcu_read_lock();
	hlist_for_each_entry_rcu(file, bucket(identity), link) {
		if (is_same(&file->identity, identity) &&
		    atomic_inc_not_zero(&file->users))
			break;
	}
	rcu_read_unlock();
	return file;
}

static struct dither_file *new_file(const struct dither_identity *identity,
				    struct dither_user *user)
{
	struct dither_file *file;

	if (!dither_charge(user, sizeof(*file)))
		return NULL;
	file = kzalloc(sizeof(*file), GFP_KERNEL_ACCOUNT);
	if (!file) {
		dither_give_back(user, sizeof(*file));
		return NULL;
	}
	file->identity = *identity;
	file->user = user;
	atomic_inc(&user->files);
	INIT_LIST_HEAD(&file->order);
	return file;
}

static struct dither_map *new_mapping(const struct dither_map *record,
				      struct dither_user *user)
{
	struct dither_map *mapping;

	if (!dither_charge(user, record->header.size))
		return NULL;
	mapping = kmemdup(record, record->header.size, GFP_KERNEL_ACCOUNT);
	if (!mapping)
		dither_give_back(user, record->header.size);
	return mapping;
}

static void free_mapping(const struct dither_map *mapping,
			 struct dither_user *user)
{
	if (!mapping)
		return;
	dither_give_back(user, mapping->header.size);
	kfree(mapping);
}

/*
 * Samplers found it in a node that is gone since before an RCU period; tasks
 * may find it in its bucket until the next.
 */
static void free_file(struct dither_file *file)
{
	if (!file)
		return;
	free_mapping(file->mapping, file->user);
	dither_give_back(file->user, sizeof(*file));
	atomic_dec(&file->user->files);
	kfree_rcu(file, rcu);
}

bool dither_file_forget(struct dither_file *file, bool even_none)
{
	if (rcu_access_pointer(file->image) || (file->none && !even_none) ||
	    atomic_cmpxchg(&file->users, 1, 0) != 1)
		return false;
	hlist_del_rcu(&file->link);
	list_del(&file->order);
	file_count--;
	free_file(file);
	return true;
}

void dither_files_forget_without(u32 count)
{
	struct dither_file *file;

	while (count-- && !list_empty(&without)) {
		file = list_first_entry(&without, struct dither_file, order);
		if (!dither_file_forget(file, true))
			list_del_init(&file->order);
	}
}

/* When they get scarce, a user has a quarter of them at most. */
static bool has_share(const struct dither_user *user)
{
	return file_count < FILES_MAX / 2 ||
	       (file_count < FILES_MAX &&
		atomic_read(&user->files) < (int)FILES_MAX / 4);
}

/* With a reference; @fresh is taken in, and NULL then, if there was none. */
static struct dither_file *take_in(struct dither_file **fresh,
				   const struct dither_identity *identity)
{
	struct dither_file *file = dither_file_find(identity);

	if (file || !*fresh)
		return file;
	if (!has_share((*fresh)->user))
		dither_files_forget_without(16);
	if (!has_share((*fresh)->user))
		return NULL;
	file = *fresh;
	*fresh = NULL;
	atomic_set(&file->users, 2);
	hlist_add_head_rcu(&file->link, bucket(identity));
	file_count++;
	return file;
}

/* A reference, to one made if need be. */
static struct dither_file *get_like(const struct dither_identity *identity,
				    struct dither_user *user)
{
	struct dither_file *file, *fresh;

	file = dither_file_find(identity);
	if (file)
		return file;
	fresh = new_file(identity, user);
	mutex_lock(&dither_files_lock);
	file = take_in(&fresh, identity);
	mutex_unlock(&dither_files_lock);
	free_file(fresh);
	return file;
}

void dither_file_put(struct dither_file *file)
{
	/* But for the last one. */
	if (atomic_add_unless(&file->users, -1, 2))
		return;
	mutex_lock(&dither_files_lock);
	if (atomic_dec_return(&file->users) == 1 &&
	    !dither_file_forget(file, false) && list_empty(&file->order))
		list_add_tail(&file->order, &without);
	mutex_unlock(&dither_files_lock);
}

struct dither_file *dither_file_get(const struct dither_identity *identity,
				    const struct dither_map *record,
				    struct dither_user *user)
{
	struct dither_file *file = get_like(identity, user);
	struct dither_map *mapping;

	if (!file || READ_ONCE(file->mapping) || !record->path_len)
		return file;
	mapping = new_mapping(record, file->user);
	/* Pairs with the acquire of who asks. */
	if (mapping && cmpxchg_release(&file->mapping, NULL, mapping))
		free_mapping(mapping, file->user);
	return file;
}

void dither_identify(struct inode *inode, struct dither_identity *identity)
{
	struct timespec64 mtime = dither_inode_mtime(inode);
	struct timespec64 ctime = dither_inode_ctime(inode);

	*identity = (struct dither_identity){
		.inode = inode->i_ino,
		.size = i_size_read(inode),
		.mtime_ns = timespec64_to_ns(&mtime),
		.ctime_ns = timespec64_to_ns(&ctime),
		.dev_major = MAJOR(inode->i_sb->s_dev),
		.dev_minor = MINOR(inode->i_sb->s_dev),
		.address = inode,
	};
}

int dither_identify_fd(int fd, struct dither_identity *identity)
{
	struct inode *inode;
	struct file *file;
	int error = 0;

	*identity = (struct dither_identity){ .vdso = fd == -1 };
	if (fd == -1)
		return 0;
	file = fget(fd);
	if (!file)
		return -EBADF;
	/* Of stacked file systems the file below, which is what is mapped. */
	inode = d_real_inode(file->f_path.dentry);
	if (S_ISREG(inode->i_mode))
		dither_identify(inode, identity);
	else
		error = -EBADF;
	fput(file);
	return error;
}

/*
 * A file may be changed, or deleted, between its mapping and this. As long as
 * it is mapped, no other inode has its address. With a reference, or NULL.
 */
static struct dither_file *get_changed(const struct dither_identity *identity)
{
	struct dither_file *file;

	rcu_read_lock();
	hlist_for_each_entry_rcu(file, bucket(identity), link) {
		if (is_like(&file->identity, identity) &&
		    file->identity.address == identity->address &&
		    atomic_read(&file->users) > 1 &&
		    atomic_inc_not_zero(&file->users))
			break;
	}
	rcu_read_unlock();
	return file;
}

struct dither_file *dither_file_get_any(const struct dither_identity *identity)
{
	struct dither_file *file = dither_file_find(identity);
	struct dither_user *user;

	if (!file)
		file = get_changed(identity);
	if (file)
		return file;
	rcu_read_lock();
	user = dither_user_of(current);
	rcu_read_unlock();
	return get_like(identity, user);
}

u32 dither_files_count(void)
{
	return file_count;
}

void dither_files_for_each(void (*function)(struct dither_file *file))
{
	struct dither_file *file;
	struct hlist_node *next;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(buckets); i++) {
		hlist_for_each_entry_safe(file, next, &buckets[i], link)
			function(file);
	}
}

void dither_files_init(void)
{
	bucket_key = get_random_u64();
}

void dither_files_uninit(void)
{
	rcu_barrier();
}
