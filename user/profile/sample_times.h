/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When each sample of a profile was taken: for what a profile alone does not
 * hold, statistics over time, heat maps, flame charts.
 */
#ifndef PROFILE_SAMPLE_TIMES_H
#define PROFILE_SAMPLE_TIMES_H

#include <stddef.h>
#include <stdint.h>

struct moment {
	uint64_t time; /* ns */
	double weight;
	uint32_t node; /* of the profile */
};

struct sample_times {
	struct moment *items; /* in the order of sample_times_add() */
	size_t count, room;
};

void sample_times_add(struct sample_times *times, uint64_t time, uint32_t node,
		      double weight);

/* profile_nest() was called: the nodes' numbers grew. */
void sample_times_nested(struct sample_times *times);

/* In the order of time, equal ones as they were. */
void sample_times_sort(struct sample_times *times);

void sample_times_free(struct sample_times *times);

#endif
