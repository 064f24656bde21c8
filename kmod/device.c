// SPDX-License-Identifier: GPL-2.0
/*
 * The char device: every byte that user space hands over is checked here, so
 * that the rest of the module deals with sane values only.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "arch.h"
#include "clock.h"
#include "compat/fs.h"
#include "compat/mm.h"
#include "device.h"
#include "mapping.h"
#include "procs.h"
#include "session.h"

static unsigned int default_budget_ppm;

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

/*
 * Take the caller's version of a structure that begins with its own size;
 * *user_size is how much of ours may be written back.
 */
static int take(void *ours, size_t size, const void __user *theirs,
		u32 *user_size)
{
	if (get_user(*user_size, (const u32 __user *)theirs))
		return -EFAULT;
	if (*user_size < sizeof(u32))
		return -EINVAL;
	if (*user_size > PAGE_SIZE)
		return -E2BIG;
	return copy_struct_from_user(ours, size, theirs, *user_size);
}

static int give(void __user *theirs, const void *ours, size_t size,
		u32 user_size)
{
	return copy_to_user(theirs, ours, min_t(size_t, size, user_size)) ?
		       -EFAULT :
		       0;
}

u32 dither_device_features(void)
{
	u32 features = DITHER_FEATURE_KERNEL_STACK;

	if (DITHER_ARCH_USER_FRAMES)
		features |= DITHER_FEATURE_USER_STACK;
	if (DITHER_ARCH_LINK_REGISTER)
		features |= DITHER_FEATURE_LINK_REGISTER;
	if (dither_clock_has_idle_hook())
		features |= DITHER_FEATURE_IDLE_HOOK;
	if (dither_mapping_can_watch())
		features |= DITHER_FEATURE_MAPS;
	return features;
}

static int ioctl_info(void __user *argument)
{
	struct dither_info info;
	u32 user_size;
	int error;

	error = take(&info, sizeof(info), argument, &user_size);
	if (error)
		return error;
	if (info.reserved)
		return -EINVAL;
	info.abi_major = DITHER_ABI_MAJOR;
	info.abi_minor = DITHER_ABI_MINOR;
	info.features = dither_device_features();
	info.cpus = nr_cpu_ids;
	info.page_size = PAGE_SIZE;
	return give(argument, &info, sizeof(info), user_size);
}

static int check_config(struct dither_config *config)
{
	const u32 both = DITHER_F_USER_ONLY | DITHER_F_KERNEL_ONLY;

	if (config->flags & ~DITHER_F_ALL || (config->flags & both) == both)
		return -EINVAL;
	if (config->policy >= DITHER_POLICY_COUNT)
		return -EINVAL;
	if (config->jitter_ppm > (config->policy == DITHER_POLICY_UNIFORM ?
					  DITHER_JITTER_MAX_PPM :
					  0))
		return -EINVAL;
	if (config->period_ns < DITHER_PERIOD_MIN_NS ||
	    config->period_ns > DITHER_PERIOD_MAX_NS)
		return -EINVAL;
	if (config->nr_events || config->events)
		return -EINVAL;

	if (!config->ring_bytes)
		config->ring_bytes = 1U << 20;
	if (!is_power_of_2(config->ring_bytes) ||
	    config->ring_bytes < max_t(u32, DITHER_RING_MIN, PAGE_SIZE) ||
	    config->ring_bytes > DITHER_RING_MAX)
		return -EINVAL;
	if (!config->watermark)
		config->watermark = config->ring_bytes / 4;
	if (config->watermark > config->ring_bytes)
		return -EINVAL;
	if (!config->wakeup_ms)
		config->wakeup_ms = 100;
	if (!config->budget_ppm)
		config->budget_ppm = default_budget_ppm;
	if (config->budget_ppm > DITHER_BUDGET_MAX_PPM)
		return -EINVAL;
	if (!config->max_depth)
		config->max_depth = DITHER_DEPTH_DEFAULT;
	if (config->max_depth > DITHER_DEPTH_MAX)
		return -EINVAL;
	if (config->nr_pids > DITHER_PIDS_MAX)
		return -EINVAL;
	if (config->flags & DITHER_F_SEED)
		return 0;
	config->seed = get_random_u64();
	return 0;
}

