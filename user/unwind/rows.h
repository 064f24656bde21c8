/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rows of a table, put in ascending order of file offsets and cut into pages
 * as include/dither/table.h has them.
 */
#ifndef UNWIND_ROWS_H
#define UNWIND_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "rules.h"

struct rows {
	struct dither_row *rows;
	size_t count, room;
	uint32_t *pages;	/* first row of each page begun */
	size_t page_count, page_room;
	uint64_t first_page;	/* of the file */
	uint16_t rule;		/* that holds behind the last row */
};

void rows_end(struct rows *rows);

/*
 * From @offset on, which is above that of every call before, @rule holds.
 * -E2BIG: too many rows or pages.
 */
int rows_put(struct rows *rows, uint64_t offset, uint16_t rule);

/* The image of both, to be freed; the last rule put must be 0. */
unsigned char *rows_image(const struct rows *rows, const struct rules *rules,
			  uint16_t machine, size_t *bytes);

#endif
