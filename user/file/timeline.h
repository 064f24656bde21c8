/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The SAMPLE, LOST and RATE records of all CPUs as one stream: by time, but
 * each CPU's in the order of its ring. Its memory does not grow with them.
 */
#ifndef FILE_TIMELINE_H
#define FILE_TIMELINE_H

#include <stdbool.h>

#include "recording.h"
#include "stacks.h"

struct timeline;

struct timeline_item {
	unsigned int cpu;
	uint64_t time;
	const struct dither_record *record; /* in the file */
	uint16_t size;
	/* Of a sample, .record NULL where there is none or it is missing: */
	struct stack_place kernel;
	struct stack_place user;
	bool missing; /* at least one is not in the file */
};

struct timeline *timeline_new(struct recording *recording);
void timeline_free(struct timeline *timeline);

/* False at the end. */
bool timeline_next(struct timeline *timeline, struct timeline_item *item);

#endif
