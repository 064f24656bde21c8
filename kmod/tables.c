// SPDX-License-Identifier: GPL-2.0
/*
 * Tables come and go in task context, under a mutex; samplers read what a file
 * points to under RCU. Memory is bounded: a new table takes the place of those
 * that were not looked into for longest. Tasks that map code wait for the
 * mutex, so nobody allocates memory, or waits for anything else, who has it.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "compat/fs.h"
#include "compat/list_sort.h"
#include "numbers.h"
#include "output.h"
#include "spaces.h"
#include "tables.h"

/* Files with and without table; a user's file of 0 bytes costs us 200. */
#define FILES_MAX (1U << 17)

u32 dither_tables_generation;

static DEFINE_MUTEX(tables_lock);
static DEFINE_HASHTABLE(files, 10);
static LIST_HEAD(with_image);
static u32 file_count, table_count;
static u64 dropped;
static u64 image_bytes;
static atomic64_t other_bytes;	/* of ranges and files; grows under the lock */
static atomic64_t missed;
static u64 bytes_max;		/* for all of these */
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

/* The file with a reference, or NULL. The lock is held. */
static struct dither_file *get_known(const struct dither_identity *identity)
{
	struct dither_file *file = find_file(identity);

	if (file)
		refcount_inc(&file->users);
	return file;
}

static struct dither_file *new_file(const struct dither_identity *identity)
{
	struct dither_file *file;

	if (!dither_tables_charge(sizeof(*file)))
		return NULL;
	file = kzalloc(sizeof(*file), GFP_KERNEL_ACCOUNT);
	if (!file) {
		dither_tables_give_back(sizeof(*file));
		return NULL;
	}
	file->identity = *identity;
	return file;
}

static struct dither_map *new_mapping(const struct dither_map *record)
{
	struct dither_map *mapping;

	if (!dither_tables_charge(record->header.size))
		return NULL;
	mapping = kmemdup(record, record->header.size, GFP_KERNEL_ACCOUNT);
	if (!mapping)
		dither_tables_give_back(record->header.size);
	return mapping;
}

static void free_mapping(const struct dither_map *mapping)
{
	if (!mapping)
		return;
	dither_tables_give_back(mapping->header.size);
	kfree(mapping);
}

/* Samplers found it in a space that is gone since before an RCU period. */
static void free_file(struct dither_file *file)
{
	if (!file)
		return;
	free_mapping(file->mapping);
	dither_tables_give_back(sizeof(*file));
	kfree(file);
}

/* With a reference; @fresh is taken in, and NULL then, if there was none. */
static struct dither_file *take_in(struct dither_file **fresh,
				   const struct dither_identity *identity)
{
	struct dither_file *file = get_known(identity);

	if (file || !*fresh || file_count == FILES_MAX)
		return file;
	file = *fresh;
	*fresh = NULL;
	refcount_set(&file->users, 2);
	hash_add(files, &file->link, hash_identity(identity));
	file_count++;
	return file;
}

/* A reference, to one made if need be. */
static struct dither_file *get_like(const struct dither_identity *identity)
{
	struct dither_file *file, *fresh;

	mutex_lock(&tables_lock);
	file = get_known(identity);
	mutex_unlock(&tables_lock);
	if (file)
		return file;
	fresh = new_file(identity);
	mutex_lock(&tables_lock);
	file = take_in(&fresh, identity);
	mutex_unlock(&tables_lock);
	free_file(fresh);
	return file;
}

/* No range and no table: nothing that is known of it. The lock is held. */
static void free_if_idle(struct dither_file *file)
{
	if (refcount_read(&file->users) > 1 || rcu_access_pointer(file->image) ||
	    file->none)
		return;
	hash_del(&file->link);
	file_count--;
	free_file(file);
}

void dither_file_put(struct dither_file *file)
{
	mutex_lock(&tables_lock);
	refcount_dec(&file->users);
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
	struct dither_file *file = get_like(&identity);
	struct dither_map *mapping;

	if (!file || READ_ONCE(file->mapping))
		return file;
	mapping = new_mapping(record);
	/* Pairs with the acquire of who asks. */
	if (mapping && cmpxchg_release(&file->mapping, NULL, mapping))
		free_mapping(mapping);
	return file;
}

static void write_wanted(const struct dither_session *session,
			 struct dither_map *record, const struct dither_map *like,
			 const struct dither_range *range, u64 now)
{
	memcpy(record, like, like->header.size);
	record->header.type = DITHER_RECORD_TABLE_WANTED;
	record->header.flags &= ~DITHER_RECORD_SNAPSHOT;
	record->header.tid = dither_number_of_thread(session, current);
	record->time = now;
	record->tgid = dither_number_of_process(session, current);
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
	if (!dither_flood_may_ask(&cpu->flood, mapping->header.size, now))
		return;
	/* One of those that want it asks. */
	if (cmpxchg(&file->asked, asked, generation) != asked)
		return;
	record = dither_ring_reserve(&cpu->ring, mapping->header.size, now, NULL);
	if (record) {
		write_wanted(cpu->session, record, mapping, range, now);
		dither_output_commit(cpu, now);
		/* Each sample until it comes is one without it. */
		dither_output_call(cpu);
	} else {
		WRITE_ONCE(file->asked, asked);
	}
}

