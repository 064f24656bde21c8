// SPDX-License-Identifier: GPL-2.0
/* See sample_times.h. */
#include "sample_times.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "profile.h"

void sample_times_add(struct sample_times *times, uint64_t time, uint32_t node,
		      double weight)
{
	times->items = alloc_grow(times->items, times->count, &times->room,
				  sizeof(*times->items));
	times->items[times->count++] = (struct moment){ time, weight, node };
}

void sample_times_nested(struct sample_times *times)
{
	for (size_t i = 0; i < times->count; i++)
		if (times->items[i].node != PROFILE_ROOT)
			times->items[i].node++;
		else
			times->items[i].node = PROFILE_ROOT + 1;
}

/* Two sorted runs, from @from to @to; equal ones of the left run first. */
static void merge(const struct moment *from, size_t left, size_t right,
		  struct moment *to)
{
	const struct moment *a = from, *b = from + left;
	const struct moment *a_end = b, *b_end = b + right;

	while (a < a_end && b < b_end)
		*to++ = b->time < a->time ? *b++ : *a++;
	while (a < a_end)
		*to++ = *a++;
	while (b < b_end)
		*to++ = *b++;
}

/* From bottom to top; qsort() would not keep the order of equal ones. */
void sample_times_sort(struct sample_times *times)
{
	struct moment *from = times->items, *to, *swap;
	size_t count = times->count, left, right;

	to = alloc_zeroed(count + 1, sizeof(*to));
	for (size_t run = 1; run < count; run *= 2) {
		for (size_t i = 0; i < count; i += left + right) {
			left = count - i < run ? count - i : run;
			right = count - i - left < run ? count - i - left : run;
			merge(from + i, left, right, to + i);
		}
		swap = from;
		from = to;
		to = swap;
	}
	if (from != times->items)
		times->room = count + 1;
	times->items = from;
	free(to);
}

void sample_times_free(struct sample_times *times)
{
	free(times->items);
	*times = (struct sample_times){ 0 };
}
