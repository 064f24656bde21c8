/* SPDX-License-Identifier: GPL-2.0 */
/* Which name each thread has just now, while the records pass by. */
#ifndef CMD_THREADS_H
#define CMD_THREADS_H

#include <stdint.h>

struct threads;

#define THREADS_UNKNOWN UINT32_MAX

struct threads *threads_new(void);
void threads_free(struct threads *threads);

/* @name: any number of the caller's, or THREADS_UNKNOWN. */
void threads_set(struct threads *threads, uint32_t tid, uint32_t name);
uint32_t threads_get(const struct threads *threads, uint32_t tid);

#endif
