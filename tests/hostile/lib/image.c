// SPDX-License-Identifier: GPL-2.0
/* Rules as include/dither/table.h allows them, and nothing that they mean. */
#include "image.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "../../../kmod/core/table_lookup.h"
#include "../../unit/random_numbers.h"

#if defined(__aarch64__)
#define MACHINE DITHER_TABLE_ARM64
#define REGISTERS 29
#else
#define MACHINE DITHER_TABLE_X86_64
#define REGISTERS 6
#endif

#define RULES_MAX 64
#define ROWS_OF_PAGE_MAX 128

static int32_t far_offset(uint64_t *random)
{
	static const int32_t offsets[] = {
		0,    1,     -1,    7,	    8,	       -8,	  16,
		4096, -4096, 65536, -65536, INT32_MAX, INT32_MIN, INT32_MAX - 7,
	};

	return random_below(random, 2) ? offsets[random_below(random, 14)] :
					 (int32_t)random_next(random);
}

static int32_t some_offset(uint64_t *random, enum image_lie lie)
{
	switch (lie) {
	case IMAGE_FAR:
		return far_offset(random);
	case IMAGE_CREEP:
		return 8;
	default:
		return random_below(random, 4) ?
			       8 * ((int32_t)random_below(random, 64) - 16) :
			       far_offset(random);
	}
}

static uint8_t some_saved(uint64_t *random, enum image_lie lie)
{
	if (lie == IMAGE_CREEP)
		return DITHER_SAVED_CFA + random_below(random, 2);
	if (lie == IMAGE_LOOP)
		return DITHER_SAVED_CFA + random_below(random, 3);
	return random_below(random, DITHER_SAVED_COUNT);
}

static int32_t saved_offset(uint64_t *random, uint8_t saved, enum image_lie lie)
{
	if (saved == DITHER_SAVED_NOT || saved == DITHER_SAVED_UNDEFINED)
		return 0;
	/* The words that are most likely to be return addresses. */
	if (lie == IMAGE_CREEP || lie == IMAGE_LOOP)
		return 8 * ((int32_t)random_below(random, 32) - 8);
	return some_offset(random, lie);
}

static void make_rule(struct dither_rule *rule, uint64_t *random,
		      enum image_lie lie)
{
	memset(rule, 0, sizeof(*rule));
	do {
		rule->cfa =
			lie == IMAGE_CREEP ?
				DITHER_CFA_SP :
				1 + random_below(random, DITHER_CFA_COUNT - 1);
	} while (rule->cfa == DITHER_CFA_PLT && MACHINE != DITHER_TABLE_X86_64);
	if (rule->cfa == DITHER_CFA_UNSUPPORTED)
		return;
	if (rule->cfa == DITHER_CFA_REGISTER)
		rule->cfa_register = random_below(random, REGISTERS);
	if (rule->cfa == DITHER_CFA_PLT)
		rule->cfa_addend = random_below(random, 16);
	else if (rule->cfa == DITHER_CFA_SP_DEREF ||
		 rule->cfa == DITHER_CFA_FP_DEREF)
		rule->cfa_addend = random_next(random);
	rule->cfa_offset = some_offset(random, lie);
	rule->fp = some_saved(random, lie);
	rule->fp_offset = saved_offset(random, rule->fp, lie);
	do {
		rule->ra = some_saved(random, lie);
	} while (rule->ra == DITHER_SAVED_NOT &&
		 MACHINE == DITHER_TABLE_X86_64);
	rule->ra_offset = saved_offset(random, rule->ra, lie);
	rule->flags = lie == IMAGE_LOOP || !random_below(random, 4) ?
			      DITHER_RULE_SIGNAL :
			      0;
}

/* Rows of one page: none, or from its start on. Returns how many. */
static uint32_t make_rows(struct dither_row *rows, uint64_t *random,
			  uint32_t room, uint32_t rules)
{
	uint32_t count = random_below(random, room + 1), low = 0, i;

	for (i = 0; i < count && low < 65536; i++) {
		rows[i].low = low;
		rows[i].rule = random_below(random, 16) ?
				       random_below(random, rules) :
				       0;
		low += 1 + random_below(random, 2 * 65536 / room);
	}
	return i;
}

uint32_t image_make(void *room, uint64_t *random, enum image_lie lie,
		    uint32_t first_page, uint32_t nr_pages)
{
	struct dither_table_header *header = room;
	struct dither_rule *rules = (void *)(header + 1);
	uint32_t left, rows = 0, share;
	struct dither_row *row;
	uint32_t *pages;

	*header = (struct dither_table_header){
		.magic = DITHER_TABLE_MAGIC,
		.version = DITHER_TABLE_VERSION,
		.machine = MACHINE,
		.first_page = first_page,
		.nr_pages = nr_pages,
		.nr_rules = 2 + random_below(random, RULES_MAX - 1),
	};
	memset(room + sizeof(*header), 0,
	       dither_table_rows_at(header) - sizeof(*header));
	for (uint32_t i = 1; i < header->nr_rules; i++)
		make_rule(&rules[i], random, lie);
	pages = (void *)((uint8_t *)room + dither_table_pages_at(header));
	row = (void *)((uint8_t *)room + dither_table_rows_at(header));
	left = (IMAGE_ROOM - dither_table_rows_at(header)) / sizeof(*row);
	share = left / nr_pages;
	if (share > ROWS_OF_PAGE_MAX)
		share = ROWS_OF_PAGE_MAX;
	for (uint32_t i = 0; i < nr_pages; i++) {
		pages[i] = rows;
		rows += make_rows(row + rows, random, share, header->nr_rules);
	}
	/* It must have one. */
	if (!rows)
		row[rows++] = (struct dither_row){ 0, 1 };
	pages[nr_pages] = rows;
	header->nr_rows = rows;
	header->bytes = dither_table_bytes(header);
	return header->bytes;
}

/* The header may have been spoilt before, and then leads out of the room. */
static void spoil_page(void *room, uint64_t *random, uint32_t bytes)
{
	const struct dither_table_header *header = room;
	uint32_t *pages;

	if (bytes < sizeof(*header) || dither_table_bytes(header) != bytes)
		return;
	pages = (void *)((uint8_t *)room + dither_table_pages_at(header));
	pages[random_below(random, header->nr_pages + 1)] = random_next(random);
}

uint32_t image_spoil(void *room, uint64_t *random, uint32_t bytes)
{
	struct dither_table_header *header = room;
	uint32_t *words = room;
	uint8_t *image = room;

	if (!bytes)
		return 0;
	switch (random_below(random, 8)) {
	case 0:
		return random_below(random, bytes);
	case 1: /* as large as it says, and not as it counts */
		bytes += 4 * random_below(random, 8);
		header->bytes = bytes = bytes > IMAGE_ROOM ? IMAGE_ROOM : bytes;
		return bytes;
	case 2: /* counts, the machine, the version */
		words[random_below(random, sizeof(*header) / 4)] =
			random_next(random);
		break;
	case 3:
		words[random_below(random, sizeof(*header) / 4)] +=
			random_below(random, 3) - 1;
		break;
	case 4:
		spoil_page(room, random, bytes);
		break;
	default:
		for (uint64_t i = 1 + random_below(random, 4); i; i--)
			image[random_below(random, bytes)] ^=
				1 << random_below(random, 8);
	}
	return bytes;
}

int image_error(const void *image, uint32_t bytes)
{
	const struct dither_table_header *header = image;
	int error = dither_table_check(image, bytes);

	return !error && header->machine != MACHINE ? -EINVAL : error;
}
