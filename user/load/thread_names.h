/* SPDX-License-Identifier: GPL-2.0 */
/* Which name each thread has just now, while the records pass by. */
#ifndef LOAD_THREAD_NAMES_H
#define LOAD_THREAD_NAMES_H

#include <stdint.h>

struct threads;

#define THREADS_UNKNOWN UINT32_MAX

struct threads *threads_new(void);
void threads_free(struct threads *threads);

/* A thread of process @tgid; @name: any number of the caller's, or THREADS_UNKNOWN. */
void threads_set(struct threads *threads, uint32_t tid, uint32_t tgid,
		 uint32_t name);

/* THREADS_UNKNOWN as well where that number was another process's thread. */
uint32_t threads_get(const struct threads *threads, uint32_t tid,
		     uint32_t tgid);

/* The names of all threads of @tgid's class (DITHER_FORGET_CLASSES). */
void threads_forget(struct threads *threads, uint32_t tgid);

#endif
