/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kmod/core/ring.c for a bounded model checker (CBMC): every access to what
 * contexts share is turned into a step, before which an interrupt may come.
 * What it may do, and what is asserted, is the business of the file that
 * includes this.
 *
 * MODE: one of those below.	RING: the file under test.
 */
#ifndef DITHER_RING_STEPS_H
#define DITHER_RING_STEPS_H

#include "../../kmod/core/portable.h"
#include "../../include/dither/abi.h"

#define READ 1	    /* the reader moves the tail forward, to the head at most */
#define HOSTILE 2   /* it writes anything, at any time */
#define OVERWRITE 3 /* there is none, but one that takes a snapshot */
#define CONTENTS 4  /* as READ, and every byte is looked at in the end */

/* Small enough to be full after a few records, and to wrap. */
#define SIZE 128U
#define MESSAGE_MIN 16U

/* Chosen by the checker, in every way. */
_Bool nondet_bool(void);
u32 nondet_u32(void);
u64 nondet_u64(void);

/* An interrupt may come here, before what stands in this line. */
static void step(u32 place);
/* The step between reserve and commit, which is in no line of the ring's. */
#define OUTSIDE 1

/* Loads of the tail: the reader may have moved it. */
static void reader_moves(void);
/* All from and to, these included, is the writer's that runs. */
static void reserve_again(u32 from, u32 to);
/* All before it is the reader's. */
static void publish(u32 head);
/* A record of losses is written. */
static void tell(const struct dither_lost_record *lost);
/* @so, which may be asserted where no interrupt can come: loops end then. */
static bool settled(bool so);

static u32 model_cmpxchg(u32 *where, u32 old, u32 new)
{
	u32 found = *where;

	if (settled(found == old)) {
		reserve_again(old, new);
		*where = new;
		return old;
	}
	return found;
}

static long model_xchg(local_t *local, long amount)
{
	long found = local->value;

	local->value = amount;
	return found;
}

static struct dither_head page;
static struct dither_tail tail_page;
static u64 data[SIZE / 8];

#undef READ_ONCE
#define READ_ONCE(x) (step(__LINE__), (x))
#undef WRITE_ONCE
#define WRITE_ONCE(x, value)                      \
	({                                        \
		__typeof__(x) to_write = (value); \
		step(__LINE__);                   \
		(x) = to_write;                   \
	})
#undef barrier
#define barrier() ((void)0)
#undef smp_wmb
#define smp_wmb() ((void)0)
#undef smp_load_acquire
#define smp_load_acquire(pointer) (step(__LINE__), reader_moves(), *(pointer))
#undef smp_store_release
#define smp_store_release(pointer, value)    \
	({                                   \
		u32 to_store = (value);      \
		step(__LINE__);              \
		if ((pointer) == &page.head) \
			publish(to_store);   \
		*(pointer) = to_store;       \
	})
#define cmpxchg_local(where, old, new) \
	(step(__LINE__), model_cmpxchg(where, old, new))
#define local_add(amount, local) \
	(step(__LINE__), (void)((local)->value += (amount)))
#define local_read(local) (step(__LINE__), (local)->value)
#define local_xchg(local, amount) (step(__LINE__), model_xchg(local, amount))
/* The ring copies nothing but the record of losses. */
#undef memcpy
#define memcpy(to, from, bytes) \
	(tell(from), *(struct dither_lost_record *)(to) = *(from))
/* Of the conditions that are likely, the one that ends the loop in leave(). */
#undef likely
#define likely(x) (sizeof(__func__) == sizeof("leave") ? settled(x) : (x))

/* Causes are counted alike: a few will do. */
#define DITHER_LOST_COUNT CAUSES

#include RING

static struct dither_ring ring;

/* Of every reservation, asserted before it is made. */
static void room_is_free(u32 from, u32 to)
{
	__CPROVER_assert(to - from <= SIZE && to - from >= MESSAGE_MIN,
			 "a reservation is as large as what it is for");
	/* A hostile tail may be a head that is just being published. */
	__CPROVER_assert(to - ring.head <= SIZE &&
				 (MODE == HOSTILE || to - page.head <= SIZE),
			 "what is not published is not written over");
	if (MODE == READ || MODE == CONTENTS)
		__CPROVER_assert(to - tail_page.tail <= SIZE,
				 "what is not read is not written over");
}

#endif
