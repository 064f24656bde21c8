// SPDX-License-Identifier: GPL-2.0
/*
 * What happens to processes, as changes of their spaces. A change is made in
 * place, under the process's lock, if that is one range in a hole of a space
 * that no other process has; else beside it, without a lock, by who has a
 * reference to the space, which so stays as it is; then it is put in place
 * unless another change was faster.
 */
#include <linux/mm.h>
#include <linux/sched.h>

#include "shares.h"
#include "spaces.h"

/* More than a process may have mappings, by default. */
#define RANGES_MAX 65536U
/* What a range costs, about, in leaves that are half full. */
#define RANGE_BYTES 128U

/* A range on its way into a process's space. */
struct addition {
	struct dither_range range;
	unsigned long end;	/* where .range ended before it was clipped */
	bool fills;		/* only where nothing is known */
	bool hole;		/* nothing was there */
	bool crowded;
	struct dither_space *old; /* with a reference, or NULL */
};

const struct dither_space *dither_space_find(u32 tgid)
{
	const struct dither_process *process = dither_process_find(tgid);

	return process ? rcu_dereference(process->space) : NULL;
}

static struct dither_space *space_of(struct dither_process *process)
{
	return rcu_dereference_protected(process->space,
					 lockdep_is_held(&process->lock));
}

/* By who has a reference, or the lock of the process that has the only one. */
static struct dither_node *root_of(const struct dither_space *space)
{
	return space ? rcu_dereference_protected(space->root, true) : NULL;
}

static u32 ranges_max(void)
{
	return min_t(u64, RANGES_MAX, dither_charge_max() / 8 / RANGE_BYTES);
}

static bool has(const struct dither_node *root,
		const struct dither_range *wanted)
{
	const struct dither_range *range;

	range = dither_tree_find(root, wanted->start);
	return range && range->end >= wanted->end &&
	       range->file == wanted->file &&
	       (!range->file || wanted->start - range->start ==
					wanted->offset - range->offset);
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

/*
 * 0: it is there now, or there is nothing to add; -EAGAIN: it is to be made
 * beside @addition's .old; -ESRCH; -ENOSPC. The process's lock is held.
 */
static int change_in_place(struct dither_process *process,
			   struct addition *addition)
{
	const struct dither_range *range = &addition->range;
	struct dither_space *space = space_of(process);
	struct dither_node *root = root_of(space);
	const struct dither_range *next;
	int more;

	if (process->gone)
		return -ESRCH;
	if (addition->fills ? !clip(addition, root) : has(root, range)) {
		process->confirmed = true;
		return 0;
	}
	addition->old = NULL;
	addition->hole = true;
	if (!space)
		return -EAGAIN;
	addition->crowded |= is_crowded(process, space->count);
	if (space->count >= ranges_max())
		return -ENOSPC;
	next = dither_tree_after(root, range->start);
	addition->hole = !next || next->start >= range->end;
	if (addition->hole && refcount_read(&space->references) == 1) {
		more = dither_tree_append(root, range);
		if (more >= 0) {
			space->count += more;
			return 0;
		}
	}
	refcount_inc(&space->references);
	addition->old = space;
	return -EAGAIN;
}

/*
 * Where nothing was, and no other process has the space, it keeps its number:
 * all that was found under it is still true. The references to .old, and to
 * what is not in place afterwards, are the caller's to drop. The lock is held.
 */
static int put_in_place(struct dither_process *process,
			const struct addition *addition,
			struct dither_space *fresh)
{
	struct dither_space *old = addition->old;

	if (process->gone)
		return -ESRCH;
	if (space_of(process) != old)
		return -EAGAIN;
	if (old && addition->hole && refcount_read(&old->references) == 2) {
		struct dither_node *root = root_of(old);

		rcu_assign_pointer(old->root, root_of(fresh));
		RCU_INIT_POINTER(fresh->root, root);
		old->count = fresh->count;
		return 0;
	}
	rcu_assign_pointer(process->space, fresh);
	return 1;
}

/* Nothing that @space has is changed in place any more; its nodes may be. */
static void put_root_now(struct dither_space *space)
{
	struct dither_node *root = root_of(space);

	RCU_INIT_POINTER(space->root, NULL);
	dither_tree_put_now(root);
}

/* 0; -EAGAIN: the space is another one by now; -ESRCH; -ENOMEM. */
static int change_beside(struct dither_process *process,
			 struct addition *addition)
{
	struct dither_user *user = READ_ONCE(process->user);
	struct dither_space *old = addition->old;
	struct dither_space *fresh = NULL;
	struct dither_node *root;
	int error, more;

	error = dither_tree_with(root_of(old), &addition->range, user, &root,
				 &more);
	if (!error) {
		fresh = dither_space_new(root, (old ? old->count : 0) + more,
					 user);
		error = fresh ? 0 : -ENOMEM;
	}
	if (!error) {
		raw_spin_lock(&process->lock);
		error = put_in_place(process, addition, fresh);
		raw_spin_unlock(&process->lock);
		if (error == 1) {
			/* The process's own. */
			dither_space_put(old);
		} else {
			put_root_now(fresh);
			dither_space_put(fresh);
		}
	}
	dither_space_put(old);
	return min(error, 0);
}

/* Whenever it is tried again, somebody else's change to the space was made. */
static int add_part(struct dither_process *process, struct addition *addition)
{
	int error;

	do {
		raw_spin_lock(&process->lock);
		error = change_in_place(process, addition);
		raw_spin_unlock(&process->lock);
		if (error == -EAGAIN)
			error = change_beside(process, addition);
	} while (error == -EAGAIN);
	return error;
}

/* As far as others have more than their share, or tables are in the way. */
static void make_room(void)
{
	dither_tables_make_room(0);
	if (dither_maps_crowded())
		dither_processes_evict();
	else
		dither_spaces_settle();
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
		addition->range.offset += addition->range.file ?
			addition->range.end - addition->range.start : 0;
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
	       struct addition *addition)
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
		range->file = file_of(process, record, identity);
		if (!range->file)
			return -ENOMEM;
	}
	error = add_parts(process, addition);
	if (dither_maps_crowded())
		dither_processes_evict_soon();
	return error;
}

