// SPDX-License-Identifier: GPL-2.0
/*
 * A new mapping is seen where perf is told of it, by a kprobe in atomic
 * context. Names and build-ids need a context that may sleep, so what the
 * probe saw waits, with a reference to the file, until the same task returns
 * to user mode: later than its exec, earlier than its first instruction there.
 */
#include <linux/bitmap.h>
#include <linux/delay.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/ktime.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/task_work.h>

#include "arch.h"
#include "buildid.h"
#include "compat/fs.h"
#include "compat/mm.h"
#include "compat/rcu.h"
#include "mapping.h"
#include "output.h"
#include "probe.h"
#include "session.h"
#include "spaces.h"

/* Mappings on their way to their task's return to user mode, all tasks. */
#define WAITING_MAX 512

struct mapping {
	struct callback_head work;
	struct file *file;	/* NULL: anonymous; a reference is held */
	u64 start;
	u64 length;
	u64 offset;
	u32 tgid;
	u32 tid;
	u8 flags;		/* DITHER_MAP_*, DITHER_RECORD_SNAPSHOT */

	/* Below: of those that wait. */
	struct task_struct *owner;
	u64 number;		/* they count up */
	bool called;		/* .work is the kernel's until then */
	bool reported;
};

static struct mapping waiting[WAITING_MAX];
static atomic64_t waiting_number;
static DECLARE_BITMAP(waiting_used, WAITING_MAX);

struct map_buffer {
	/* struct dither_map and its path */
	u8 record[sizeof(struct dither_map) + PATH_MAX + 8] __aligned(8);
	char name[PATH_MAX];
};

static void fill_mapping(struct mapping *mapping, struct vm_area_struct *vma,
			 struct task_struct *task)
{
	mapping->file = vma->vm_file ? get_file(vma->vm_file) : NULL;
	mapping->start = vma->vm_start;
	mapping->length = vma->vm_end - vma->vm_start;
	mapping->offset = mapping->file ? (u64)vma->vm_pgoff << PAGE_SHIFT : 0;
	mapping->tgid = task->tgid;
	mapping->tid = task->pid;
	mapping->flags = dither_task_compat(task) ? DITHER_MAP_COMPAT : 0;
}

/*
 * From the page cache only, where the first page of a file that is being
 * mapped for execution nearly always is: reading it could wait for a remote or
 * user-made file system, and has consequences for devices.
 */
static void find_build_id(struct dither_map *record, struct file *file)
{
	struct page *page = find_get_page(file->f_mapping, 0);
	u32 length = min_t(u64, record->file_size, DITHER_BUILDID_READ);
	void *bytes;

	if (!page)
		return;
	if (PageUptodate(page)) {
		bytes = kmap_local_page(page);
		record->build_id_size =
			dither_buildid_find(bytes, length, record->build_id);
		kunmap_local(bytes);
	}
	put_page(page);
}

static void describe_file(struct map_buffer *buffer, struct file *file)
{
	struct dither_map *record = (void *)buffer->record;
	struct inode *inode = file_inode(file);
	struct timespec64 mtime = dither_inode_mtime(inode);
	char *path;

	record->inode = inode->i_ino;
	record->dev_major = MAJOR(inode->i_sb->s_dev);
	record->dev_minor = MINOR(inode->i_sb->s_dev);
	record->file_size = i_size_read(inode);
	record->mtime_ns = timespec64_to_ns(&mtime);
	path = d_path(dither_file_path(file), buffer->name, PATH_MAX);
	if (IS_ERR(path))
		path = "//toolong";
	record->path_len = strscpy(record->path, path, PATH_MAX);
	if (S_ISREG(inode->i_mode))
		find_build_id(record, file);
}

static void describe(struct map_buffer *buffer, const struct mapping *mapping,
		     struct mm_struct *mm)
{
	struct dither_map *record = (void *)buffer->record;

	memset(buffer->record, 0, sizeof(buffer->record));
	record->header.type = DITHER_RECORD_MAP;
	record->header.flags = mapping->flags;
	record->header.tid = mapping->tid;
	record->start = mapping->start;
	record->length = mapping->length;
	record->offset = mapping->offset;
	record->tgid = mapping->tgid;
	if (mapping->file) {
		describe_file(buffer, mapping->file);
	} else if (mm && dither_vdso_address(mm) == mapping->start) {
		record->header.flags |= DITHER_MAP_VDSO;
		record->path_len = strscpy(record->path, "[vdso]", PATH_MAX);
	} else {
		record->header.flags |= DITHER_MAP_ANONYMOUS;
		record->path_len = strscpy(record->path, "//anon", PATH_MAX);
	}
	record->header.size = ALIGN(sizeof(*record) + record->path_len + 1, 8);
}

