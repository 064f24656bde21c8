// SPDX-License-Identifier: GPL-2.0
/*
 * Tables come and go in task context, under a mutex; samplers read what a file
 * points to under RCU, and so do tasks that map a file that is known. Memory is
 * bounded: a new table takes the place of those that were not looked into for
 * longest. Tasks that map code may wait for the mutex, so nobody allocates
 * memory, or waits for anything else, who has it.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/ktime.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "compat/fs.h"
#include "compat/list_sort.h"
#include "numbers.h"
#include "output.h"
#include "processes.h"
#include "shares.h"
#include "space.h"
#include "tables.h"

/* Files with and without table; a user's file of 0 bytes costs us 300. */
#define FILES_MAX (1U << 17)
#define BUCKETS_BITS 12
/* What tables leave free of all memory, for maps that come: a part of this. */
#define HEADROOM 64

u32 dither_tables_generation;

static DEFINE_MUTEX(tables_lock);
/* Chosen by a secret number: nobody can fill one. */
static struct hlist_head buckets[1U << BUCKETS_BITS];
static u64 bucket_key;
static LIST_HEAD(with_image);
static LIST_HEAD(without);	/* .none, and no range when they were put here */
static u32 file_count, table_count;
static u64 dropped;
static atomic64_t missed;
static atomic_t ask_generation = ATOMIC_INIT(1);

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

/* With a reference, or NULL. */
static struct dither_file *get_known(const struct dither_identity *identity)
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

/*
 * No range and no table: nothing that is known of it, or that user space has
 * none, if @even_none. The lock is held.
 */
static bool free_if_idle(struct dither_file *file, bool even_none)
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

