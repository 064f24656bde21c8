/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Looking up the unwind rule of an address in a table image, and checking an
 * image that somebody handed over. Pure; the compiler of tables in user space
 * and its tests run the same code.
 */
#ifndef DITHER_TABLE_LOOKUP_H
#define DITHER_TABLE_LOOKUP_H

#include "portable.h"
#include "../../include/dither/table.h"

/*
 * Whether the @bytes at @image (on 8 bytes) are a table in every detail. 0, or
 * -EINVAL; -EPROTO: of another version. Takes time by size, up to 64 MiB: who
 * must not stay away that long does the parts below one after the other.
 */
int dither_table_check(const void *image, u64 bytes);

/* All but the rows. After it the pages below .nr_pages may be checked. */
int dither_table_check_head(const void *image, u64 bytes);
int dither_table_check_page(const void *image, u32 page);

/*
 * The rule for a file offset; rule 0 where there is none. Only for an image
 * that was checked and cannot change any more. At most 17 steps; IRQ and NMI
 * safe.
 */
const struct dither_rule *dither_table_find(const void *image, u64 offset);

/* Where the parts of an image lie, and its size, by the counts of its header. */
static inline u64 dither_table_pages_at(const struct dither_table_header *header)
{
	return sizeof(*header) +
	       (((u64)header->nr_rules * sizeof(struct dither_rule) + 7) & ~7ULL);
}

static inline u64 dither_table_rows_at(const struct dither_table_header *header)
{
	return dither_table_pages_at(header) +
	       ((((u64)header->nr_pages + 1) * sizeof(u32) + 7) & ~7ULL);
}

static inline u64 dither_table_bytes(const struct dither_table_header *header)
{
	return dither_table_rows_at(header) +
	       (u64)header->nr_rows * sizeof(struct dither_row);
}

#endif
