// SPDX-License-Identifier: GPL-2.0
/*
 * A kprobe on perf_event_mmap() reports new executable mappings, in atomic
 * context. Names and build-ids need a context that may sleep, so what the
 * probe saw waits, with a reference to the file, until the same task returns
 * to user mode: later than its exec, earlier than its first instruction there.
 */
#include <linux/bitmap.h>
#include <linux/file.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/task_work.h>

#include "arch.h"
#include "compat/mm.h"
#include "compat/rcu.h"
#include "kprobe_cost.h"
#include "kprobes.h"
#include "map_record.h"
#include "mapping.h"
#include "memory_shares.h"
#include "overhead.h"
#include "process_maps.h"
#include "record_output.h"
#include "return_cost.h"
#include "session_state.h"

/* Mappings on their way to their task's return to user mode, all tasks. */
#define WAITING_MAX 512

/*
 * The task may be kept from returning for as long as another program likes, by
 * a file system of that one's making. Each place has a reference to the module:
 * then it is not unloaded, rather than that unloading waits.
 */
struct waiting {
	struct callback_head work;
	struct dither_mapping mapping;
	struct task_struct *owner;
	const struct dither_user *user;
	u64 number;  /* they count up */
	bool called; /* .work is the kernel's until then */
	bool reported;
};

static struct waiting waiting[WAITING_MAX];
static atomic64_t waiting_number;
static DECLARE_BITMAP(waiting_used, WAITING_MAX);
static atomic_t waiting_count;

bool dither_mapping_emit(struct dither_session *session,
			 struct dither_map *record)
{
	if (!dither_filter_passes(&session->filter, record->tgid))
		return true;
	record->time = ktime_get_mono_fast_ns();
	return dither_output_emit(session, &record->header, record->time);
}

/* Only what is within a session's budget is worth to be described. */
static void tell_all(struct dither_map_record *record,
		     const struct dither_mapping *mapping)
{
	const struct dither_record *header = &record->map.header;
	const u32 paid = dither_map_record_expect(record);
	const u64 now = record->map.time;
	struct dither_session *session;

	rcu_read_lock();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		if (!dither_filter_passes(&session->filter, record->map.tgid) ||
		    !dither_output_admit(session, header, paid, now))
			continue;
		dither_map_record_describe(record, mapping);
		if (!dither_output_emit_paid(session, header, paid, now))
			dither_output_lose(session, DITHER_LOST_PROCESS);
	}
	rcu_read_unlock();
}

static void count_unreported(void)
{
	struct dither_session *session;

	rcu_read_lock();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		if (dither_filter_passes(&session->filter, current->tgid))
			dither_output_lose(session, DITHER_LOST_MAPPING);
	}
	rcu_read_unlock();
}

static void release(struct waiting *one)
{
	if (one->mapping.file)
		fput(one->mapping.file);
	WRITE_ONCE(one->owner, NULL);
	/* Whoever takes the place finds it left. */
	smp_mb__before_atomic();
	clear_bit(one - waiting, waiting_used);
	atomic_dec(&waiting_count);
	/* The exit of the module waits for those who are in its text here. */
	module_put(THIS_MODULE);
}

/*
 * The current task's first mapping that is not reported yet; there is one, or
 * @called would not have been.
 */
static struct waiting *oldest(struct waiting *called)
{
	struct waiting *found = NULL;
	unsigned long place;

	/* Then there is no other. */
	if (atomic_read(&waiting_count) == 1 && !called->reported)
		return called;
	for_each_set_bit(place, waiting_used, WAITING_MAX) {
		struct waiting *one = &waiting[place];

		if (READ_ONCE(one->owner) == current && !one->reported &&
		    (!found || one->number < found->number))
			found = one;
	}
	return found;
}

/* Whether the current task has no mapping on its way any more. */
static bool none_waits(void)
{
	unsigned long place;

	if (!atomic_read(&waiting_count))
		return true;
	for_each_set_bit(place, waiting_used, WAITING_MAX) {
		if (READ_ONCE(waiting[place].owner) == current)
			return false;
	}
	return true;
}

/*
 * Whether a range of the unwinder's is mapped as it was, or, of generated code,
 * which is many mappings, anything is; the mmap lock is held.
 */
static bool is_there(const struct dither_range *range, void *mm)
{
	const struct vm_area_struct *vma = find_vma(mm, range->start);
	u64 offset;

	if (!range->file)
		return vma && vma->vm_start < range->end;
	if (!vma || vma->vm_start > range->start || !(vma->vm_flags & VM_EXEC))
		return false;
	if (!vma->vm_file)
		return range->file->identity.vdso;
	offset = ((u64)vma->vm_pgoff << PAGE_SHIFT) + range->start -
		 vma->vm_start;
	return offset == range->offset;
}

/* The lock is held for a few ranges at a time. */
static u32 are_there(const struct dither_range *ranges, u32 count, void *mm)
{
	u32 there = 0;
	u32 i;

	mmap_read_lock(mm);
	for (i = 0; i < count; i++) {
		if (is_there(&ranges[i], mm))
			there |= 1U << i;
	}
	mmap_read_unlock(mm);
	return there;
}

