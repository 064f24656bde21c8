// SPDX-License-Identifier: GPL-2.0
/*
 * The mappings of a process that runs already, for a snapshot of it: told to who
 * asked, and learnt by the unwinder. Task context; each is described with no lock
 * held.
 */
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>

#include "compat/mm.h"
#include "map_record.h"
#include "mapping.h"
#include "process_maps.h"
#include "session_state.h"

/* How many of a process's mappings are looked at with its lock held. */
#define LOOKED_AT_MAX 64

/*
 * The next executable mapping at or after *address. 1; 0: there is none;
 * -EAGAIN: go on at *address; -EINTR: @current is to die. Somebody else's lock
 * may be held for as long as that process likes.
 */
static int find_mapping(struct mm_struct *mm, struct task_struct *task,
			u64 *address, struct dither_mapping *mapping)
{
	struct vm_area_struct *vma;
	int result = -EAGAIN;
	u32 i;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	for (i = 0; i < LOOKED_AT_MAX && result == -EAGAIN; i++) {
		vma = find_vma(mm, *address);
		if (!vma) {
			result = 0;
		} else if (vma->vm_flags & VM_EXEC) {
			dither_mapping_of(mapping, vma, task);
			result = 1;
		} else {
			*address = vma->vm_end;
		}
	}
	mmap_read_unlock(mm);
	return result;
}

/* 1, and it is described; 0: there is none; -EINTR. */
static int next_mapping(struct mm_struct *mm, struct task_struct *task,
			u64 address, struct dither_map_record *record)
{
	struct dither_mapping mapping;
	int result;

	do {
		result = find_mapping(mm, task, &address, &mapping);
		cond_resched();
	} while (result == -EAGAIN);
	if (result != 1)
		return result;
	mapping.flags |= DITHER_RECORD_SNAPSHOT;
	dither_map_record_begin(record, &mapping, mm);
	dither_map_record_describe(record, &mapping);
	dither_map_record_end(record);
	if (mapping.file)
		fput(mapping.file);
	return 1;
}

/* Also of a process whose first thread has exited. */
static struct mm_struct *process_mm(struct task_struct *leader)
{
	struct mm_struct *mm = NULL;
	struct task_struct *thread;

	rcu_read_lock();
	for_each_thread(leader, thread) {
		mm = get_task_mm(thread);
		if (mm)
			break;
	}
	rcu_read_unlock();
	return mm;
}

/* If it has exited before this, no exit will come to forget it again. */
static bool begin_map(struct task_struct *task)
{
	bool begun = dither_process_maps_begin(task);

	if (atomic_read(&task->signal->live))
		return begun;
	dither_process_maps_exit(task->tgid);
	return false;
}

/*
 * Let the unwinder know of all that is mapped: not from a cursor on, which is
 * for who asks to choose, nor only as far as there is room in a ring.
 */
static void learn(struct task_struct *task, struct mm_struct *mm,
		  struct dither_map_record *record)
{
	const struct dither_identity *identity;
	u64 address = 0;
	int result;

	if (!begin_map(task))
		return;
	while ((result = next_mapping(mm, task, address, record)) == 1) {
		/* What has come in its place since then is there before it. */
		identity = dither_map_record_identity(record);
		dither_process_maps_add(&record->map, identity, NULL);
		address = record->map.start + record->map.length;
		if (fatal_signal_pending(current))
			return;
	}
	if (!result)
		dither_process_maps_complete(task->tgid);
}

int dither_mapping_list(struct dither_session *session,
			struct task_struct *task, u64 *cursor)
{
	struct dither_map_record *record;
	struct mm_struct *mm;
	bool full = false;
	int result = 0;

	mm = process_mm(task);
	if (!mm)
		return 0;
	record = dither_map_record_new();
	if (!record) {
		mmput(mm);
		return -ENOMEM;
	}
	if (session->config.flags & DITHER_F_TABLES)
		learn(task, mm, record);
	while (!full) {
		result = next_mapping(mm, task, *cursor, record);
		if (result != 1)
			break;
		full = !dither_mapping_emit(session, &record->map);
		if (!full)
			*cursor = record->map.start + record->map.length;
	}
	dither_map_record_free(record);
	mmput(mm);
	return result < 0 ? result : full;
}
