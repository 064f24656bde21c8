// SPDX-License-Identifier: GPL-2.0
/*
 * Adding a mapping to a process's space: in place, under the process's lock, if
 * that is one range in a hole of a space that no other process has; else beside
 * it, without a lock, by who has a reference to the space, which so stays as it
 * is; then it is put in place unless another change was faster.
 */
#include <linux/mm.h>
#include <linux/sched.h>

#include "memory_shares.h"
#include "missing_tables.h"
#include "process_maps.h"

/* More than a process may have mappings, by default. */
#define RANGES_MAX 65536U
/* What a range costs, about, in leaves that are half full. */
#define RANGE_BYTES 128U

/* A range on its way into a process's space. */
struct addition {
	struct dither_range range;
	unsigned long end; /* where .range ended before it was clipped */
	bool fills;	   /* only where nothing is known */
	bool hole;	   /* nothing was there */
	bool counted;	   /* towards the next look at what is still there */
	bool crowded;
	struct dither_code_map *old; /* with a reference, or NULL */
	struct dither_tree_spare spare;
};

static u32 ranges_max(void)
{
	return min_t(u64, RANGES_MAX, dither_charge_max() / 8 / RANGE_BYTES);
}

/* @range, or NULL, is where @wanted begins. */
static bool has(const struct dither_range *range,
		const struct dither_range *wanted)
{
	return range && range->start <= wanted->start &&
	       range->end >= wanted->end && range->file == wanted->file &&
	       (!range->file ||
		wanted->start - range->start == wanted->offset - range->offset);
}

/* Leave of the range what lies in the first hole; false: there is none. */
static bool clip(struct addition *addition, const struct dither_node *root)
{
	struct dither_range *range = &addition->range;
	const struct dither_range *next;
	unsigned long start = range->start;

	for (;;) {
		next = dither_tree_after(root, start);
		if (!next || next->start > start)
			break;
		start = next->end;
	}
	if (start >= addition->end) {
		range->end = addition->end;
		return false;
	}
	if (range->file)
		range->offset += start - range->start;
	range->start = start;
	range->end = addition->end;
	if (next && next->start < range->end)
		range->end = next->start;
	return true;
}

/* Count towards the next look at what is still there. */
static bool is_crowded(struct dither_process *process, u32 count)
{
	if (process->prune_in && --process->prune_in)
		return false;
	/* If nobody looks, not at each mapping from now on. */
	process->prune_in = max(DITHER_PRUNE_MIN, count);
	return true;
}

static void count_addition(struct dither_process *process, u32 count,
			   struct addition *addition)
{
	if (!addition->counted)
		addition->crowded = is_crowded(process, count);
	addition->counted = true;
}

/* As dither_tree_append(). */
static int append(struct dither_code_map *map, struct addition *addition)
{
	struct dither_node *root = dither_code_map_root(map);
	struct dither_node *changed = root;
	int more;

	if (refcount_read(&map->references) != 1 || map->count >= ranges_max())
		return -EAGAIN;
	more = dither_tree_append(&changed, &addition->range, &addition->spare);
	if (changed != root)
		rcu_assign_pointer(map->root, changed);
	if (more > 0)
		map->count += more;
	return more;
}

/*
 * 0: it is there now, or there is nothing to add; -ENOBUFS: @addition's .spare
 * is needed; -EAGAIN: it is to be made beside @addition's .old; -ESRCH; -ENOSPC.
 * The process's lock is held.
 */
static int change_in_place(struct dither_process *process,
			   struct addition *addition)
{
	const struct dither_range *range = &addition->range;
	struct dither_code_map *map = dither_code_map_of(process);
	struct dither_node *root = dither_code_map_root(map);
	const struct dither_range *next;
	int more;

	if (process->gone)
		return -ESRCH;
	if (addition->fills && !clip(addition, root))
		return 0;
	more = map ? append(map, addition) : -EAGAIN;
	if (more != -EAGAIN) {
		count_addition(process, map->count, addition);
		return min(more, 0);
	}
	next = dither_tree_after(root, range->start);
	if (has(next, range)) {
		process->confirmed = true;
		return 0;
	}
	addition->old = NULL;
	addition->hole = true;
	if (!map)
		return -EAGAIN;
	count_addition(process, map->count, addition);
	if (map->count >= ranges_max())
		return -ENOSPC;
	addition->hole = !next || next->start >= range->end;
	refcount_inc(&map->references);
	addition->old = map;
	return -EAGAIN;
}

/*
 * Where nothing was, and no other process has the space, it keeps its number:
 * all that was found under it is still true. The references to .old, and to
 * what is not in place afterwards, are the caller's to drop. The lock is held.
 */
static int put_in_place(struct dither_process *process,
			const struct addition *addition,
			struct dither_code_map *fresh)
{
	struct dither_code_map *old = addition->old;

	if (process->gone)
		return -ESRCH;
	if (dither_code_map_of(process) != old)
		return -EAGAIN;
	if (old && addition->hole && refcount_read(&old->references) == 2) {
		struct dither_node *root = dither_code_map_root(old);

		rcu_assign_pointer(old->root, dither_code_map_root(fresh));
		RCU_INIT_POINTER(fresh->root, root);
		old->count = fresh->count;
		return 0;
	}
	rcu_assign_pointer(process->map, fresh);
	return 1;
}

