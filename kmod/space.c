// SPDX-License-Identifier: GPL-2.0
/*
 * Making spaces out of others, and freeing those that nobody names any more: a
 * worker does that, which may wait for readers.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "space.h"

static atomic64_t space_number;
static LLIST_HEAD(dead_spaces);

static size_t space_bytes(u32 count)
{
	return struct_size((struct dither_space *)NULL, ranges, count);
}

static void free_space(struct dither_space *space)
{
	u32 i;

	for (i = 0; i < space->count; i++) {
		if (space->ranges[i].file)
			dither_file_put(space->ranges[i].file);
	}
	dither_tables_give_back(space_bytes(space->count));
	kvfree(space);
}

static void free_dead(struct work_struct *work)
{
	struct llist_node *node = llist_del_all(&dead_spaces);
	struct dither_space *space, *next;

	if (!node)
		return;
	/* Whoever found one of them has left it after this. */
	synchronize_rcu();
	llist_for_each_entry_safe(space, next, node, dead)
		free_space(space);
}

static DECLARE_WORK(free_work, free_dead);

void dither_space_put(struct dither_space *space)
{
	if (space && refcount_dec_and_test(&space->processes) &&
	    llist_add(&space->dead, &dead_spaces))
		schedule_work(&free_work);
}

const struct dither_range *dither_space_range(const struct dither_space *space,
					      unsigned long address)
{
	const struct dither_range *range = space->ranges;
	u32 count = space->count;
	u32 half;

	if (!count)
		return NULL;
	while (count > 1) {
		half = count / 2;
		if (range[half].start <= address)
			range += half;
		count -= half;
	}
	return address >= range->start && address < range->end ? range : NULL;
}

/* It may be that what has been replaced is only waiting to be freed. */
static bool charge(u64 bytes)
{
	if (dither_tables_charge(bytes))
		return true;
	dither_spaces_settle();
	return dither_tables_charge(bytes);
}

struct dither_space *dither_space_new(u32 count,
				      const struct dither_space *like)
{
	struct dither_space *space;

	if (!charge(space_bytes(count)))
		return NULL;
	space = kvzalloc(space_bytes(count),
			 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!space) {
		dither_tables_give_back(space_bytes(count));
		return NULL;
	}
	space->id = atomic64_inc_return(&space_number);
	refcount_set(&space->processes, 1);
	space->complete = !like || like->complete;
	space->prune_at = like ? like->prune_at : DITHER_PRUNE_MIN;
	return space;
}

/* Not more than there was room for. */
static void put_range(struct dither_space *space, unsigned long start,
		      unsigned long end, u64 offset, struct dither_file *file)
{
	struct dither_range *last = space->ranges + space->count - 1;

	/* Generated code is often mapped piece by piece. */
	if (space->count && !file && !last->file && last->end == start) {
		last->end = end;
		return;
	}
	if (file)
		dither_file_share(file);
	space->ranges[space->count++] = (struct dither_range){
		.start = start,
		.end = end,
		.offset = offset,
		.file = file,
	};
}

/* The part of @range that lies in [start, end), if there is one. */
static void put_part(struct dither_space *space,
		     const struct dither_range *range, unsigned long start,
		     unsigned long end)
{
	start = max(start, range->start);
	end = min(end, range->end);
	if (start < end)
		put_range(space, start, end,
			  range->offset + (start - range->start), range->file);
}

struct dither_space *dither_space_with(const struct dither_space *old,
				       const struct dither_range *added)
{
	u32 count = old ? old->count : 0;
	struct dither_space *space;
	u32 room, i;

	if (count + 2 > DITHER_RANGES_MAX)
		return NULL;
	/* One of the old may be cut in two. */
	room = count + 2;
	space = dither_space_new(room, old);
	if (!space)
		return NULL;
	for (i = 0; i < count; i++)
		put_part(space, &old->ranges[i], 0, added->start);
	put_part(space, added, 0, TASK_SIZE_MAX);
	for (i = 0; i < count; i++)
		put_part(space, &old->ranges[i], added->end, TASK_SIZE_MAX);
	dither_tables_give_back(space_bytes(room) - space_bytes(space->count));
	return space;
}

bool dither_space_has(const struct dither_space *space,
		      const struct dither_range *wanted)
{
	const struct dither_range *range;

	range = space ? dither_space_range(space, wanted->start) : NULL;
	return range && range->end >= wanted->end &&
	       range->file == wanted->file &&
	       (!range->file || wanted->start - range->start ==
					wanted->offset - range->offset);
}

struct dither_space *
dither_space_copy(const struct dither_space *old,
		  bool (*is_there)(const struct dither_range *range, void *data),
		  void *data)
{
	struct dither_space *space = dither_space_new(old->count, old);
	u32 i;

	for (i = 0; space && i < old->count; i++) {
		if (!is_there || is_there(&old->ranges[i], data))
			put_part(space, &old->ranges[i], 0, TASK_SIZE_MAX);
	}
	if (!space)
		return NULL;
	dither_tables_give_back(space_bytes(old->count) -
				space_bytes(space->count));
	return space;
}

void dither_spaces_settle(void)
{
	flush_work(&free_work);
}
