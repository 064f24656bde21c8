// SPDX-License-Identifier: GPL-2.0
/*
 * A hash table from thread number to name. Threads stay in it after their
 * exit: samples of the last instants may come later, and a number that is
 * used again begins with a fork.
 */
#include "thread_names.h"

#include <stdlib.h>

#include "../../include/dither/abi.h"
#include "../base/alloc.h"

struct thread {
	uint32_t tid;
	uint32_t tgid;
	uint32_t name;
	uint32_t used;
	uint32_t forgets; /* of its class, when it was set */
};

struct threads {
	struct thread *slots;
	size_t slot_count; /* a power of two, at least twice count */
	size_t count;
	uint32_t *forgets; /* how often each class was; NULL: none ever */
};

#define SLOTS_FIRST 256

static struct thread *find(const struct threads *threads, uint32_t tid)
{
	size_t mask = threads->slot_count - 1;
	size_t slot = (tid * 0x9e3779b1U) & mask;

	while (threads->slots[slot].used && threads->slots[slot].tid != tid)
		slot = (slot + 1) & mask;
	return &threads->slots[slot];
}

struct threads *threads_new(void)
{
	struct threads *threads = alloc_zeroed(1, sizeof(*threads));

	threads->slot_count = SLOTS_FIRST;
	threads->slots = alloc_zeroed(SLOTS_FIRST, sizeof(*threads->slots));
	return threads;
}

void threads_free(struct threads *threads)
{
	if (!threads)
		return;
	free(threads->slots);
	free(threads->forgets);
	free(threads);
}

static void grow(struct threads *threads)
{
	struct thread *old = threads->slots;
	size_t old_count = threads->slot_count;

	threads->slot_count *= 2;
	threads->slots = alloc_zeroed(threads->slot_count, sizeof(*old));
	for (size_t i = 0; i < old_count; i++)
		if (old[i].used)
			*find(threads, old[i].tid) = old[i];
	free(old);
}

static uint32_t forgets(const struct threads *threads, uint32_t tgid)
{
	return threads->forgets ?
		       threads->forgets[tgid % DITHER_FORGET_CLASSES] :
		       0;
}

void threads_set(struct threads *threads, uint32_t tid, uint32_t tgid,
		 uint32_t name)
{
	struct thread *thread = find(threads, tid);

	if (!thread->used) {
		threads->count++;
		if (threads->count * 2 > threads->slot_count) {
			grow(threads);
			thread = find(threads, tid);
		}
	}
	*thread = (struct thread){
		.tid = tid,
		.tgid = tgid,
		.name = name,
		.used = 1,
		.forgets = forgets(threads, tgid),
	};
}

uint32_t threads_get(const struct threads *threads, uint32_t tid, uint32_t tgid)
{
	const struct thread *thread = find(threads, tid);

	return thread->used && thread->tgid == tgid &&
			       thread->forgets == forgets(threads, tgid) ?
		       thread->name :
		       THREADS_UNKNOWN;
}

void threads_forget(struct threads *threads, uint32_t tgid)
{
	if (!threads->forgets)
		threads->forgets = alloc_zeroed(DITHER_FORGET_CLASSES,
						sizeof(*threads->forgets));
	threads->forgets[tgid % DITHER_FORGET_CLASSES]++;
}
