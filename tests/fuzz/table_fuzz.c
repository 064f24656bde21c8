// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as a table's image, and images that were good before some of their
 * bytes were changed. What passes the check is searched at both ends of every
 * row and page, and has to have there what a plain walk finds; nothing beyond
 * the image is read, whether it passes or not.
 */
#include <stdio.h>

#include "../../kmod/core/table_lookup.h"
#include "../unit/table_images.h"

#define BYTES_MAX 0x8000U

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)							\
	do {								\
		if (!(condition)) {					\
			fprintf(stderr, "not so: %s\n", #condition);	\
			abort();					\
		}							\
	} while (0)

/* The last row that is not above, whatever the order. */
static u32 walk(const void *image, u64 offset)
{
	const struct dither_table_header *header = image;
	const u32 *pages = image + dither_table_pages_at(header);
	const struct dither_row *rows = image + dither_table_rows_at(header);
	u64 page = offset >> 16;
	u32 rule = 0;

	if (page < header->first_page ||
	    page - header->first_page >= header->nr_pages)
		return 0;
	page -= header->first_page;
	for (u32 i = pages[page]; i < pages[page + 1]; i++)
		if (rows[i].low <= (offset & 0xffff))
			rule = rows[i].rule;
	return rule;
}

static void ask(const void *image, u64 offset)
{
	const struct dither_table_header *header = image;
	const struct dither_rule *rules = (const void *)(header + 1);
	const struct dither_rule *rule = dither_table_find(image, offset);

	MUST(rule == rules + walk(image, offset));
	MUST(rule->cfa < DITHER_CFA_COUNT && rule->fp < DITHER_SAVED_COUNT &&
	     rule->ra < DITHER_SAVED_COUNT);
}

static void search(const void *image)
{
	const struct dither_table_header *header = image;
	const u32 *pages = image + dither_table_pages_at(header);
	const struct dither_row *rows = image + dither_table_rows_at(header);
	u64 start;

	for (u32 page = 0; page < header->nr_pages; page++) {
		start = ((u64)header->first_page + page) << 16;
		ask(image, start - 1);
		ask(image, start);
		ask(image, start + 0xffff);
		ask(image, start + 0x10000);
		ask(image, start + (1ULL << 48));
		for (u32 i = pages[page]; i < pages[page + 1]; i++) {
			ask(image, start + rows[i].low);
			ask(image, start + rows[i].low - 1);
		}
	}
	ask(image, 0);
	ask(image, ~0ULL);
}

/* In memory of its own, on its size. */
static bool try_image(const uint8_t *data, size_t size)
{
	void *image = malloc(size + !size);
	bool passed;

	memcpy(image, data, size);
	passed = !dither_table_check(image, size);
	if (passed)
		search(image);
	free(image);
	return passed;
}

/* As the first bytes say: counts, then the distance from row to row. */
static struct table_image make_good(const uint8_t seed[8])
{
	u32 nr_rules = 1 + seed[0] % 16, nr_pages = 1 + seed[1] % 16;
	u32 nr_rows = 1 + seed[2] % 100, row = 0;
	struct table_image image =
		table_image_new(1 + seed[3] % 2, nr_rules, nr_pages, nr_rows);

	image.header->first_page = seed[4] == 255 ? ~0U - nr_pages : seed[4];
	for (u32 i = 1; i < nr_rules; i++)
		image.rules[i] = (struct dither_rule){
			.cfa = 1 + (seed[5] & i) % 2,
			.cfa_offset = (s32)i * 8,
			.ra = DITHER_SAVED_CFA,
			.ra_offset = -8,
		};
	for (u32 page = 0; page < nr_pages; page++) {
		u32 end = page + 1 == nr_pages || (seed[6] >> page % 8 & 1) ?
				  nr_rows * (page + 1) / nr_pages :
				  row;

		image.pages[page] = row;
		for (u32 low = 0; row < end; row++, low += 1 + seed[7])
			image.rows[row] = (struct dither_row){
				(u16)low, (u16)(row * 7 % nr_rules)
			};
	}
	return image;
}

/* Each three bytes behind the seed: where, and what is to stand there. */
static void change(struct table_image *image, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i + 3 <= size; i += 3)
		image->bytes[(data[i] | data[i + 1] << 8) % image->size] ^=
			data[i + 2];
}

/* With counts that fit its size as it is, or nothing would ever pass. */
static void mend_header(struct table_image *image)
{
	image->header->magic = DITHER_TABLE_MAGIC;
	image->header->version = DITHER_TABLE_VERSION;
	image->header->bytes = (u32)image->size;
	image->header->reserved = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct table_image image;

	try_image(data, size);
	if (size < 9 || size > BYTES_MAX)
		return 0;
	image = make_good(data);
	MUST(try_image(image.bytes, image.size));
	change(&image, data + 8, size - 8);
	try_image(image.bytes, image.size);
	mend_header(&image);
	try_image(image.bytes, image.size);
	free(image.bytes);
	return 0;
}
