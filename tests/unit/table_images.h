/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Table images put together by hand, byte for byte as include/dither/table.h
 * describes them, for the tests of kmod/core/table_lookup.h.
 */
#ifndef TABLE_IMAGES_H
#define TABLE_IMAGES_H

#include <stdlib.h>
#include <string.h>

#include "../../include/dither/table.h"

struct table_image {
	unsigned char *bytes;	/* of its own, to be freed */
	size_t size;
	struct dither_table_header *header;
	struct dither_rule *rules;
	__u32 *pages;
	struct dither_row *rows;
};

static inline size_t table_image_round(size_t size)
{
	return (size + 7) / 8 * 8;
}

/* An image of these counts: rules, pages and rows are zero but for pages' end. */
static inline struct table_image table_image_new(__u16 machine, __u32 nr_rules,
						 __u32 nr_pages, __u32 nr_rows)
{
	size_t pages_at = table_image_round(32 + 20 * (size_t)nr_rules);
	size_t rows_at = table_image_round(pages_at + 4 * ((size_t)nr_pages + 1));
	struct table_image image = { .size = rows_at + 4 * (size_t)nr_rows };

	image.bytes = calloc(1, image.size);
	if (!image.bytes)
		abort();
	image.header = (void *)image.bytes;
	image.rules = (void *)(image.bytes + 32);
	image.pages = (void *)(image.bytes + pages_at);
	image.rows = (void *)(image.bytes + rows_at);
	*image.header = (struct dither_table_header){
		.magic = DITHER_TABLE_MAGIC,
		.version = DITHER_TABLE_VERSION,
		.machine = machine,
		.bytes = (__u32)image.size,
		.nr_pages = nr_pages,
		.nr_rows = nr_rows,
		.nr_rules = nr_rules,
	};
	image.pages[nr_pages] = nr_rows;
	return image;
}

#endif