/* From the caller's namespace to the initial one. */
static int translate_pid(u32 *number)
{
	struct task_struct *task;

	rcu_read_lock();
	task = pid_task(find_vpid(*number), PIDTYPE_PID);
	*number = task ? task_tgid_nr(task) : 0;
	rcu_read_unlock();
	return *number ? 0 : -ESRCH;
}

/* NULL when there are none; kfree() the result. */
static u32 *take_pids(const struct dither_config *config)
{
	u32 *pids;
	u32 i;

	if (!config->nr_pids)
		return NULL;
	pids = memdup_user(u64_to_user_ptr(config->pids),
			   config->nr_pids * sizeof(*pids));
	if (IS_ERR(pids))
		return pids;
	for (i = 0; i < config->nr_pids; i++) {
		int error = translate_pid(&pids[i]);

		if (error) {
			kfree(pids);
			return ERR_PTR(error);
		}
	}
	return pids;
}

static int take_mask(const struct dither_config *config, struct cpumask *mask)
{
	u32 byte;

	if (!config->cpumask) {
		if (config->cpumask_bytes)
			return -EINVAL;
		cpumask_copy(mask, cpu_possible_mask);
		return 0;
	}
	if (!config->cpumask_bytes || config->cpumask_bytes > PAGE_SIZE)
		return -EINVAL;
	cpumask_clear(mask);
	for (byte = 0; byte < config->cpumask_bytes; byte++) {
		u8 __user *from = u64_to_user_ptr(config->cpumask);
		unsigned int bit;
		u8 bits;

		if (get_user(bits, from + byte))
			return -EFAULT;
		for (bit = 0; bit < 8; bit++) {
			if (!(bits & (1 << bit)))
				continue;
			if (byte * 8 + bit >= nr_cpu_ids)
				return -EINVAL;
			cpumask_set_cpu(byte * 8 + bit, mask);
		}
	}
	return cpumask_empty(mask) ? -EINVAL : 0;
}

static int ioctl_configure(struct dither_session *session, void __user *argument)
{
	struct dither_config *config = &session->config;
	cpumask_var_t mask;
	u32 user_size;
	u32 *pids;
	int error;

	if (session->configured)
		return -EBUSY;
	error = take(config, sizeof(*config), argument, &user_size);
	if (error)
		return error;
	error = check_config(config);
	if (error)
		return error;
	if (!(config->flags & DITHER_F_USER_ONLY)) {
		error = security_locked_down(LOCKDOWN_PERF);
		if (error)
			return error;
	}

	if (!alloc_cpumask_var(&mask, GFP_KERNEL))
		return -ENOMEM;
	error = take_mask(config, mask);
	if (error)
		goto err_mask;
	pids = take_pids(config);
	if (IS_ERR(pids)) {
		error = PTR_ERR(pids);
		goto err_mask;
	}
	/* First: what fails changes nothing, but perhaps the caller's copy. */
	error = give(argument, config, sizeof(*config), user_size);
	if (!error)
		error = dither_session_configure(session, pids, mask);
	kfree(pids);
err_mask:
	free_cpumask_var(mask);
	return error;
}

static int ioctl_start(struct dither_session *session)
{
	if (!session->configured || session->stopped)
		return -EINVAL;
	if (session->running)
		return -EBUSY;
	return dither_session_start(session);
}

static int ioctl_stop(struct dither_session *session)
{
	return session->running ? dither_session_stop(session) : -EINVAL;
}

