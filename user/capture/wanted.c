// SPDX-License-Identifier: GPL-2.0
/* See wanted.h; called by the drain, between two samples as it were. */
#include "wanted.h"

#include <stddef.h>

/* Whether the record's parts fit into it. */
static int is_whole(const struct dither_map *record)
{
	const size_t fixed = offsetof(struct dither_map, path);
	size_t size = record->header.size;

	return size > fixed && record->path_len < size - fixed &&
	       !record->path[record->path_len];
}

void wanted_find(const unsigned char *data, uint32_t size, uint32_t tail,
		 uint32_t head,
		 void (*found)(void *context, const struct dither_map *record),
		 void *context)
{
	uint32_t left = head - tail;

	if (tail % 8 || left > size)
		return;
	while (left >= sizeof(struct dither_record)) {
		uint32_t at = tail & (size - 1);
		const struct dither_record *record = (const void *)(data + at);
		uint16_t bytes = record->size;

		if (!bytes || bytes % 8 || bytes > left || bytes > size - at)
			return;
		if (record->type == DITHER_RECORD_TABLE_WANTED &&
		    is_whole((const struct dither_map *)record))
			found(context, (const struct dither_map *)record);
		tail += bytes;
		left -= bytes;
	}
}
