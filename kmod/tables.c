// SPDX-License-Identifier: GPL-2.0
/*
 * Tables come and go in task context, under a mutex; samplers read what a file
 * points to under RCU. Memory is bounded: a new table takes the place of those
 * that were not looked into for longest.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "arch.h"
#include "compat/fs.h"
#include "output.h"
#include "spaces.h"
#include "tables.h"

/* Files with and without table; a user's file of 0 bytes costs us 200. */
#define FILES_MAX (1U << 17)

u32 dither_tables_generation;

static DEFINE_MUTEX(tables_lock);
static DEFINE_HASHTABLE(files, 10);
static u32 file_count, table_count;
static u64 dropped;
static atomic64_t bytes_used;	/* by images and ranges */
static atomic64_t missed;
static u64 bytes_max;
static atomic_t ask_generation = ATOMIC_INIT(1);

static u64 hash_identity(const struct dither_identity *identity)
{
	return identity->inode ^ (u64)identity->dev_minor << 32;
}

static bool is_same(const struct dither_identity *a,
		    const struct dither_identity *b)
{
	return a->inode == b->inode && a->size == b->size &&
	       a->mtime_ns == b->mtime_ns && a->dev_major == b->dev_major &&
	       a->dev_minor == b->dev_minor && a->vdso == b->vdso;
}

static struct dither_file *find_file(const struct dither_identity *identity)
{
	struct dither_file *file;

	hash_for_each_possible(files, file, link, hash_identity(identity)) {
		if (is_same(&file->identity, identity))
			return file;
	}
	return NULL;
}

/* With a reference, made if need be. The lock is held. */
static struct dither_file *get_file_like(const struct dither_identity *identity)
{
	struct dither_file *file = find_file(identity);

	if (!file && file_count < FILES_MAX) {
		file = kzalloc(sizeof(*file), GFP_KERNEL_ACCOUNT);
		if (!file)
			return NULL;
		file->identity = *identity;
		hash_add(files, &file->link, hash_identity(identity));
		file_count++;
	}
	if (file)
		atomic_inc(&file->users);
	return file;
}

/* No range and no table: nothing that is known of it. The lock is held. */
static void free_if_idle(struct dither_file *file)
{
	if (atomic_read(&file->users) || file->bytes || file->none)
		return;
	hash_del(&file->link);
	file_count--;
	/* Samplers found it in a space that is gone since before an RCU period. */
	kfree(file->mapping);
	kfree(file);
}

void dither_file_put(struct dither_file *file)
{
	mutex_lock(&tables_lock);
	if (atomic_dec_and_test(&file->users))
		free_if_idle(file);
	mutex_unlock(&tables_lock);
}

struct dither_file *dither_file_get(const struct dither_map *record)
{
	const struct dither_identity identity = {
		.inode = record->inode,
		.size = record->file_size,
		.mtime_ns = record->mtime_ns,
		.dev_major = record->dev_major,
		.dev_minor = record->dev_minor,
		.vdso = record->header.flags & DITHER_MAP_VDSO,
	};
	struct dither_file *file;
	void *mapping;

	mutex_lock(&tables_lock);
	file = get_file_like(&identity);
	if (file && !file->mapping) {
		mapping = kmemdup(record, record->header.size,
				  GFP_KERNEL_ACCOUNT);
		/* Pairs with the acquire of who asks. */
		smp_store_release(&file->mapping, mapping);
	}
	mutex_unlock(&tables_lock);
	return file;
}

static void write_wanted(struct dither_map *record, const struct dither_map *like,
			 const struct dither_range *range, u64 now)
{
	memcpy(record, like, like->header.size);
	record->header.type = DITHER_RECORD_TABLE_WANTED;
	record->header.flags &= ~DITHER_RECORD_SNAPSHOT;
	record->header.tid = current->pid;
	record->time = now;
	record->tgid = current->tgid;
	record->start = range->start;
	record->length = range->end - range->start;
	record->offset = range->offset;
}

void dither_tables_ask(struct dither_cpu *cpu, const struct dither_range *range)
{
	struct dither_file *file = range->file;
	u32 generation = atomic_read(&ask_generation);
	u32 asked = READ_ONCE(file->asked);
	u64 now = ktime_get_mono_fast_ns();
	const struct dither_map *mapping;
	struct dither_map *record;

	/* Pairs with the release of who makes it. */
	mapping = smp_load_acquire(&file->mapping);
	if (asked == generation || READ_ONCE(file->none) || !mapping)
		return;
	/* One of those that want it asks. */
	if (cmpxchg(&file->asked, asked, generation) != asked)
		return;
	record = dither_ring_reserve(&cpu->ring, mapping->header.size, now, NULL);
	if (record) {
		write_wanted(record, mapping, range, now);
		dither_output_commit(cpu, now);
	} else {
		WRITE_ONCE(file->asked, asked);
	}
}

void dither_tables_ask_again(void)
{
	atomic_inc(&ask_generation);
}

bool dither_tables_charge(s64 bytes)
{
	if (atomic64_add_return(bytes, &bytes_used) <= (s64)bytes_max ||
	    bytes < 0)
		return true;
	atomic64_sub(bytes, &bytes_used);
	return false;
}

void dither_tables_miss(void)
{
	atomic64_inc(&missed);
}

