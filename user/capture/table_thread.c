// SPDX-License-Identifier: GPL-2.0
/*
 * See table_thread.h. A file is opened by the thread, too: whose file system
 * that is, and how long it takes, is another's affair.
 */
#include "table_thread.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../base/alloc.h"
#include "file_contents.h"
#include "proc_maps.h"

/* Files that may wait: more than a machine has mapped at a time, mostly. */
#define WAITING_MAX 4096U

/* What the thread may still take after the end, for the file it has begun. */
#define END_SECONDS 2

struct waiting {
	struct waiting *next;
	struct table_request request;
	char path[];
};

struct tables {
	struct table_loader *loader; /* the thread's own */
	pthread_t thread;
	pthread_mutex_t mutex;	/* for all below */
	pthread_cond_t changed;
	struct waiting *first, **last;
	size_t undone;		/* waiting, or being done */
	size_t forgotten;
	struct chunk_file *files;	/* hashed */
	size_t file_count, file_room;
	bool ending;
	bool ended;		/* the thread */
	bool left;		/* all this is the thread's now */
};

static void hash(struct tables *tables, const struct table_request *request,
		 int file)
{
	struct chunk_file wanted = {
		.inode = request->inode,
		.bytes = request->bytes,
		.mtime_ns = request->mtime_ns,
		.dev_major = (uint32_t)(request->device >> 32),
		.dev_minor = (uint32_t)request->device,
	};

	if (!contents_read(file, request->time, &wanted))
		return;
	pthread_mutex_lock(&tables->mutex);
	tables->files = alloc_grow(tables->files, tables->file_count,
				   &tables->file_room, sizeof(wanted));
	tables->files[tables->file_count++] = wanted;
	pthread_mutex_unlock(&tables->mutex);
}

static void do_request(struct tables *tables,
		       const struct table_request *request)
{
	struct table_loader *loader = tables->loader;
	int file;

	if (request->vdso) {
		table_loader_vdso(loader, request->asked);
		return;
	}
	file = mapped_open(request->pid, request->start, request->end,
			   request->path);
	if (file >= 0 && request->content)
		hash(tables, request, file);
	else if (file >= 0)
		table_loader_file(loader, file, request->path, request->asked);
}

static void free_tables(struct tables *tables)
{
	while (tables->first) {
		struct waiting *waiting = tables->first;

		tables->first = waiting->next;
		free(waiting);
	}
	pthread_cond_destroy(&tables->changed);
	pthread_mutex_destroy(&tables->mutex);
	table_loader_free(tables->loader);
	free(tables->files);
	free(tables);
}

/* The thread. */
static void *work(void *context)
{
	struct tables *tables = context;
	struct waiting *waiting;
	bool left;

	pthread_mutex_lock(&tables->mutex);
	for (;;) {
		while (!tables->first && !tables->ending)
			pthread_cond_wait(&tables->changed, &tables->mutex);
		if (tables->ending)
			break;
		waiting = tables->first;
		tables->first = waiting->next;
		if (!tables->first)
			tables->last = &tables->first;
		pthread_mutex_unlock(&tables->mutex);
		do_request(tables, &waiting->request);
		free(waiting);
		pthread_mutex_lock(&tables->mutex);
		tables->undone--;
		pthread_cond_broadcast(&tables->changed);
	}
	tables->ended = true;
	left = tables->left;
	pthread_mutex_unlock(&tables->mutex);
	if (left)
		free_tables(tables);
	return NULL;
}

struct tables *tables_begin(table_loader_send *send, void *context,
			    struct error *error)
{
	struct tables *tables = alloc_zeroed(1, sizeof(*tables));
	pthread_condattr_t monotonic;
	int code;

