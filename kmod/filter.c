// SPDX-License-Identifier: GPL-2.0
/*
 * The set is an open-addressed table of process numbers. A place that was left
 * is a tombstone, taken again by the next insertion; a process is inserted
 * once only, by its own fork, so insertions never meet.
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/mm.h>

#include "filter.h"

#define SLOT_BITS 13
#define SLOTS (1U << SLOT_BITS)
#define PROBES 64

#define FREE 0U
#define TOMBSTONE 0xffffffffU

static u32 *slot(const struct dither_filter *filter, u32 process, u32 probe)
{
	return &filter->processes[(hash_32(process, SLOT_BITS) + probe) &
				  (SLOTS - 1)];
}

static u32 *find(const struct dither_filter *filter, u32 process)
{
	u32 probe, found;
	u32 *place;

	for (probe = 0; probe < PROBES; probe++) {
		place = slot(filter, process, probe);
		found = READ_ONCE(*place);
		/* First: the idle task's number is that of a free place. */
		if (found == FREE)
			return NULL;
		if (found == process)
			return place;
	}
	return NULL;
}

static bool insert(struct dither_filter *filter, u32 process)
{
	u32 probe, found;
	u32 *place;

	for (probe = 0; probe < PROBES; probe++) {
		place = slot(filter, process, probe);
		found = READ_ONCE(*place);
		if (found != FREE && found != TOMBSTONE)
			continue;
		if (cmpxchg(place, found, process) == found)
			return true;
	}
	return false;
}

int dither_filter_init(struct dither_filter *filter, const u32 *processes,
		       u32 count, bool inherit)
{
	u32 i;

	filter->processes = NULL;
	filter->inherit = inherit;
	if (!count)
		return 0;

	filter->processes = kvcalloc(SLOTS, sizeof(u32), GFP_KERNEL);
	if (!filter->processes)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		if (find(filter, processes[i]))
			continue;
		if (!insert(filter, processes[i])) {
			dither_filter_uninit(filter);
			return -ENOSPC;
		}
	}
	return 0;
}

void dither_filter_uninit(struct dither_filter *filter)
{
	kvfree(filter->processes);
	filter->processes = NULL;
}

bool dither_filter_has(const struct dither_filter *filter, u32 process)
{
	return find(filter, process);
}

bool dither_filter_fork(struct dither_filter *filter, u32 parent, u32 child)
{
	if (!filter->processes || !filter->inherit || !find(filter, parent))
		return true;
	return insert(filter, child);
}

void dither_filter_exit(struct dither_filter *filter, u32 process)
{
	u32 *place;

	if (!filter->processes)
		return;
	place = find(filter, process);
	if (place)
		WRITE_ONCE(*place, TOMBSTONE);
}
