/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's words in user space, for the module's sampler and unwinders as
 * tests/walks compiles them: x86-64, one CPU, no other thread. Included before
 * everything else; the kernel's own headers are empty files there (see run).
 *
 * User memory, what may be read of it and when, is the model of memory.h.
 */
#ifndef WALKS_KERNEL_H
#define WALKS_KERNEL_H

#include <stdio.h>
#include <stdlib.h>

#include "../../kmod/core/portable.h"

#define CONFIG_X86_64 1

#define __user
#define __percpu
#define __rcu
#define fallthrough __attribute__((fallthrough))
#define IS_ENABLED(option) 0
#define OPTIMIZER_HIDE_VAR(value) __asm__("" : "+r"(value))
#define U32_MAX 0xffffffffU
#define SZ_64K 0x10000UL
#define PAGE_SIZE 4096UL
#define TASK_SIZE_MAX ((1UL << 47) - PAGE_SIZE)
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))
#define LINUX_VERSION_CODE KERNEL_VERSION(6, 1, 0)
#define CONFIG_HZ 250
#define HZ CONFIG_HZ

/* Registers, as arch.h asks for them. */
struct pt_regs {
	unsigned long ax, bx, cx, dx, si, di, bp, sp, ip;
	unsigned long r8, r9, r10, r11, r12, r13, r14, r15;
	bool user;
	bool compat;
};

#define instruction_pointer(regs) ((regs)->ip)
#define user_stack_pointer(regs) ((regs)->sp)
#define user_mode(regs) ((regs)->user)
#define user_64bit_mode(regs) (!(regs)->compat)
#define regs_get_kernel_argument(regs, number) ((regs)->di)

/* Tasks. */
struct mm_struct {
	void *pgd;
	struct {
		void *vdso;
	} context;
};

struct task_struct {
	int pid;
	int tgid;
	unsigned int flags;
	struct mm_struct *mm;
	struct mm_struct *active_mm;
	struct pt_regs regs;
};

extern struct task_struct *current;
extern unsigned long read_cr3_pa(void);

#define PF_KTHREAD 0x00200000
#define PF_IO_WORKER 0x10
#define PF_USER_WORKER 0x4000
#define TIF_ADDR32 29
#define __pa(address) ((unsigned long)(address))
#define task_pt_regs(task) (&(task)->regs)
#define test_tsk_thread_flag(task, flag) ((task)->regs.compat)
#define is_idle_task(task) (!(task)->pid)

/* Contexts. */
bool in_nmi(void);
u64 ktime_get_mono_fast_ns(void);
#define get_cycles() ktime_get_mono_fast_ns()

#define rcu_read_lock() ((void)0)
#define rcu_read_unlock() ((void)0)
#define rcu_dereference(pointer) READ_ONCE(pointer)
#define rcu_dereference_protected(pointer, condition) (pointer)
#define alloc_percpu(type) ((type *)calloc(1, sizeof(type)))
#define free_percpu(pointer) free(pointer)
#define this_cpu_ptr(pointer) (pointer)

#define GFP_KERNEL 0
#define __GFP_NOWARN 0
#define kvzalloc_node(bytes, flags, node) calloc(1, bytes)

/* What structures are made of that nothing here looks into. */
struct hrtimer {
	int unused;
};
struct irq_work {
	int unused;
};
struct mutex {
	int unused;
};
struct work_struct {
	int unused;
};
struct delayed_work {
	int unused;
};
struct cpumask {
	int unused;
};
struct list_head {
	struct list_head *next, *prev;
};
struct hlist_node {
	struct hlist_node *next, **pprev;
};
struct hlist_head {
	struct hlist_node *first;
};
struct rcu_head {
	void *unused;
};
struct rb_root {
	void *unused;
};
struct rb_node {
	void *unused;
};
typedef struct {
	int unused;
} wait_queue_head_t;
typedef struct {
	int unused;
} spinlock_t;
typedef struct {
	int unused;
} raw_spinlock_t;
typedef struct {
	int value;
} atomic_t;
typedef struct {
	s64 value;
} atomic64_t;
typedef struct {
	s64 value;
} local64_t;

#define ____cacheline_aligned
#define task_pid_nr_ns(task, namespace) ((task)->pid)
#define task_tgid_nr_ns(task, namespace) ((task)->tgid)
#define atomic_inc(counter) ((void)(counter)->value++)
#define atomic_read(counter) ((counter)->value)
#define atomic_cmpxchg(counter, old, new) \
	((counter)->value == (int)(old) ? (counter)->value = (new), (int)(old) : \
					  (counter)->value)
#define irq_work_queue(work) ((void)(work))
#define local64_inc(count) ((void)(count)->value++)
#define local64_add(amount, count) ((void)((count)->value += (amount)))
#define local64_read(count) ((count)->value)
#define local_inc(count) local_add(1, count)
#define jiffies 0UL

static inline bool test_bit(unsigned long bit, const unsigned long *bits)
{
	return bits[bit / 64] >> bit % 64 & 1;
}

static inline u64 hash_long(u64 value, unsigned int bits)
{
	return value * 0x61c8864680b583ebULL >> (64 - bits);
}

/* User memory. */
unsigned long memory_clamp(unsigned long index, unsigned long size);
bool memory_open(unsigned long at, size_t bytes);
void memory_close(void);
bool memory_read(unsigned long at, size_t bytes, void *value);
void pagefault_disable(void);
void pagefault_enable(void);

#undef array_index_nospec
#define array_index_nospec(index, size) memory_clamp(index, size)
#define user_access_begin(at, bytes) memory_open((unsigned long)(at), bytes)
#define user_access_end() memory_close()
#define unsafe_get_user(value, at, fault)                                   \
	do {                                                                \
		__typeof__(*(at)) got_;                                     \
                                                                            \
		if (!memory_read((unsigned long)(at), sizeof(got_), &got_)) \
			goto fault;                                         \
		(value) = got_;                                             \
	} while (0)

#endif