	tables->last = &tables->first;
	tables->loader = table_loader_new(send, context);
	pthread_mutex_init(&tables->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&tables->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	code = pthread_create(&tables->thread, NULL, work, tables);
	if (!code)
		return tables;
	error_set(error, -code, "a thread for unwind tables: %s",
		  strerror(code));
	free_tables(tables);
	return NULL;
}

static bool is_same(const struct table_request *a,
		    const struct table_request *b)
{
	if (a->vdso || b->vdso)
		return a->vdso == b->vdso;
	/* Each of these is another file, as far as is known. */
	if (a->content || b->content)
		return false;
	if (a->inode && b->inode)
		return a->inode == b->inode && a->device == b->device;
	return !a->inode && !b->inode && !strcmp(a->path, b->path);
}

static bool is_waiting(struct tables *tables,
		       const struct table_request *request)
{
	for (struct waiting *at = tables->first; at; at = at->next) {
		if (!is_same(&at->request, request))
			continue;
		at->request.asked |= request->asked;
		return true;
	}
	return false;
}

static void append(struct tables *tables, const struct table_request *request)
{
	const char *path = request->path ? request->path : "";
	size_t length = strlen(path);
	struct waiting *waiting =
		alloc_zeroed(1, sizeof(*waiting) + length + 1);

	waiting->request = *request;
	memcpy(waiting->path, path, length);
	waiting->request.path = waiting->path;
	*tables->last = waiting;
	tables->last = &waiting->next;
	tables->undone++;
	pthread_cond_broadcast(&tables->changed);
}

void tables_add(struct tables *tables, const struct table_request *request)
{
	pthread_mutex_lock(&tables->mutex);
	if (!is_waiting(tables, request)) {
		if (tables->undone < WAITING_MAX)
			append(tables, request);
		else
			tables->forgotten++;
	}
	pthread_mutex_unlock(&tables->mutex);
}

static void drop_tables(struct tables *tables)
{
	struct waiting **at = &tables->first;

	while (*at) {
		struct waiting *waiting = *at;

		if (waiting->request.content) {
			at = &waiting->next;
			continue;
		}
		*at = waiting->next;
		free(waiting);
		tables->undone--;
	}
	tables->last = at;
}

void tables_settle(struct tables *tables, unsigned int ms)
{
	pthread_mutex_lock(&tables->mutex);
	drop_tables(tables);
	pthread_mutex_unlock(&tables->mutex);
	tables_wait(tables, ms);
}

struct chunk_file *tables_files(struct tables *tables, size_t *count)
{
	struct chunk_file *files;

	pthread_mutex_lock(&tables->mutex);
	files = tables->files;
	*count = tables->file_count;
	tables->files = NULL;
	tables->file_count = tables->file_room = 0;
	pthread_mutex_unlock(&tables->mutex);
	return files;
}

static struct timespec from_now(clockid_t clock, unsigned int ms)
{
	struct timespec time;

	clock_gettime(clock, &time);
	time.tv_sec += ms / 1000;
	time.tv_nsec += ms % 1000 * 1000000L;
	if (time.tv_nsec >= 1000000000) {
		time.tv_sec++;
		time.tv_nsec -= 1000000000;
	}
	return time;
}

size_t tables_wait(struct tables *tables, unsigned int ms)
{
	struct timespec until = from_now(CLOCK_MONOTONIC, ms);
	size_t undone;

	pthread_mutex_lock(&tables->mutex);
	while (tables->undone &&
	       !pthread_cond_timedwait(&tables->changed, &tables->mutex,
				       &until))
		;
	undone = tables->undone;
	pthread_mutex_unlock(&tables->mutex);
	return undone;
}

/* Whether the thread has ended in time; else it is left to itself. */
static bool join(struct tables *tables)
{
	struct timespec until = from_now(CLOCK_REALTIME, END_SECONDS * 1000);
	bool left;

	if (!pthread_timedjoin_np(tables->thread, NULL, &until))
		return true;
	pthread_mutex_lock(&tables->mutex);
	left = tables->left = !tables->ended;
	if (left)
		pthread_detach(tables->thread);
	pthread_mutex_unlock(&tables->mutex);
	return !left && !pthread_join(tables->thread, NULL);
}

void tables_end(struct tables *tables, struct tables_result *result)
{
	*result = (struct tables_result){ .path = NULL };
	if (!tables)
		return;
	pthread_mutex_lock(&tables->mutex);
	tables->ending = true;
	result->forgotten = tables->forgotten;
	pthread_cond_broadcast(&tables->changed);
	pthread_mutex_unlock(&tables->mutex);
	result->left = !join(tables);
	if (result->left)
		return;
	result->loader = *table_loader_counts(tables->loader);
	if (result->loader.path)
		result->path = alloc_string(result->loader.path);
	result->loader.path = NULL;
	free_tables(tables);
}
