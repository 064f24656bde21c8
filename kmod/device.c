// SPDX-License-Identifier: GPL-2.0
/*
 * The char device: every byte that user space hands over is checked here, so
 * that the rest of the module deals with sane values only.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/vmalloc.h>

#include "arch.h"
#include "compat/fs.h"
#include "compat/mm.h"
#include "config.h"
#include "device.h"
#include "idle.h"
#include "kernel_code.h"
#include "ledger.h"
#include "mapping.h"
#include "overhead.h"
#include "pmu.h"
#include "process_records.h"
#include "process_table.h"
#include "session.h"
#include "session_cpus.h"
#include "table_registry.h"
#include "user_copy.h"

static int device_open(struct inode *inode, struct file *file)
{
	struct dither_session *session;

	if (!perfmon_capable())
		return -EPERM;
	session = dither_session_new();
	if (IS_ERR(session))
		return PTR_ERR(session);
	file->private_data = session;
	dither_allow_all_offsets(file);
	return 0;
}

static int device_release(struct inode *inode, struct file *file)
{
	dither_session_free(file->private_data);
	return 0;
}

u32 dither_device_features(void)
{
	u32 features = DITHER_FEATURE_KERNEL_STACK;

	if (DITHER_ARCH_USER_FRAMES)
		features |= DITHER_FEATURE_USER_STACK;
	if (DITHER_ARCH_LINK_REGISTER)
		features |= DITHER_FEATURE_LINK_REGISTER;
	if (dither_idle_can_watch())
		features |= DITHER_FEATURE_IDLE_HOOK;
	if (dither_mapping_can_watch())
		features |= DITHER_FEATURE_MAPS;
	if (dither_code_bpf_can_watch())
		features |= DITHER_FEATURE_CODE;
	if (dither_pmu_has_hardware())
		features |= DITHER_FEATURE_PMU;
	if (DITHER_ARCH_TABLES)
		features |= DITHER_FEATURE_UNWIND_TABLES;
	/* Else it is a tick. */
	if (hrtimer_resolution == 1)
		features |= DITHER_FEATURE_HIGH_RES;
	return features;
}

static int ioctl_info(void __user *argument)
{
	struct dither_info info;
	u32 user_size;
	int error;

	error = dither_copy_from_user(&info, sizeof(info), argument,
				      &user_size);
	if (error)
		return error;
	if (info.reserved || info.reserved2)
		return -EINVAL;
	info.abi_major = DITHER_ABI_MAJOR;
	info.abi_minor = DITHER_ABI_MINOR;
	info.features = dither_device_features();
	info.cpus = nr_cpu_ids;
	info.page_size = PAGE_SIZE;
	info.memory_max = dither_session_memory_max();
	info.timer_ns = hrtimer_resolution;
	return dither_copy_to_user(argument, &info, sizeof(info), user_size);
}

static int ioctl_start(struct dither_session *session)
{
	int error;

	if (!session->configured || session->stopped)
		return -EINVAL;
	if (session->running)
		return -EBUSY;
	/* The machine may have been locked down since CONFIGURE. */
	error = dither_config_allowed(&session->config);
	return error ? error : dither_session_start(session);
}

static int ioctl_stop(struct dither_session *session)
{
	return session->running ? dither_session_stop(session) : -EINVAL;
}

static int ioctl_snapshot(struct dither_session *session, void __user *argument)
{
	struct dither_snapshot snapshot;
	struct dither_stint stint;
	int error, result;
	u32 user_size;

	if (!session->running)
		return -EINVAL;
	if (!perfmon_capable())
		return -EACCES;
	error = dither_copy_from_user(&snapshot, sizeof(snapshot), argument,
				      &user_size);
	if (error)
		return error;
	if (user_size < offsetofend(struct dither_snapshot, cursor))
		return -EINVAL;
	stint = dither_stint_begin();
	result = dither_procs_snapshot(session, &snapshot);
	dither_stint_end(stint);
	if (result < 0)
		return result;
	error = dither_copy_to_user(argument, &snapshot, sizeof(snapshot),
				    user_size);
	return error ? error : result;
}