static bool add_record(const struct dither_map *record,
		       const struct dither_identity *identity, bool fills)
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
	error = add(process, record, identity, &addition);
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
		dither_file_put(addition.range.file);
	}
	dither_process_put(process);
	return addition.crowded;
}

bool dither_space_map(const struct dither_map *record,
		      const struct dither_identity *identity)
{
	return add_record(record, identity, false);
}

void dither_space_add(const struct dither_map *record,
		      const struct dither_identity *identity)
{
	add_record(record, identity, true);
}

/* Forget what had this number before. */
static void forget(u32 tgid)
{
	struct dither_process *process = dither_process_get(tgid);

	if (!process)
		return;
	dither_process_remove(process);
	dither_process_put(process);
}

static void publish(struct dither_process *process)
{
	if (!dither_process_publish(process))
		dither_process_remove(process);
	dither_process_put(process);
}

static struct dither_process *new_process(const struct task_struct *task)
{
	struct dither_process *process;

	rcu_read_lock();
	process = dither_process_new(task->tgid, dither_user_of(task));
	rcu_read_unlock();
	if (!process)
		dither_tables_miss();
	return process;
}

static void inherit(struct dither_process *child, struct dither_process *parent)
{
	struct dither_space *space;

	raw_spin_lock(&parent->lock);
	space = space_of(parent);
	if (space)
		refcount_inc(&space->references);
	child->prune_in = parent->prune_in;
	child->incomplete = parent->incomplete;
	raw_spin_unlock(&parent->lock);
	RCU_INIT_POINTER(child->space, space);
}

void dither_space_fork(u32 parent, const struct task_struct *child)
{
	struct dither_process *process, *from;

	forget(child->tgid);
	from = dither_process_get(parent);
	if (!from)
		return;
	process = new_process(child);
	if (process) {
		inherit(process, from);
		publish(process);
	}
	dither_process_put(from);
}

