// SPDX-License-Identifier: GPL-2.0
/* See sample_times.h. */
#include "sample_times.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "profile.h"

void moments_add(struct moments *moments, uint64_t time, uint32_t node,
		 double weight)
{
	moments->items = alloc_grow(moments->items, moments->count,
				    &moments->room, sizeof(*moments->items));
	moments->items[moments->count++] =
		(struct moment){ time, weight, node };
}

void moments_nested(struct moments *moments)
{
	for (size_t i = 0; i < moments->count; i++)
		if (moments->items[i].node != PROFILE_ROOT)
			moments->items[i].node++;
		else
			moments->items[i].node = PROFILE_ROOT + 1;
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
void moments_sort(struct moments *moments)
{
	struct moment *from = moments->items, *to, *swap;
	size_t count = moments->count, left, right;

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
	if (from != moments->items)
		moments->room = count + 1;
	moments->items = from;
	free(to);
}

void moments_free(struct moments *moments)
{
	free(moments->items);
	*moments = (struct moments){ 0 };
}