/*
 * Take a file's table away; the image is to be freed after an RCU period. The
 * lock is held.
 */
static const void *take_image(struct dither_file *file)
{
	const void *image;

	image = rcu_dereference_protected(file->image,
					  lockdep_is_held(&tables_lock));
	if (!image)
		return NULL;
	RCU_INIT_POINTER(file->image, NULL);
	atomic64_sub(file->bytes, &bytes_used);
	file->bytes = 0;
	/* It may be needed, and asked for, again. */
	WRITE_ONCE(file->asked, 0);
	table_count--;
	return image;
}

static struct dither_file *least_used(void)
{
	struct dither_file *file, *found = NULL;
	int i;

	hash_for_each(files, i, file, link) {
		if (file->bytes &&
		    (!found || time_before(READ_ONCE(file->used),
					   READ_ONCE(found->used))))
			found = file;
	}
	return found;
}

/* Charge @bytes, dropping tables until there is room. The lock is held. */
static bool make_room(u64 bytes)
{
	struct dither_file *file;
	const void *image;

	while (!dither_tables_charge(bytes)) {
		file = least_used();
		if (!file)
			return false;
		image = take_image(file);
		dropped++;
		free_if_idle(file);
		synchronize_rcu();
		vfree(image);
	}
	return true;
}

/* The lock is held. On success the image is the file's. */
static int put_image(struct dither_file *file, const void *image, u64 bytes)
{
	if (file->bytes)
		return -EEXIST;
	if (!image) {
		WRITE_ONCE(file->none, true);
		return 0;
	}
	if (!make_room(bytes))
		return -ENOMEM;
	file->bytes = bytes;
	WRITE_ONCE(file->none, false);
	WRITE_ONCE(file->used, jiffies);
	rcu_assign_pointer(file->image, image);
	/* Pairs with the acquire of walks: the image is there. */
	smp_store_release(&dither_tables_generation,
			  dither_tables_generation + 1);
	table_count++;
	return 0;
}

static int identify(int fd, struct dither_identity *identity)
{
	struct timespec64 mtime;
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
	if (S_ISREG(inode->i_mode)) {
		mtime = dither_inode_mtime(inode);
		identity->inode = inode->i_ino;
		identity->size = i_size_read(inode);
		identity->mtime_ns = timespec64_to_ns(&mtime);
		identity->dev_major = MAJOR(inode->i_sb->s_dev);
		identity->dev_minor = MINOR(inode->i_sb->s_dev);
	} else {
		error = -EBADF;
	}
	fput(file);
	return error;
}

static int check_image(const struct dither_table_header *header, u64 bytes)
{
	u32 page;
	int error;

	error = dither_table_check_head(header, bytes);
	if (!error && header->machine != DITHER_ARCH_TABLES)
		return -EINVAL;
	for (page = 0; !error && page < header->nr_pages; page++) {
		error = dither_table_check_page(header, page);
		cond_resched();
	}
	return error;
}

/* A checked copy of what user space has at @address; vfree() it. */
static void *copy_image(u64 address, u64 bytes)
{
	void *image;
	int error;

	if (bytes < sizeof(struct dither_table_header))
		return ERR_PTR(-EINVAL);
	if (bytes > bytes_max)
		return ERR_PTR(-E2BIG);
	image = __vmalloc(bytes, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!image)
		return ERR_PTR(-ENOMEM);
	error = copy_from_user(image, u64_to_user_ptr(address), bytes) ?
			-EFAULT :
			check_image(image, bytes);
	if (error) {
		vfree(image);
		return ERR_PTR(error);
	}
	return image;
}

int dither_tables_take(const struct dither_table_image *request)
{
	struct dither_identity identity;
	struct dither_file *file;
	void *image = NULL;
	int error;

	error = identify(request->fd, &identity);
	if (error)
		return error;
	if (request->bytes) {
		image = copy_image(request->image, request->bytes);
		if (IS_ERR(image))
			return PTR_ERR(image);
	}
	mutex_lock(&tables_lock);
	file = get_file_like(&identity);
	error = file ? put_image(file, image, request->bytes) : -ENOMEM;
	if (file && atomic_dec_and_test(&file->users))
		free_if_idle(file);
	mutex_unlock(&tables_lock);
	if (error)
		vfree(image);
	return error;
}

void dither_tables_count(struct dither_tables *tables)
{
	mutex_lock(&tables_lock);
	tables->count = table_count;
	tables->bytes = atomic64_read(&bytes_used);
	tables->bytes_max = bytes_max;
	tables->dropped = dropped;
	tables->unmapped = atomic64_read(&missed);
	mutex_unlock(&tables_lock);
}

void dither_tables_drop_all(void)
{
	struct dither_file *file;
	struct hlist_node *next;
	const void *image;
	int i;

	mutex_lock(&tables_lock);
	hash_for_each_safe(files, i, next, file, link) {
		image = take_image(file);
		/* No session, so no sampler. */
		vfree(image);
		WRITE_ONCE(file->none, false);
		free_if_idle(file);
	}
	dropped = 0;
	atomic64_set(&missed, 0);
	mutex_unlock(&tables_lock);
}

void dither_tables_init(u64 memory_limit)
{
	bytes_max = memory_limit;
}
