// SPDX-License-Identifier: GPL-2.0
/*
 * See dropped_records.h. There are some dozen payers a second at most: a list
 * will do.
 */
#include "dropped_records.h"

#include <stdlib.h>

#include "../base/alloc.h"

static struct flood *find(struct floods *floods, uint32_t number, uint32_t name)
{
	for (size_t i = floods->count; i--;)
		if (floods->flood[i].number == number &&
		    floods->flood[i].name == name)
			return &floods->flood[i];
	return NULL;
}

void floods_add(struct floods *floods, const struct dither_dropped *record,
		uint32_t name)
{
	struct flood *flood = find(floods, record->header.tid, name);

	if (!flood) {
		floods->flood = alloc_grow(floods->flood, floods->count,
					   &floods->room, sizeof(*flood));
		flood = &floods->flood[floods->count++];
		*flood = (struct flood){
			.number = record->header.tid,
			.name = name,
			.first = record->first,
			.last = record->last,
		};
	}
	if (record->first < flood->first)
		flood->first = record->first;
	if (record->last > flood->last)
		flood->last = record->last;
	for (int kind = 0; kind < DITHER_DROPPED_KINDS; kind++) {
		flood->count[kind] += record->count[kind];
		flood->total += record->count[kind];
		floods->total += record->count[kind];
	}
}

static int worst_first(const void *left, const void *right)
{
	const struct flood *a = left, *b = right;

	if (a->total != b->total)
		return a->total < b->total ? 1 : -1;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return (a->first > b->first) - (a->first < b->first);
}

void floods_sort(struct floods *floods)
{
	if (floods->count)
		qsort(floods->flood, floods->count, sizeof(*floods->flood),
		      worst_first);
}

void floods_free(struct floods *floods)
{
	free(floods->flood);
}