/* Forget some of what is known to have no table. The lock is held. */
static void forget_without(u32 count)
{
	struct dither_file *file;

	while (count-- && !list_empty(&without)) {
		file = list_first_entry(&without, struct dither_file, order);
		if (!free_if_idle(file, true))
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
	struct dither_file *file = get_known(identity);

	if (file || !*fresh)
		return file;
	if (!has_share((*fresh)->user))
		forget_without(16);
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

	file = get_known(identity);
	if (file)
		return file;
	fresh = new_file(identity, user);
	mutex_lock(&tables_lock);
	file = take_in(&fresh, identity);
	mutex_unlock(&tables_lock);
	free_file(fresh);
	return file;
}

void dither_file_put(struct dither_file *file)
{
	/* But for the last one. */
	if (atomic_add_unless(&file->users, -1, 2))
		return;
	mutex_lock(&tables_lock);
	if (atomic_dec_return(&file->users) == 1 &&
	    !free_if_idle(file, false) && list_empty(&file->order))
		list_add_tail(&file->order, &without);
	mutex_unlock(&tables_lock);
}

struct dither_file *dither_file_get(const struct dither_identity *identity,
				    const struct dither_map *record,
				    struct dither_user *user)
{
	struct dither_file *file = get_like(identity, user);
	struct dither_map *mapping;

	if (!file || READ_ONCE(file->mapping))
		return file;
	mapping = new_mapping(record, file->user);
	/* Pairs with the acquire of who asks. */
	if (mapping && cmpxchg_release(&file->mapping, NULL, mapping))
		free_mapping(mapping, file->user);
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
	const struct dither_map *mapping;
	struct dither_map *record;
	u64 now;

	/* Pairs with the release of who makes it. */
	mapping = smp_load_acquire(&file->mapping);
	if (asked == generation || READ_ONCE(file->none) || !mapping)
		return;
	now = ktime_get_mono_fast_ns();
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

	if (READ_ONCE(range->file->asked) == atomic_read(&ask_generation) ||
	    dither_file_table(range->file))
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
	list_del_init(&file->order);
	/* It may be needed, and asked for, again. */
	WRITE_ONCE(file->asked, 0);
	dither_charge_tables(-(s64)image->bytes);
	table_count--;
	dither_image_bury(image);
	free_if_idle(file, false);
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
static void drop_down_to(s64 limit)
{
	if ((s64)dither_charged_tables() <= limit || list_empty(&with_image))
		return;
	dither_list_sort(&with_image, is_used_later);
	while ((s64)dither_charged_tables() > limit && !list_empty(&with_image)) {
		drop_image(list_first_entry(&with_image, struct dither_file,
					    order));
		dropped++;
	}
}

void dither_tables_make_room(u64 bytes)
{
	u64 most = dither_charge_max();

	mutex_lock(&tables_lock);
	if (dither_charged_tables() + dither_charged() + bytes >
	    most - most / HEADROOM / 2)
		drop_down_to(most - most / HEADROOM - dither_charged() - bytes);
	mutex_unlock(&tables_lock);
}

void dither_tables_forget_unmapped(void)
{
	struct dither_file *file, *next;
	u32 count;

	mutex_lock(&tables_lock);
	forget_without(file_count / 2);
	dither_list_sort(&with_image, is_used_later);
	count = table_count / 2;
	list_for_each_entry_safe(file, next, &with_image, order) {
		if (!count--)
			break;
		if (atomic_read(&file->users) > 1)
			continue;
		drop_image(file);
		dropped++;
	}
	mutex_unlock(&tables_lock);
}

/* The lock is held. On success the image, if there is one, is the file's. */
static int put_image(struct dither_file *file, struct dither_image *image)
{
	s64 most = dither_charge_max() - dither_charged();

	if (rcu_access_pointer(file->image))
		return -EEXIST;
	if (!image) {
		WRITE_ONCE(file->none, true);
		return 0;
	}
	if ((s64)image->bytes > most)
		return -ENOMEM;
	drop_down_to(most - image->bytes);
	if (!dither_charge_tables(image->bytes))
		return -ENOMEM;
	dither_image_in_place(image);
	table_count++;
	WRITE_ONCE(file->none, false);
	WRITE_ONCE(file->used, jiffies);
	list_move_tail(&file->order, &with_image);
	rcu_assign_pointer(file->image, image);
	/* Pairs with the acquire of walks: the image is there. */
	smp_store_release(&dither_tables_generation,
			  dither_tables_generation + 1);
	return 0;
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

static int identify_fd(int fd, struct dither_identity *identity)
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

static struct dither_file *get_any(const struct dither_identity *identity)
{
	struct dither_file *file = get_known(identity);
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

int dither_tables_take(const struct dither_table_image *request)
{
	struct dither_image *image = NULL;
	struct dither_identity identity;
	struct dither_file *file;
	int error;

	error = identify_fd(request->fd, &identity);
	if (error)
		return error;
	if (request->bytes) {
		image = dither_image_new(request->image, request->bytes,
					 dither_charge_max());
		if (IS_ERR(image))
			return PTR_ERR(image);
	}
	file = get_any(&identity);
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
	tables->bytes = dither_charged_tables() + dither_charged();
	tables->bytes_max = dither_charge_max();
	tables->dropped = dropped;
	tables->unmapped = atomic64_read(&missed);
	tables->evicted = dither_processes_evicted();
	mutex_unlock(&tables_lock);
}

static void drop_file(struct dither_file *file)
{
	WRITE_ONCE(file->none, false);
	if (rcu_access_pointer(file->image))
		drop_image(file);
	else
		free_if_idle(file, false);
}

void dither_tables_drop_all(void)
{
	struct dither_file *file;
	struct hlist_node *next;
	u32 i;

	mutex_lock(&tables_lock);
	for (i = 0; i < ARRAY_SIZE(buckets); i++) {
		hlist_for_each_entry_safe(file, next, &buckets[i], link)
			drop_file(file);
	}
	dropped = 0;
	atomic64_set(&missed, 0);
	dither_processes_reset_evicted();
	mutex_unlock(&tables_lock);
	dither_images_settle();
}

int dither_tables_init(u64 memory_limit)
{
	dither_shares_init(memory_limit);
	bucket_key = get_random_u64();
	return dither_space_init();
}

void dither_tables_uninit(void)
{
	dither_space_uninit();
	rcu_barrier();
}