static int ioctl_ledger(struct dither_session *session, void __user *argument)
{
	struct dither_ledger ledger;
	u32 user_size;
	int error;

	if (!session->configured)
		return -EINVAL;
	error = dither_copy_from_user(&ledger, sizeof(ledger), argument,
				      &user_size);
	if (error)
		return error;
	error = dither_ledger_fill(session, &ledger);
	if (error)
		return error;
	return dither_copy_to_user(argument, &ledger, sizeof(ledger),
				   user_size);
}

static int ioctl_table(void __user *argument)
{
	struct dither_table_image request;
	u32 user_size;
	int error;

	error = dither_copy_from_user(&request, sizeof(request), argument,
				      &user_size);
	if (error)
		return error;
	if (request.flags || request.reserved)
		return -EINVAL;
	if (!perfmon_capable())
		return -EACCES;
	if (!DITHER_ARCH_TABLES)
		return -EOPNOTSUPP;
	return dither_tables_take(&request);
}

static int ioctl_tables(void __user *argument)
{
	struct dither_tables tables;
	u32 user_size;
	int error;

	error = dither_copy_from_user(&tables, sizeof(tables), argument,
				      &user_size);
	if (error)
		return error;
	dither_tables_count(&tables);
	tables.evicted = dither_processes_evicted();
	return dither_copy_to_user(argument, &tables, sizeof(tables),
				   user_size);
}

static long device_ioctl(struct file *file, unsigned int command,
			 unsigned long argument)
{
	struct dither_session *session = file->private_data;
	void __user *pointer = (void __user *)argument;
	int result;

	/*
	 * By number alone: the size that the command also carries changes when
	 * a structure grows, which dither_copy_from_user() deals with.
	 */
	if (_IOC_TYPE(command) != DITHER_IOC_MAGIC)
		return -ENOTTY;
	/* These are not about the session. */
	switch (_IOC_NR(command)) {
	case _IOC_NR(DITHER_IOC_INFO):
		return ioctl_info(pointer);
	case _IOC_NR(DITHER_IOC_TABLE):
		return ioctl_table(pointer);
	case _IOC_NR(DITHER_IOC_TABLES):
		return ioctl_tables(pointer);
	}
	if (mutex_lock_interruptible(&session->lock))
		return -ERESTARTSYS;
	switch (_IOC_NR(command)) {
	case _IOC_NR(DITHER_IOC_CONFIGURE):
		result = dither_config_take(session, pointer);
		break;
	case _IOC_NR(DITHER_IOC_START):
		result = ioctl_start(session);
		break;
	case _IOC_NR(DITHER_IOC_STOP):
		result = ioctl_stop(session);
		break;
	case _IOC_NR(DITHER_IOC_SNAPSHOT):
		result = ioctl_snapshot(session, pointer);
		break;
	case _IOC_NR(DITHER_IOC_LEDGER):
		result = ioctl_ledger(session, pointer);
		break;
	default:
		result = -ENOTTY;
	}
	mutex_unlock(&session->lock);
	return result;
}

/* Whether there is anything to read in the rings. */
struct unread {
	bool any;
	bool full;		/* a ring is at its watermark */
	u32 tails;		/* the sum of what the reader has moved */
};

/* All rings, a few times for each wake-up: see docs/proof.md. */
static struct unread find_unread(const struct dither_session *session)
{
	struct unread unread = { .any = false };
	unsigned int number;

	for (number = 0; number < session->nr_cpus; number++) {
		const struct dither_cpu *cpu = session->cpus[number];
		u32 tail, bytes;

		if (!cpu)
			continue;
		tail = READ_ONCE(cpu->tail_page->tail);
		bytes = READ_ONCE(cpu->ring.head) - tail;
		unread.tails += tail;
		unread.full |= bytes >= cpu->ring.watermark;
		unread.any |= bytes > 0;
	}
	return unread;
}

