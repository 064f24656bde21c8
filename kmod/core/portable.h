/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files that user space compiles, too, need of their surroundings, in
 * the kernel's words. In the kernel these are the kernel's own; in user space,
 * for tests and the replay of a recording, they are built from the compiler's
 * atomics.
 *
 * "Local" operations are atomic against whatever interrupts this CPU, and
 * against nothing else: in user space a signal handler takes that part.
 */
#ifndef DITHER_PORTABLE_H
#define DITHER_PORTABLE_H

#ifdef __KERNEL__

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/nospec.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/local.h>

#else

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#define READ_ONCE(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value) __atomic_store_n(&(x), (value), __ATOMIC_RELAXED)
/* Speculation is of no interest here. */
#define array_index_nospec(index, size) (index)
#define barrier() __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_load_acquire(pointer) __atomic_load_n(pointer, __ATOMIC_ACQUIRE)
#define smp_store_release(pointer, value) \
	__atomic_store_n(pointer, (value), __ATOMIC_RELEASE)
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif
#define noinline __attribute__((noinline))

typedef struct {
	int count;
} refcount_t;

static inline void refcount_set(refcount_t *references, int count)
{
	__atomic_store_n(&references->count, count, __ATOMIC_RELAXED);
}

static inline int refcount_read(const refcount_t *references)
{
	return __atomic_load_n(&references->count, __ATOMIC_RELAXED);
}

static inline void refcount_inc(refcount_t *references)
{
	__atomic_fetch_add(&references->count, 1, __ATOMIC_RELAXED);
}

static inline bool refcount_dec_and_test(refcount_t *references)
{
	return __atomic_fetch_sub(&references->count, 1, __ATOMIC_ACQ_REL) == 1;
}

struct llist_node {
	struct llist_node *next;
};

#define min_t(type, a, b) \
	({ type a_ = (a), b_ = (b); a_ < b_ ? a_ : b_; })

static inline u32 cmpxchg_local(u32 *where, u32 old, u32 new)
{
	__atomic_compare_exchange_n(where, &old, new, false, __ATOMIC_RELAXED,
				    __ATOMIC_RELAXED);
	return old;
}

typedef struct {
	long value;
} local_t;

static inline void local_add(long amount, local_t *local)
{
	__atomic_fetch_add(&local->value, amount, __ATOMIC_RELAXED);
}

static inline long local_read(local_t *local)
{
	return READ_ONCE(local->value);
}

static inline long local_xchg(local_t *local, long value)
{
	return __atomic_exchange_n(&local->value, value, __ATOMIC_RELAXED);
}

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

static inline u64 div_u64(u64 dividend, u32 divisor)
{
	return dividend / divisor;
}

/* Position of the highest set bit, counted from 1; 0 for 0. */
static inline int fls64(u64 value)
{
	return value ? 64 - __builtin_clzll(value) : 0;
}

#endif
#endif
