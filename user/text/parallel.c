// SPDX-License-Identifier: GPL-2.0
/*
 * The pieces stand in a ring of slots. The caller's thread fills slots and
 * empties them, both in order; workers take the filled ones in order. A slot
 * belongs to whom its state says, and states change under the lock: nothing
 * else is shared.
 */
#include "parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>

#include "../base/alloc.h"

enum state {
	SLOT_FREE,  /* the caller's thread's */
	SLOT_READY, /* a text, nobody's */
	SLOT_TAKEN, /* a worker's */
	SLOT_DONE,  /* a text and its part: the caller's thread's */
};

struct slot {
	enum state state;
	char *text;
	size_t length;
	void *partial;
	unsigned int worker;
};

struct crew {
	const struct parallel_format *format;
	const void *reader;
	pthread_mutex_t lock; /* states, @taken, @ended */
	pthread_cond_t ready, done;
	struct slot *slots;
	size_t slot_count, piece;	 /* the first a power of two */
	uint64_t filled, taken, emptied; /* slots, from the beginning */
	bool ended;
	pthread_t *threads;
	unsigned int thread_count, threads_max;
};

struct worker {
	struct crew *crew;
	unsigned int number;
};

static struct slot *slot_at(const struct crew *crew, uint64_t number)
{
	return &crew->slots[number & (crew->slot_count - 1)];
}

/* The next piece for a worker; NULL: there will be none. */
static struct slot *take(struct crew *crew)
{
	struct slot *slot = NULL;

	pthread_mutex_lock(&crew->lock);
	while (crew->taken == crew->filled && !crew->ended)
		pthread_cond_wait(&crew->ready, &crew->lock);
	if (!crew->ended) {
		slot = slot_at(crew, crew->taken++);
		slot->state = SLOT_TAKEN;
	}
	pthread_mutex_unlock(&crew->lock);
	return slot;
}

static void *work(void *argument)
{
	struct worker *self = argument;
	struct crew *crew = self->crew;
	void *own = crew->format->worker_new(crew->reader);
	struct lines *lines;
	struct slot *slot;

	while ((slot = take(crew))) {
		lines = lines_of(slot->text, slot->length);
		slot->partial = crew->format->read(own, lines);
		slot->worker = self->number;
		lines_free(lines);
		pthread_mutex_lock(&crew->lock);
		slot->state = SLOT_DONE;
		pthread_cond_signal(&crew->done);
		pthread_mutex_unlock(&crew->lock);
	}
	crew->format->worker_free(own);
	free(self);
	return NULL;
}

/* One more, while there is more to do than there are workers. */
static void start_worker(struct crew *crew)
{
	struct worker *worker;

	if (crew->thread_count == crew->threads_max ||
	    crew->thread_count >= crew->filled)
		return;
	worker = alloc_zeroed(1, sizeof(*worker));
	worker->crew = crew;
	worker->number = crew->thread_count;
	if (pthread_create(&crew->threads[crew->thread_count], NULL, work,
			   worker)) {
		/* Then those that there are have to do, or the caller. */
		crew->threads_max = crew->thread_count;
		free(worker);
		return;
	}
	crew->thread_count++;
}

static void stop_workers(struct crew *crew)
{
	pthread_mutex_lock(&crew->lock);
	crew->ended = true;
	pthread_cond_broadcast(&crew->ready);
	pthread_mutex_unlock(&crew->lock);
	for (unsigned int i = 0; i < crew->thread_count; i++)
		pthread_join(crew->threads[i], NULL);
}

static void free_part(struct crew *crew, struct slot *slot)
{
	if (slot->partial)
		crew->format->partial_free(slot->partial);
	slot->partial = NULL;
}

static void read_piece(struct crew *crew, void *reader, struct slot *slot)
{
	struct lines *lines = lines_of(slot->text, slot->length);
	struct line line;

	while (lines_next(lines, &line))
		crew->format->line(reader, &line);
	lines_free(lines);
	free_part(crew, slot);
	slot->state = SLOT_FREE;
}

