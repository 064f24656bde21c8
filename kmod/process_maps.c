// SPDX-License-Identifier: GPL-2.0
/* What happens to processes: their spaces are shared, replaced and forgotten. */
#include <linux/sched.h>

#include "memory_shares.h"
#include "process_maps.h"

const struct dither_code_map *dither_process_maps_find(u32 tgid)
{
	const struct dither_process *process = dither_process_find(tgid);

	return process ? rcu_dereference(process->map) : NULL;
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
	struct dither_code_map *map;

	raw_spin_lock(&parent->lock);
	map = dither_code_map_of(parent);
	if (map)
		refcount_inc(&map->references);
	child->prune_in = parent->prune_in;
	child->incomplete = parent->incomplete;
	raw_spin_unlock(&parent->lock);
	RCU_INIT_POINTER(child->map, map);
}

void dither_process_maps_fork(u32 parent, const struct task_struct *child)
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

void dither_process_maps_exec(const struct task_struct *task)
{
	struct dither_process *process = dither_process_get(task->tgid);
	struct dither_code_map *old;

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
	old = dither_code_map_of(process);
	RCU_INIT_POINTER(process->map, NULL);
	process->prune_in = DITHER_PRUNE_MIN;
	process->incomplete = false;
	raw_spin_unlock(&process->lock);
	dither_code_map_put(old);
	dither_process_put(process);
}

void dither_process_maps_exit(u32 tgid)
{
	forget(tgid);
}

bool dither_process_maps_begin(const struct task_struct *leader)
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

void dither_process_maps_complete(u32 tgid)
{
	struct dither_process *process = dither_process_get(tgid);

	if (!process)
		return;
	WRITE_ONCE(process->incomplete, false);
	dither_process_put(process);
}

int dither_process_maps_watch(void)
{
	return dither_processes_watch();
}

void dither_process_maps_unwatch(void)
{
	dither_processes_unwatch();
}
