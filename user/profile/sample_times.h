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

struct moments {
	struct moment *items; /* in the order of moments_add() */
	size_t count, room;
};

void moments_add(struct moments *moments, uint64_t time, uint32_t node,
		  double weight);

/* profile_nest() was called: the nodes' numbers grew. */
void moments_nested(struct moments *moments);

/* In the order of time, equal ones as they were. */
void moments_sort(struct moments *moments);

void moments_free(struct moments *moments);

#endif