/* Nothing that @space has is changed in place any more; its nodes may be. */
static void put_root_now(struct dither_code_map *map)
{
	struct dither_node *root = dither_code_map_root(map);

	RCU_INIT_POINTER(map->root, NULL);
	dither_tree_put_now(root);
}

/* 0; -EAGAIN: the space is another one by now; -ESRCH; -ENOMEM. */
static int change_beside(struct dither_process *process,
			 struct addition *addition)
{
	struct dither_user *user = READ_ONCE(process->user);
	struct dither_code_map *old = addition->old;
	struct dither_code_map *fresh = NULL;
	struct dither_node *root;
	int error, more;

	error = dither_tree_with(dither_code_map_root(old), &addition->range,
				 user, &root, &more);
	if (!error) {
		fresh = dither_code_map_new(root, (old ? old->count : 0) + more,
					    user);
		error = fresh ? 0 : -ENOMEM;
	}
	if (!error) {
		raw_spin_lock(&process->lock);
		error = put_in_place(process, addition, fresh);
		raw_spin_unlock(&process->lock);
		if (error == 1) {
			/* The process's own. */
			dither_code_map_put(old);
		} else {
			put_root_now(fresh);
			dither_code_map_put(fresh);
		}
	}
	dither_code_map_put(old);
	return min(error, 0);
}

static int make_spare(const struct dither_process *process,
		      struct addition *addition)
{
	int error = dither_tree_spare_make(&addition->spare,
					   READ_ONCE(process->user));

	return error ? error : -EAGAIN;
}

/*
 * Whenever it is tried again, somebody else's change to the space was made, or
 * there is .spare, once.
 */
static int add_part(struct dither_process *process, struct addition *addition)
{
	int error;

	do {
		raw_spin_lock(&process->lock);
		error = change_in_place(process, addition);
		raw_spin_unlock(&process->lock);
		if (error == -ENOBUFS)
			error = make_spare(process, addition);
		else if (error == -EAGAIN)
			error = change_beside(process, addition);
	} while (error == -EAGAIN);
	dither_tree_spare_drop(&addition->spare);
	return error;
}

/* As far as others have more than their share, or tables are in the way. */
static void make_room(void)
{
	dither_tables_make_room(0);
	if (dither_maps_crowded())
		dither_processes_evict();
	else
		dither_code_map_settle();
}

static int add_parts(struct dither_process *process, struct addition *addition)
{
	int error;

	do {
		error = add_part(process, addition);
		if (error == -ENOMEM) {
			make_room();
			error = add_part(process, addition);
		}
		/* The next hole, if there is one. */
		addition->range.offset +=
			addition->range.file ?
				addition->range.end - addition->range.start :
				0;
		addition->range.start = addition->range.end;
	} while (!error && addition->fills &&
		 addition->range.start < addition->end);
	return error;
}

static struct dither_file *file_of(struct dither_process *process,
				   const struct dither_map *record,
				   const struct dither_identity *identity)
{
	struct dither_user *user = READ_ONCE(process->user);
	struct dither_file *file = dither_file_get(identity, record, user);

	if (file)
		return file;
	make_room();
	return dither_file_get(identity, record, user);
}

static int add(struct dither_process *process, const struct dither_map *record,
	       const struct dither_identity *identity,
	       struct dither_file *known, struct addition *addition)
{
	struct dither_range *range = &addition->range;
	int error;

	*range = (struct dither_range){
		.start = record->start,
		.end = record->start + record->length,
		.offset = identity ? record->offset : 0,
	};
	addition->end = range->end;
	if (identity) {
		range->file = known ?: file_of(process, record, identity);
		if (!range->file)
			return -ENOMEM;
	}
	error = add_parts(process, addition);
	if (dither_maps_crowded())
		dither_processes_evict_soon();
	return error;
}

static bool add_record(const struct dither_map *record,
		       const struct dither_identity *identity,
		       struct dither_file *known, bool fills)
{
	struct addition addition = { .fills = fills };
	struct dither_process *process;
	struct dither_range expected;
	int error;

	/* 32 bit processes are walked by frame pointers. */
	if (record->header.flags & DITHER_MAP_COMPAT)
		return false;
	process = dither_process_get(record->tgid);
	if (!process)
		return false;
	error = add(process, record, identity, known, &addition);
	if (error == -ENOMEM || error == -ENOSPC)
		dither_tables_miss();
	if (addition.range.file) {
		/* A walk will come to this mapping before long. */
		expected = (struct dither_range){
			.start = record->start,
			.end = record->start + record->length,
			.offset = record->offset,
			.file = addition.range.file,
		};
		if (!error && !fills)
			dither_tables_ask_ahead(&expected, record->tgid);
		if (!known)
			dither_file_put(addition.range.file);
	}
	dither_process_put(process);
	return addition.crowded;
}

bool dither_process_maps_map(const struct dither_map *record,
			     const struct dither_identity *identity,
			     struct dither_file *known)
{
	return add_record(record, identity, known, false);
}

void dither_process_maps_add(const struct dither_map *record,
			     const struct dither_identity *identity,
			     struct dither_file *known)
{
	add_record(record, identity, known, true);
}
