// SPDX-License-Identifier: GPL-2.0
/*
 * Tables come and go in task context, under the mutex of files; samplers read
 * what a file points to under RCU. Memory is bounded: a new table takes the
 * place of those that were not looked into for longest.
 */
#include <linux/atomic.h>
#include <linux/err.h>

#include "compat/list_sort.h"
#include "memory_shares.h"
#include "table_registry.h"

/* What tables leave free of all memory, for maps that come: a part of this. */
#define HEADROOM 64

u32 dither_tables_generation;

static LIST_HEAD(with_image);
static u32 table_count;
static u64 dropped;
static atomic64_t missed;

void dither_tables_miss(void)
{
	atomic64_inc(&missed);
}

/* Take a file's table away. The lock is held. */
static void drop_image(struct dither_file *file)
{
	struct dither_uploaded_table *image;

	image = rcu_dereference_protected(file->image,
					  lockdep_is_held(&dither_files_lock));
	RCU_INIT_POINTER(file->image, NULL);
	list_del_init(&file->order);
	/* It may be needed, and asked for, again. */
	WRITE_ONCE(file->asked, 0);
	dither_charge_tables(-(s64)image->bytes);
	table_count--;
	dither_table_image_bury(image);
	dither_file_forget(file, false);
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

	mutex_lock(&dither_files_lock);
	if (dither_charged_tables() + dither_charged() + bytes >
	    most - most / HEADROOM / 2)
		drop_down_to(most - most / HEADROOM - dither_charged() - bytes);
	mutex_unlock(&dither_files_lock);
}

void dither_tables_forget_unmapped(void)
{
	struct dither_file *file, *next;
	u32 count;

	mutex_lock(&dither_files_lock);
	dither_files_forget_without(dither_files_count() / 2);
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
	mutex_unlock(&dither_files_lock);
}

/* The lock is held. On success the image, if there is one, is the file's. */
static int put_image(struct dither_file *file,
		     struct dither_uploaded_table *image)
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
	dither_table_image_in_place(image);
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

int dither_tables_take(const struct dither_table_image *request)
{
	struct dither_uploaded_table *image = NULL;
	struct dither_identity identity;
	struct dither_file *file;
	int error;

	error = dither_identify_fd(request->fd, &identity);
	if (error)
		return error;
	if (request->bytes) {
		image = dither_table_image_new(request->image, request->bytes,
					       dither_charge_max());
		if (IS_ERR(image))
			return PTR_ERR(image);
	}
	file = dither_file_get_any(&identity);
	if (!file) {
		dither_table_image_free(image);
		return -ENOMEM;
	}
	mutex_lock(&dither_files_lock);
	error = put_image(file, image);
	mutex_unlock(&dither_files_lock);
	if (error)
		dither_table_image_free(image);
	dither_file_put(file);
	return error;
}

void dither_tables_count(struct dither_tables *tables)
{
	mutex_lock(&dither_files_lock);
	tables->count = table_count;
	tables->bytes = dither_charged_tables() + dither_charged();
	tables->bytes_max = dither_charge_max();
	tables->dropped = dropped;
	tables->unmapped = atomic64_read(&missed);
	mutex_unlock(&dither_files_lock);
}

static void drop_file(struct dither_file *file)
{
	WRITE_ONCE(file->none, false);
	if (rcu_access_pointer(file->image))
		drop_image(file);
	else
		dither_file_forget(file, false);
}

void dither_tables_drop_all(void)
{
	mutex_lock(&dither_files_lock);
	dither_files_for_each(drop_file);
	dropped = 0;
	atomic64_set(&missed, 0);
	mutex_unlock(&dither_files_lock);
	dither_table_images_settle();
}

void dither_tables_init(u64 memory_limit)
{
	dither_shares_init(memory_limit);
	dither_files_init();
}

void dither_tables_uninit(void)
{
	dither_files_uninit();
}
