// SPDX-License-Identifier: GPL-2.0
/* See rows.h. A struct of zeros is one without rows. */
#include "rows.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../../kmod/core/table_lookup.h"
#include "../base/alloc.h"

void rows_end(struct rows *rows)
{
	free(rows->rows);
	free(rows->pages);
}

static int add_row(struct rows *rows, uint16_t low, uint16_t rule)
{
	if (rows->count == DITHER_TABLE_ROWS_MAX)
		return -E2BIG;
	rows->rows = alloc_grow(rows->rows, rows->count, &rows->room,
				sizeof(*rows->rows));
	rows->rows[rows->count++] = (struct dither_row){ low, rule };
	return 0;
}

/* Begin the next page; what held so far goes on in it. */
static int add_page(struct rows *rows)
{
	if (rows->page_count == DITHER_TABLE_PAGES_MAX)
		return -E2BIG;
	rows->pages = alloc_grow(rows->pages, rows->page_count,
				 &rows->page_room, sizeof(*rows->pages));
	rows->pages[rows->page_count++] = (uint32_t)rows->count;
	return rows->rule ? add_row(rows, 0, rows->rule) : 0;
}

/* All pages up to @page; what held before goes on, or not into the last. */
static int add_pages(struct rows *rows, uint64_t page, bool into_last)
{
	uint16_t rule = rows->rule;
	int code = 0;

	if (!rows->page_count)
		rows->first_page = page;
	while (!code && rows->first_page + rows->page_count <= page) {
		if (rows->first_page + rows->page_count == page && !into_last)
			rows->rule = 0;
		code = add_page(rows);
	}
	rows->rule = rule;
	return code;
}

int rows_put(struct rows *rows, uint64_t offset, uint16_t rule)
{
	uint64_t page = offset >> DITHER_TABLE_PAGE_SHIFT;
	uint16_t low = offset & ((1U << DITHER_TABLE_PAGE_SHIFT) - 1);
	int code;

	if (rule == rows->rule)
		return 0;
	if (page >= UINT32_MAX - DITHER_TABLE_PAGES_MAX)
		return -E2BIG;
	if (!rule && !low) {	/* what a page without rows says by itself */
		code = add_pages(rows, page - 1, true);
		rows->rule = 0;
		return code;
	}
	code = add_pages(rows, page, low);
	if (!code && low && rows->pages[rows->page_count - 1] == rows->count)
		code = add_row(rows, 0, 0);
	if (!code)
		code = add_row(rows, low, rule);
	rows->rule = rule;
	return code;
}

unsigned char *rows_image(const struct rows *rows, const struct rules *rules,
			  uint16_t machine, size_t *bytes)
{
	struct dither_table_header header = {
		.magic = DITHER_TABLE_MAGIC,
		.version = DITHER_TABLE_VERSION,
		.machine = machine,
		.first_page = (uint32_t)rows->first_page,
		.nr_pages = (uint32_t)rows->page_count,
		.nr_rows = (uint32_t)rows->count,
		.nr_rules = (uint32_t)rules->count,
	};
	uint32_t count = (uint32_t)rows->count;
	unsigned char *image, *pages;

	*bytes = dither_table_bytes(&header);
	header.bytes = (uint32_t)*bytes;
	image = alloc_zeroed(1, *bytes);
	memcpy(image, &header, sizeof(header));
	memcpy(image + sizeof(header), rules->rules,
	       rules->count * sizeof(*rules->rules));
	pages = image + dither_table_pages_at(&header);
	memcpy(pages, rows->pages, rows->page_count * sizeof(*rows->pages));
	memcpy(pages + rows->page_count * sizeof(*rows->pages), &count,
	       sizeof(count));
	memcpy(image + dither_table_rows_at(&header), rows->rows,
	       rows->count * sizeof(*rows->rows));
	return image;
}