void dither_tables_ask_ahead(const struct dither_range *range, u32 tgid)
{
	const struct dither_session *session;
	struct dither_cpu *cpu;

	if (dither_file_table(range->file))
		return;
	preempt_disable();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		cpu = session->cpus[smp_processor_id()];
		if (cpu && session->config.flags & DITHER_F_TABLES &&
		    dither_filter_passes(&session->filter, tgid)) {
			dither_tables_ask(cpu, range);
			break;
		}
	}
	preempt_enable();
}

void dither_tables_ask_again(void)
{
	atomic_inc(&ask_generation);
}

void dither_tables_give_back(u64 bytes)
{
	atomic64_sub(bytes, &other_bytes);
}

void dither_tables_miss(void)
{
	atomic64_inc(&missed);
}

/* Take a file's table away. The lock is held. */
static void drop_image(struct dither_file *file)
{
	struct dither_image *image;

	image = rcu_dereference_protected(file->image,
					  lockdep_is_held(&tables_lock));
	RCU_INIT_POINTER(file->image, NULL);
	list_del(&file->order);
	/* It may be needed, and asked for, again. */
	WRITE_ONCE(file->asked, 0);
	image_bytes -= image->bytes;
	table_count--;
	dither_image_bury(image);
	free_if_idle(file);
}

/* Samplers may look into one meanwhile: then it stands somewhere. */
static int is_used_later(void *data, const struct list_head *a,
			 const struct list_head *b)
{
	const struct dither_file *one = list_entry(a, struct dither_file, order);
	const struct dither_file *other = list_entry(b, struct dither_file, order);

	return time_after(READ_ONCE(one->used), READ_ONCE(other->used));
}

/* Drop tables until they take no more than @limit. The lock is held. */
static void drop_down_to(u64 limit)
{
	if (image_bytes <= limit)
		return;
	dither_list_sort(&with_image, is_used_later);
	while (image_bytes > limit) {
		drop_image(list_first_entry(&with_image, struct dither_file,
					    order));
		dropped++;
	}
}

bool dither_tables_charge(u64 bytes)
{
	u64 others;
	bool fits;

	mutex_lock(&tables_lock);
	others = atomic64_read(&other_bytes) + bytes;
	fits = others <= bytes_max / 2;
	if (fits) {
		atomic64_add(bytes, &other_bytes);
		drop_down_to(bytes_max - others);
	}
	mutex_unlock(&tables_lock);
	return fits;
}

/* The lock is held. On success the image, if there is one, is the file's. */
static int put_image(struct dither_file *file, struct dither_image *image)
{
	u64 others = atomic64_read(&other_bytes);

	if (rcu_access_pointer(file->image))
		return -EEXIST;
	if (!image) {
		WRITE_ONCE(file->none, true);
		return 0;
	}
	if (others + image->bytes > bytes_max)
		return -ENOMEM;
	drop_down_to(bytes_max - others - image->bytes);
	dither_image_in_place(image);
	image_bytes += image->bytes;
	table_count++;
	WRITE_ONCE(file->none, false);
	WRITE_ONCE(file->used, jiffies);
	list_add_tail(&file->order, &with_image);
	rcu_assign_pointer(file->image, image);
	/* Pairs with the acquire of walks: the image is there. */
	smp_store_release(&dither_tables_generation,
			  dither_tables_generation + 1);
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

int dither_tables_take(const struct dither_table_image *request)
{
	struct dither_image *image = NULL;
	struct dither_identity identity;
	struct dither_file *file;
	int error;

	error = identify(request->fd, &identity);
	if (error)
		return error;
	if (request->bytes) {
		image = dither_image_new(request->image, request->bytes,
					 bytes_max);
		if (IS_ERR(image))
			return PTR_ERR(image);
	}
	file = get_like(&identity);
	if (!file) {
		dither_image_free(image);
		return -ENOMEM;
	}
	mutex_lock(&tables_lock);
	error = put_image(file, image);
	mutex_unlock(&tables_lock);
	if (error)
		dither_image_free(image);
	dither_file_put(file);
	return error;
}

void dither_tables_count(struct dither_tables *tables)
{
	mutex_lock(&tables_lock);
	tables->count = table_count;
	tables->bytes = image_bytes + atomic64_read(&other_bytes);
	tables->bytes_max = bytes_max;
	tables->dropped = dropped;
	tables->unmapped = atomic64_read(&missed);
	mutex_unlock(&tables_lock);
}

void dither_tables_drop_all(void)
{
	struct dither_file *file;
	struct hlist_node *next;
	int i;

	mutex_lock(&tables_lock);
	hash_for_each_safe(files, i, next, file, link) {
		WRITE_ONCE(file->none, false);
		if (rcu_access_pointer(file->image))
			drop_image(file);
		else
			free_if_idle(file);
	}
	dropped = 0;
	atomic64_set(&missed, 0);
	mutex_unlock(&tables_lock);
	dither_images_settle();
}

void dither_tables_init(u64 memory_limit)
{
	bytes_max = memory_limit;
}
