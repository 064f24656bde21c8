// SPDX-License-Identifier: GPL-2.0
/*
 * Neither who waits for user memory nor who waits for walks to end holds a
 * lock: both may take as long as somebody else likes.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "arch.h"
#include "core/table_lookup.h"
#include "table_image.h"

static atomic64_t moving;		/* bytes on their way */
static LLIST_HEAD(dead_images);

static void free_dead(struct work_struct *work)
{
	struct llist_node *node = llist_del_all(&dead_images);
	struct dither_uploaded_table *image, *next;

	if (!node)
		return;
	synchronize_rcu();
	llist_for_each_entry_safe(image, next, node, dead)
		dither_table_image_free(image);
}

static DECLARE_WORK(free_work, free_dead);

void dither_table_image_bury(struct dither_uploaded_table *image)
{
	atomic64_add(image->bytes, &moving);
	if (llist_add(&image->dead, &dead_images))
		schedule_work(&free_work);
}

void dither_table_images_settle(void)
{
	flush_work(&free_work);
}

void dither_table_image_in_place(const struct dither_uploaded_table *image)
{
	atomic64_sub(image->bytes, &moving);
}

void dither_table_image_free(struct dither_uploaded_table *image)
{
	if (!image)
		return;
	atomic64_sub(image->bytes, &moving);
	vfree(image);
}

static bool may_come(u64 bytes, u64 limit)
{
	if (atomic64_add_return(bytes, &moving) <= (s64)limit)
		return true;
	atomic64_sub(bytes, &moving);
	return false;
}

static int check(const struct dither_table_header *header, u64 bytes)
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

struct dither_uploaded_table *dither_table_image_new(u64 address, u64 bytes,
						     u64 limit)
{
	static const struct dither_table_header largest = {
		.nr_pages = DITHER_TABLE_PAGES_MAX,
		.nr_rows = DITHER_TABLE_ROWS_MAX,
		.nr_rules = DITHER_TABLE_RULES_MAX,
	};
	struct dither_uploaded_table *image;
	int error;

	if (bytes > limit)
		return ERR_PTR(-E2BIG);
	if (bytes < sizeof(largest) || bytes > dither_table_bytes(&largest))
		return ERR_PTR(-EINVAL);
	if (!may_come(bytes, limit)) {
		dither_table_images_settle();
		if (!may_come(bytes, limit))
			return ERR_PTR(-ENOMEM);
	}
	image = __vmalloc(sizeof(*image) + bytes,
			  GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!image) {
		atomic64_sub(bytes, &moving);
		return ERR_PTR(-ENOMEM);
	}
	image->bytes = bytes;
	error = copy_from_user(image->table, u64_to_user_ptr(address), bytes) ?
			-EFAULT :
			check((void *)image->table, bytes);
	if (!error)
		return image;
	dither_table_image_free(image);
	return ERR_PTR(error);
}