static void report_one(struct dither_map_record *record,
		       const struct dither_mapping *mapping, u64 now)
{
	const struct dither_range_check check = { are_there, current->mm };
	const struct dither_identity *identity;

	dither_map_record_begin(record, mapping, current->mm);
	record->map.time = now;
	tell_all(record, mapping);
	identity = dither_map_record_identity(record);
	/* A file's first record names it to who asks for its table. */
	if (!dither_file_mapping(record->known))
		dither_map_record_describe(record, mapping);
	/* Programs that load and unload libraries leave ranges behind. */
	if (dither_process_maps_map(&record->map, identity, record->known))
		dither_process_maps_prune(current->tgid, &check);
	dither_map_record_end(record);
}

/*
 * On the task's way back to user mode, once for each of its mappings, but not
 * in their order, which matters where they overlap: so each call reports
 * whichever is next.
 */
static void report(struct callback_head *work)
{
	struct waiting *called = container_of(work, struct waiting, work);
	const struct dither_stint stint = dither_stint_begin();
	struct dither_map_record *record = NULL;
	struct waiting *next = oldest(called);

	if (WARN_ON_ONCE(!next))
		return;
	/* A task that exits has no root to name files from. */
	if (!(current->flags & PF_EXITING))
		record = dither_map_record_new();
	if (record) {
		report_one(record, &next->mapping, stint.begun);
		dither_map_record_free(record);
	} else {
		count_unreported();
	}
	next->reported = true;
	called->called = true;
	if (called != next && called->reported)
		release(called);
	if (next->called)
		release(next);
	dither_return_cost_count(none_waits());
	dither_stint_end(stint);
	if (unlikely(READ_ONCE(dither_return_cost.left)))
		dither_return_cost_measure();
}

/*
 * When places get scarce, one task has no more than its part, as it may map
 * thousands in one system call and wait there, and no user either.
 */
static bool takes_too_many(const struct dither_user *user)
{
	unsigned int own = 0, users = 0;
	unsigned long place;

	if (atomic_read(&waiting_count) < WAITING_MAX / 2)
		return false;
	for_each_set_bit(place, waiting_used, WAITING_MAX) {
		own += READ_ONCE(waiting[place].owner) == current;
		users += READ_ONCE(waiting[place].user) == user;
	}
	return own >= WAITING_MAX / 8 || users >= WAITING_MAX / 4;
}

/* A free place, or NULL. Atomic context, under RCU. */
static struct waiting *take_place(void)
{
	/* Those whom nothing here is charged to count as one. */
	const struct dither_user *user = dither_user_known(current);
	unsigned long place;

	if (takes_too_many(user) || !try_module_get(THIS_MODULE))
		return NULL;
	do {
		place = find_first_zero_bit(waiting_used, WAITING_MAX);
		if (place >= WAITING_MAX) {
			module_put(THIS_MODULE);
			return NULL;
		}
	} while (test_and_set_bit(place, waiting_used));
	atomic_inc(&waiting_count);
	WRITE_ONCE(waiting[place].user, user);
	return &waiting[place];
}

/* Under RCU. */
static bool anyone_wants(u32 tgid)
{
	struct dither_session *session;

	list_for_each_entry_rcu(session, &dither_running, running_link) {
		if (dither_filter_passes(&session->filter, tgid))
			return true;
	}
	return false;
}

static void note_mapping(struct vm_area_struct *vma)
{
	struct waiting *one = take_place();

	if (!one) {
		count_unreported();
		return;
	}
	dither_mapping_of(&one->mapping, vma, current);
	one->number = atomic64_inc_return(&waiting_number);
	one->called = false;
	one->reported = false;
	WRITE_ONCE(one->owner, current);
	init_task_work(&one->work, report);
	/* Refused only by a task that exits and will run nothing there. */
	if (task_work_add(current, &one->work, TWA_RESUME))
		release(one);
}

/* perf_event_mmap(vma), in the mapping task with its mmap lock held. */
static int probe_mmap(struct kprobe *probe, struct pt_regs *regs)
{
	struct vm_area_struct *vma = (void *)dither_argument(regs, 0);
	struct dither_stint stint;

	dither_kprobe_cost_count();
	if (!(vma->vm_flags & VM_EXEC))
		return 0;
	stint = dither_stint_begin();
	rcu_read_lock();
	if (anyone_wants(current->tgid))
		note_mapping(vma);
	rcu_read_unlock();
	dither_stint_end(stint);
	return 0;
}

static struct dither_kprobe mmap_probe = {
	.function = "perf_event_mmap",
	.handler = probe_mmap,
};

int dither_mapping_watch(void)
{
	int error = dither_kprobe_attach(&mmap_probe);

	if (!error)
		dither_kprobe_cost_watch();
	return error;
}

bool dither_mapping_can_watch(void)
{
	return dither_kprobe_possible(&mmap_probe);
}

void dither_mapping_unwatch(void)
{
	dither_kprobe_detach(&mmap_probe);
	dither_kprobe_cost_unwatch();
}

void dither_mapping_drain(void)
{
	dither_synchronize_tasks();
	dither_return_cost_end();
}
