// SPDX-License-Identifier: GPL-2.0
/* See process_requests.h. Classes take turns. */
#include "process_requests.h"

#include <stdlib.h>

#include "../../include/dither/abi.h"
#include "../base/alloc.h"

#define CLASSES DITHER_FORGET_CLASSES
#define AGAIN 1.0 /* seconds */

struct class
{
	double asked; /* when; 0: never */
	bool due;
};

struct forgotten {
	struct class class[CLASSES];
	uint32_t due_count;
	uint32_t turn;
	double time;	     /* of the last look */
	double bytes, count; /* that may be asked for */
};

struct forgotten *forgotten_new(void)
{
	struct forgotten *forgotten = alloc_zeroed(1, sizeof(*forgotten));

	forgotten->bytes = FORGOTTEN_BURST;
	forgotten->count = FORGOTTEN_COUNT;
	return forgotten;
}

void forgotten_free(struct forgotten *forgotten)
{
	free(forgotten);
}

void forgotten_add(struct forgotten *forgotten, uint32_t number)
{
	struct class *class = &forgotten->class[number % CLASSES];

	forgotten->due_count += !class->due;
	class->due = true;
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

static void refill(struct forgotten *forgotten, double now)
{
	double passed = now - forgotten->time;

	forgotten->time = now;
	forgotten->bytes = least(FORGOTTEN_BURST,
				 forgotten->bytes + passed * FORGOTTEN_RATE);
	forgotten->count = least(FORGOTTEN_COUNT,
				 forgotten->count + passed * FORGOTTEN_COUNT);
}

bool forgotten_next(struct forgotten *forgotten, double now, uint32_t *class,
		    uint64_t *bytes)
{
	if (!forgotten->due_count)
		return false;
	refill(forgotten, now);
	if (forgotten->count < 1 || forgotten->bytes < 1)
		return false;
	for (uint32_t i = 0; i < CLASSES; i++) {
		uint32_t number = (forgotten->turn + i) % CLASSES;
		struct class *next = &forgotten->class[number];

		if (!next->due ||
		    (next->asked > 0 && now < next->asked + AGAIN))
			continue;
		next->due = false;
		next->asked = now;
		forgotten->due_count--;
		forgotten->count--;
		forgotten->turn = number + 1;
		*class = number;
		*bytes = (uint64_t)least(FORGOTTEN_ONE, forgotten->bytes);
		return true;
	}
	return false;
}

void forgotten_spend(struct forgotten *forgotten, uint64_t bytes)
{
	forgotten->bytes -= (double)bytes;
}