void dither_space_exec(const struct task_struct *task)
{
	struct dither_process *process = dither_process_get(task->tgid);
	struct dither_space *old;

	if (!process) {
		process = new_process(task);
		if (process)
			publish(process);
		return;
	}
	rcu_read_lock();
	dither_process_move(process, dither_user_of(task));
	rcu_read_unlock();
	raw_spin_lock(&process->lock);
	old = space_of(process);
	RCU_INIT_POINTER(process->space, NULL);
	process->prune_in = DITHER_PRUNE_MIN;
	process->incomplete = false;
	raw_spin_unlock(&process->lock);
	dither_space_put(old);
	dither_process_put(process);
}

void dither_space_exit(u32 tgid)
{
	forget(tgid);
}

bool dither_space_begin(const struct task_struct *leader)
{
	struct dither_process *process = dither_process_get(leader->tgid);
	bool begun = true;

	if (process) {
		begun = READ_ONCE(process->incomplete);
		dither_process_put(process);
		return begun;
	}
	process = new_process(leader);
	if (!process)
		return false;
	process->incomplete = true;
	publish(process);
	return true;
}

void dither_space_complete(u32 tgid)
{
	struct dither_process *process = dither_process_get(tgid);

	if (!process)
		return;
	WRITE_ONCE(process->incomplete, false);
	dither_process_put(process);
}

/* With a reference, or NULL. */
static struct dither_space *begin_prune(struct dither_process *process)
{
	struct dither_space *space;

	raw_spin_lock(&process->lock);
	space = space_of(process);
	if (space)
		refcount_inc(&space->references);
	process->confirmed = false;
	raw_spin_unlock(&process->lock);
	return space;
}

/*
 * What has been removed may come again as it was, and change nothing, before
 * this; then it must not go. The reference to what is not in place is the
 * caller's to drop.
 */
static bool end_prune(struct dither_process *process, struct dither_space *old,
		      struct dither_space *fresh)
{
	bool done;

	raw_spin_lock(&process->lock);
	done = fresh && !process->gone && !process->confirmed &&
	       space_of(process) == old;
	if (done)
		rcu_assign_pointer(process->space, fresh);
	/* As much work again as this was is spread over these. */
	process->prune_in = max(DITHER_PRUNE_MIN,
				3 * (done ? fresh : old)->count);
	raw_spin_unlock(&process->lock);
	return done;
}

static void load_present(struct dither_tree_loader *loader,
			 const struct dither_node *root,
			 u32 (*are_there)(const struct dither_range *ranges,
					  u32 count, void *data),
			 void *data)
{
	struct dither_range ranges[DITHER_LEAF_RANGES];
	unsigned long next = 0;
	u32 i, count, there;

	do {
		count = dither_tree_leaf(root, next, ranges, &next);
		there = are_there(ranges, count, data);
		for (i = 0; i < count; i++) {
			if (there & 1U << i)
				dither_tree_load(loader, &ranges[i]);
		}
		cond_resched();
	} while (next && !loader->failed);
}

void dither_space_prune(u32 tgid,
			u32 (*are_there)(const struct dither_range *ranges,
					 u32 count, void *data),
			void *data)
{
	struct dither_process *process = dither_process_get(tgid);
	struct dither_tree_loader loader = { 0 };
	struct dither_space *old, *fresh = NULL;
	struct dither_node *root;

	if (!process)
		return;
	old = begin_prune(process);
	if (old) {
		loader.user = READ_ONCE(process->user);
		load_present(&loader, root_of(old), are_there, data);
		if (!dither_tree_loaded(&loader, &root))
			fresh = dither_space_new(root, loader.ranges,
						 loader.user);
		if (end_prune(process, old, fresh))
			dither_space_put(old);
		else
			dither_space_put(fresh);
		dither_space_put(old);
	}
	dither_process_put(process);
}

int dither_spaces_watch(void)
{
	return dither_processes_watch();
}

void dither_spaces_unwatch(void)
{
	dither_processes_unwatch();
}