/*
 * Once per wake-up: what is written while the reader drains, or right after
 * that, waits for the next one, else a busy machine would never let it sleep.
 * Said again, to epoll as well, until the reader has moved a tail.
 */
static bool is_called(struct dither_session *session, struct unread *unread)
{
	int call;

	/* Taken before looking: what is written later calls again. */
	call = atomic_cmpxchg(&session->call, DITHER_CALL_NEW,
			      DITHER_CALL_ANSWERED);
	*unread = find_unread(session);
	if (call == DITHER_CALL_ANSWERED)
		return READ_ONCE(session->tails) == unread->tails;
	if (call != DITHER_CALL_NEW)
		return false;
	WRITE_ONCE(session->tails, unread->tails);
	if (!unread->any)
		atomic_cmpxchg(&session->call, DITHER_CALL_ANSWERED,
			       DITHER_CALL_NONE);
	return true;
}

/*
 * Readable at a ring's watermark, or when the reader was called; once the
 * session has stopped, as long as there is anything.
 */
static __poll_t device_poll(struct file *file, poll_table *wait)
{
	struct dither_session *session = file->private_data;
	struct unread unread;
	bool called;

	poll_wait(file, &session->readers, wait);
	/* Pairs with the release at the end of CONFIGURE. */
	if (!smp_load_acquire(&session->configured))
		return 0;
	called = is_called(session, &unread);
	if (unread.any &&
	    (called || unread.full || READ_ONCE(session->stopped)))
		return EPOLLIN | EPOLLRDNORM;
	return READ_ONCE(session->stopped) ? EPOLLHUP : 0;
}

/* As remap_vmalloc_range(), which takes what vmalloc_user() made alone. */
static int map_memory(struct vm_area_struct *vma, void *memory)
{
	unsigned long bytes = vma->vm_end - vma->vm_start, at;
	int error = 0;

	for (at = 0; !error && at < bytes; at += PAGE_SIZE)
		error = vm_insert_page(vma, vma->vm_start + at,
				       vmalloc_to_page(memory + at));
	return error;
}

static int map_tail(struct dither_cpu *cpu, struct vm_area_struct *vma)
{
	if (vma->vm_end - vma->vm_start != PAGE_SIZE)
		return -EINVAL;
	return map_memory(vma, cpu->tail_page);
}

static int map_data(struct dither_cpu *cpu, struct vm_area_struct *vma)
{
	if (vma->vm_end - vma->vm_start != PAGE_SIZE + cpu->ring.size)
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	vm_flags_mod(vma, 0, VM_MAYWRITE);
	return map_memory(vma, cpu->head_page);
}

static int device_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct dither_session *session = file->private_data;
	u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	u64 number = offset >> 32;
	struct dither_cpu *cpu;

	/* Not VM_SHARED, which a file opened for reading only never has. */
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	/*
	 * Not under ->lock: START takes it and then the CPU hotplug lock, under
	 * which other code takes mmap locks. ->configured is never taken back;
	 * pairs with the release at the end of CONFIGURE.
	 */
	if (!smp_load_acquire(&session->configured))
		return -EINVAL;
	cpu = dither_session_cpu(session, number);
	if (!cpu)
		return -EINVAL;
	vm_flags_mod(vma, VM_DONTCOPY | VM_DONTEXPAND | VM_DONTDUMP, VM_MAYEXEC);
	if (offset == DITHER_MMAP_TAIL(number))
		return map_tail(cpu, vma);
	if (offset == DITHER_MMAP_DATA(number))
		return map_data(cpu, vma);
	return -EINVAL;
}

static const struct file_operations device_fops = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.poll = device_poll,
	.mmap = device_mmap,
	.llseek = noop_llseek,
	DITHER_FOPS_ALL_OFFSETS
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dither",
	.mode = 0600,
	.fops = &device_fops,
};

int dither_device_init(void)
{
	return misc_register(&device);
}

void dither_device_uninit(void)
{
	misc_deregister(&device);
}