static int ioctl_snapshot(struct dither_session *session, void __user *argument)
{
	struct dither_snapshot snapshot;
	int error, result;
	u32 user_size;

	if (!session->running)
		return -EINVAL;
	error = take(&snapshot, sizeof(snapshot), argument, &user_size);
	if (error)
		return error;
	if (user_size < sizeof(snapshot))
		return -EINVAL;
	result = dither_procs_snapshot(session, &snapshot);
	if (result < 0)
		return result;
	error = give(argument, &snapshot, sizeof(snapshot), user_size);
	return error ? error : result;
}

static int ioctl_ledger(struct dither_session *session, void __user *argument)
{
	struct dither_ledger ledger;
	u32 user_size;
	int error;

	if (!session->configured)
		return -EINVAL;
	error = take(&ledger, sizeof(ledger), argument, &user_size);
	if (error)
		return error;
	error = dither_session_ledger(session, &ledger);
	if (error)
		return error;
	return give(argument, &ledger, sizeof(ledger), user_size);
}

static long device_ioctl(struct file *file, unsigned int command,
			 unsigned long argument)
{
	struct dither_session *session = file->private_data;
	void __user *pointer = (void __user *)argument;
	int result;

	/*
	 * By number alone: the size that the command also carries changes when
	 * a structure grows, which take() deals with.
	 */
	if (_IOC_TYPE(command) != DITHER_IOC_MAGIC)
		return -ENOTTY;
	if (_IOC_NR(command) == _IOC_NR(DITHER_IOC_INFO))
		return ioctl_info(pointer);
	if (mutex_lock_interruptible(&session->lock))
		return -ERESTARTSYS;
	switch (_IOC_NR(command)) {
	case _IOC_NR(DITHER_IOC_CONFIGURE):
		result = ioctl_configure(session, pointer);
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

/* Bytes that wait in the rings; *full: one is at its watermark. */
static u64 unread(const struct dither_session *session, bool *full)
{
	unsigned int number;
	u64 all = 0;

	*full = false;
	for (number = 0; number < session->nr_cpus; number++) {
		const struct dither_cpu *cpu = session->cpus[number];
		u32 bytes;

		if (!cpu)
			continue;
		bytes = READ_ONCE(cpu->ring.head) -
			READ_ONCE(cpu->tail_page->tail);
		*full |= bytes >= cpu->ring.watermark;
		all += bytes;
	}
	return all;
}

/*
 * Readable at a ring's watermark, or, once its deadline has passed or the
 * session has stopped, as long as there is anything: not with every record,
 * which would wake the reader for each.
 */
static __poll_t device_poll(struct file *file, poll_table *wait)
{
	struct dither_session *session = file->private_data;
	bool full, wanted;

	poll_wait(file, &session->readers, wait);
	/* Pairs with the release at the end of CONFIGURE. */
	if (!smp_load_acquire(&session->configured))
		return 0;
	/* Taken before looking: what comes later asks again. */
	wanted = atomic_xchg(&session->wanted, 0);
	if (unread(session, &full)) {
		if (wanted)
			atomic_set(&session->wanted, 1);
		if (wanted || full || READ_ONCE(session->stopped))
			return EPOLLIN | EPOLLRDNORM;
	}
	return READ_ONCE(session->stopped) ? EPOLLHUP : 0;
}

static int map_tail(struct dither_cpu *cpu, struct vm_area_struct *vma)
{
	if (vma->vm_end - vma->vm_start != PAGE_SIZE)
		return -EINVAL;
	return remap_vmalloc_range(vma, cpu->tail_page, 0);
}

static int map_data(struct dither_cpu *cpu, struct vm_area_struct *vma)
{
	if (vma->vm_end - vma->vm_start != PAGE_SIZE + cpu->ring.size)
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	vm_flags_mod(vma, 0, VM_MAYWRITE);
	return remap_vmalloc_range(vma, cpu->head_page, 0);
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

int dither_device_init(unsigned int budget_ppm)
{
	default_budget_ppm = budget_ppm;
	return misc_register(&device);
}

void dither_device_uninit(void)
{
	misc_deregister(&device);
}
