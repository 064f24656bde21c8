/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Classes of processes (DITHER_FORGET_CLASSES) of which FORGET records say that
 * they are to be asked for again, and when they may be: each once a second, and
 * not for more bytes of records in all than a flood is worth. Pure bookkeeping.
 */
#ifndef CAPTURE_PROCESS_REQUESTS_H
#define CAPTURE_PROCESS_REQUESTS_H

#include <stdbool.h>
#include <stdint.h>

#define FORGOTTEN_RATE 65536U	/* bytes of snapshots a second, */
#define FORGOTTEN_BURST 262144U /* … and at once */
#define FORGOTTEN_ONE 65536U	/* … of one class */
#define FORGOTTEN_COUNT 16U	/* classes a second, and at once */

struct forgotten;

struct forgotten *forgotten_new(void);
void forgotten_free(struct forgotten *forgotten);

/* A FORGET record for process @number. */
void forgotten_add(struct forgotten *forgotten, uint32_t number);

/*
 * The next class to be asked for at @now (seconds, never back), and how many
 * bytes that may take. False: none is due.
 */
bool forgotten_next(struct forgotten *forgotten, double now, uint32_t *class,
		    uint64_t *bytes);

/* So many did it take. */
void forgotten_spend(struct forgotten *forgotten, uint64_t bytes);

#endif