static bool tell(struct dither_session *session, struct dither_map *record)
{
	if (!dither_filter_passes(&session->filter, record->tgid))
		return true;
	record->time = ktime_get_mono_fast_ns();
	return dither_output_tell(session, &record->header, record->time);
}

static void tell_all(struct dither_map *record)
{
	struct dither_session *session;

	rcu_read_lock();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		if (!tell(session, record))
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

static void release(struct mapping *mapping)
{
	if (mapping->file)
		fput(mapping->file);
	WRITE_ONCE(mapping->owner, NULL);
	/* Whoever takes the place finds it left. */
	smp_mb__before_atomic();
	clear_bit(mapping - waiting, waiting_used);
}

/* The current task's first mapping that is not reported yet. */
static struct mapping *oldest(void)
{
	struct mapping *found = NULL;
	unsigned long place;

	for_each_set_bit(place, waiting_used, WAITING_MAX) {
		struct mapping *mapping = &waiting[place];

		if (READ_ONCE(mapping->owner) == current &&
		    !mapping->reported &&
		    (!found || mapping->number < found->number))
			found = mapping;
	}
	return found;
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
	offset = ((u64)vma->vm_pgoff << PAGE_SHIFT) + range->start - vma->vm_start;
	return offset == range->offset;
}

/* Programs that load and unload libraries leave ranges behind. */
static void prune_space(void)
{
	struct mm_struct *mm = current->mm;

	mmap_read_lock(mm);
	dither_space_prune(current->tgid, is_there, mm);
	mmap_read_unlock(mm);
}

/*
 * On the task's way back to user mode, once for each of its mappings, but not
 * in their order, which matters where they overlap: so each call reports
 * whichever is next.
 */
static void report(struct callback_head *work)
{
	struct mapping *called = container_of(work, struct mapping, work);
	struct mapping *next = oldest();
	struct map_buffer *buffer = NULL;

	if (WARN_ON_ONCE(!next))
		return;
	/* A task that exits has no root to name files from. */
	if (!(current->flags & PF_EXITING))
		buffer = kmalloc(sizeof(*buffer), GFP_KERNEL);
	if (buffer) {
		describe(buffer, next, current->mm);
		tell_all((void *)buffer->record);
		if (dither_space_map((void *)buffer->record))
			prune_space();
		kfree(buffer);
	} else {
		count_unreported();
	}
	next->reported = true;
	called->called = true;
	if (next->called)
		release(next);
	if (called != next && called->reported)
		release(called);
}

/*
 * When places get scarce, one task has no more than its part: it may map
 * thousands in one system call, and wait there.
 */
static bool takes_too_many(void)
{
	unsigned int own = 0;
	unsigned long place;

	if (bitmap_weight(waiting_used, WAITING_MAX) < WAITING_MAX / 2)
		return false;
	for_each_set_bit(place, waiting_used, WAITING_MAX)
		own += READ_ONCE(waiting[place].owner) == current;
	return own >= WAITING_MAX / 8;
}

/* A free place, or NULL. Atomic context. */
static struct mapping *take_place(void)
{
	unsigned long place;

	if (takes_too_many())
		return NULL;
	do {
		place = find_first_zero_bit(waiting_used, WAITING_MAX);
		if (place >= WAITING_MAX)
			return NULL;
	} while (test_and_set_bit(place, waiting_used));
	return &waiting[place];
}

static bool anyone_wants(u32 tgid)
{
	struct dither_session *session;
	bool wanted = false;

	rcu_read_lock();
	list_for_each_entry_rcu(session, &dither_running, running_link) {
		if (dither_filter_passes(&session->filter, tgid)) {
			wanted = true;
			break;
		}
	}
	rcu_read_unlock();
	return wanted;
}

/* perf_event_mmap(vma), in the mapping task with its mmap lock held. */
static int probe_mmap(struct kprobe *probe, struct pt_regs *regs)
{
	struct vm_area_struct *vma = (void *)dither_first_argument(regs);
	struct mapping *mapping;

	if (!(vma->vm_flags & VM_EXEC) || !anyone_wants(current->tgid))
		return 0;
	mapping = take_place();
	if (!mapping) {
		count_unreported();
		return 0;
	}
	fill_mapping(mapping, vma, current);
	mapping->number = atomic64_inc_return(&waiting_number);
	mapping->called = false;
	mapping->reported = false;
	WRITE_ONCE(mapping->owner, current);
	init_task_work(&mapping->work, report);
	/* Refused only by a task that exits and will run nothing there. */
	if (task_work_add(current, &mapping->work, TWA_RESUME))
		release(mapping);
	return 0;
}

static struct dither_probe mmap_probe = {
	.function = "perf_event_mmap",
	.handler = probe_mmap,
};

int dither_mapping_watch(void)
{
	return dither_probe_attach(&mmap_probe);
}

bool dither_mapping_can_watch(void)
{
	return dither_probe_possible(&mmap_probe);
}

void dither_mapping_unwatch(void)
{
	dither_probe_detach(&mmap_probe);
}

void dither_mapping_drain(void)
{
	while (!bitmap_empty(waiting_used, WAITING_MAX))
		msleep(20);
	/* A task that has cleared its bit may still be on its last lines. */
	dither_synchronize_tasks();
}

/* The next executable mapping at or after @address; the mmap lock is held. */
static struct vm_area_struct *next_executable(struct mm_struct *mm, u64 address)
{
	struct vm_area_struct *vma;

	for (;;) {
		vma = find_vma(mm, address);
		if (!vma || vma->vm_flags & VM_EXEC)
			return vma;
		address = vma->vm_end;
	}
}

/*
 * Describe the next mapping at or after @address; false: there is none. The
 * unwinder gets to know it under the lock: nothing can come in its place, and
 * be told of, before it. Looking again instead, until nothing has changed
 * meanwhile, would last as long as that process likes.
 */
static bool next_mapping(struct mm_struct *mm, struct task_struct *task,
			 u64 address, bool unwound, struct map_buffer *buffer)
{
	struct vm_area_struct *vma;
	struct mapping mapping;

	mmap_read_lock(mm);
	vma = next_executable(mm, address);
	if (vma) {
		fill_mapping(&mapping, vma, task);
		mapping.flags |= DITHER_RECORD_SNAPSHOT;
		describe(buffer, &mapping, mm);
		if (unwound)
			dither_space_add((void *)buffer->record);
		if (mapping.file)
			fput(mapping.file);
	}
	mmap_read_unlock(mm);
	return vma;
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

/* Where its end was told before this, nothing would come to forget it again. */
static bool begin_space(struct task_struct *task)
{
	bool begun = dither_space_begin(task->tgid);

	if (atomic_read(&task->signal->live))
		return begun;
	dither_space_exit(task->tgid);
	return false;
}

/*
 * Let the unwinder know of all that is mapped: not from a cursor on, which is
 * for who asks to choose, nor only as far as there is room in a ring.
 */
static void learn(struct task_struct *task, struct mm_struct *mm,
		  struct map_buffer *buffer)
{
	struct dither_map *record = (void *)buffer->record;
	u64 address = 0;

	if (!begin_space(task))
		return;
	while (next_mapping(mm, task, address, true, buffer)) {
		if (fatal_signal_pending(current))
			return;
		address = record->start + record->length;
		cond_resched();
	}
	dither_space_complete(task->tgid);
}

int dither_mapping_list(struct dither_session *session,
			struct task_struct *task, u64 *cursor)
{
	struct map_buffer *buffer;
	struct dither_map *record;
	struct mm_struct *mm;
	bool full = false;

	mm = process_mm(task);
	if (!mm)
		return 0;
	buffer = kmalloc(sizeof(*buffer), GFP_KERNEL);
	if (!buffer) {
		mmput(mm);
		return -ENOMEM;
	}
	record = (void *)buffer->record;
	if (session->config.flags & DITHER_F_TABLES)
		learn(task, mm, buffer);
	while (!full && next_mapping(mm, task, *cursor, false, buffer)) {
		full = !tell(session, record);
		if (!full)
			*cursor = record->start + record->length;
		cond_resched();
	}
	kfree(buffer);
	mmput(mm);
	return full;
}
