// SPDX-License-Identifier: GPL-2.0
/* See table_requests.h; called by the drain, between two samples as it were. */
#include "table_requests.h"

#include <stddef.h>

/* Whether the record's parts fit into it. */
static int is_whole(const struct dither_map *record)
{
	const size_t fixed = offsetof(struct dither_map, path);
	size_t size = record->header.size;

	return size > fixed && record->path_len < size - fixed &&
	       !record->path[record->path_len];
}

/* Whether only what is in the file can tell it from others. */
static int is_unidentified(const struct dither_map *record)
{
	const int no_file = DITHER_MAP_ANONYMOUS | DITHER_MAP_VDSO;

	return !record->build_id_size && record->inode &&
	       !(record->header.flags & no_file);
}

static void look(const struct dither_record *record,
		 const struct table_requests_handler *handler)
{
	if (record->type == DITHER_RECORD_TABLE_WANTED && handler->table &&
	    is_whole((const struct dither_map *)record))
		handler->table(handler->context,
			       (const struct dither_map *)record);
	if (record->type == DITHER_RECORD_MAP && handler->file &&
	    is_whole((const struct dither_map *)record) &&
	    is_unidentified((const struct dither_map *)record))
		handler->file(handler->context,
			      (const struct dither_map *)record);
	if (record->type == DITHER_RECORD_CODE && handler->code &&
	    record->size >= sizeof(struct dither_code))
		handler->code(handler->context,
			      (const struct dither_code *)record);
	if (record->type == DITHER_RECORD_FORGET && handler->snapshot &&
	    record->size >= sizeof(struct dither_forget))
		handler->snapshot(handler->context,
				  (const struct dither_forget *)record);
	if (record->type == DITHER_RECORD_RATE && handler->rate &&
	    record->size >= sizeof(struct dither_rate))
		handler->rate(handler->context,
			      (const struct dither_rate *)record);
}

void table_requests_find(const unsigned char *data, uint32_t size,
			 uint32_t tail, uint32_t head,
			 const struct table_requests_handler *handler)
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
		look(record, handler);
		tail += bytes;
		left -= bytes;
	}
}