/* The oldest piece into the profile; false: as in parallel.h. */
static bool empty_slot(struct crew *crew, void *reader)
{
	struct slot *slot = slot_at(crew, crew->emptied);

	if (!crew->thread_count) {
		read_piece(crew, reader, slot);
		crew->emptied++;
		return true;
	}
	pthread_mutex_lock(&crew->lock);
	while (slot->state != SLOT_DONE)
		pthread_cond_wait(&crew->done, &crew->lock);
	pthread_mutex_unlock(&crew->lock);
	if (!crew->format->add(reader, slot->worker, slot->partial))
		return false;
	free_part(crew, slot);
	slot->state = SLOT_FREE;
	crew->emptied++;
	return true;
}

static bool empty_all(struct crew *crew, void *reader)
{
	while (crew->emptied < crew->filled)
		if (!empty_slot(crew, reader))
			return false;
	return true;
}

/* False: no whole record fits a slot, or it is the end. */
static bool fill_slot(struct crew *crew, struct lines *lines)
{
	struct slot *slot = slot_at(crew, crew->filled);

	if (!slot->text)
		slot->text = alloc_resize(NULL, crew->piece, 1);
	slot->length =
		lines_take(lines, slot->text, crew->piece, crew->format->cut,
			   crew->reader);
	if (!slot->length)
		return false;
	pthread_mutex_lock(&crew->lock);
	slot->state = SLOT_READY;
	crew->filled++;
	pthread_cond_signal(&crew->ready);
	pthread_mutex_unlock(&crew->lock);
	start_worker(crew);
	return true;
}

/* Up to where a piece may begin again. False: at the end. */
static bool read_record(struct crew *crew, struct lines *lines, void *reader)
{
	struct line line;

	while (lines_next(lines, &line))
		if (crew->format->line(reader, &line))
			return true;
	return false;
}

/* False: the rest is to be read line by line. */
static bool read_pieces(struct crew *crew, struct lines *lines, void *reader)
{
	for (;;) {
		if (crew->filled - crew->emptied == crew->slot_count &&
		    !empty_slot(crew, reader))
			return false;
		if (fill_slot(crew, lines))
			continue;
		if (!empty_all(crew, reader))
			return false;
		if (!read_record(crew, lines, reader))
			return true;
	}
}

static void read_alone(struct lines *lines,
		       const struct parallel_format *format, void *reader)
{
	struct line line;

	while (lines_next(lines, &line))
		format->line(reader, &line);
}

static unsigned int cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ?
		       1 :
		       (unsigned int)CPU_COUNT(&set);
}

void parallel_read(struct lines *lines, const struct parallel *parallel,
		   const struct parallel_format *format, void *reader)
{
	unsigned int threads = parallel->threads ? parallel->threads : cpus();
	struct crew crew = {
		.format = format,
		.reader = reader,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.ready = PTHREAD_COND_INITIALIZER,
		.done = PTHREAD_COND_INITIALIZER,
		.piece = parallel->piece ? parallel->piece : PARALLEL_PIECE,
	};
	bool all;

	if (threads > PARALLEL_THREADS_MAX)
		threads = PARALLEL_THREADS_MAX;
	if (threads <= 1) {
		read_alone(lines, format, reader);
		return;
	}
	crew.threads_max = threads;
	crew.threads = alloc_zeroed(threads, sizeof(*crew.threads));
	for (crew.slot_count = 4; crew.slot_count < 2 * threads;)
		crew.slot_count *= 2;
	crew.slots = alloc_zeroed(crew.slot_count, sizeof(*crew.slots));
	all = read_pieces(&crew, lines, reader);
	stop_workers(&crew);
	for (; crew.emptied < crew.filled; crew.emptied++)
		read_piece(&crew, reader, slot_at(&crew, crew.emptied));
	if (!all)
		read_alone(lines, format, reader);
	for (size_t i = 0; i < crew.slot_count; i++)
		free(crew.slots[i].text);
	free(crew.slots);
	free(crew.threads);
}
