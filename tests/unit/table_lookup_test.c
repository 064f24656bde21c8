// SPDX-License-Identifier: GPL-2.0
/*
 * kmod/core/table_lookup.h: which images are tables, and what a search in them
 * finds. Images are made here by hand, so that nothing is tested against
 * itself.
 */
#include "unit.h"

#include <stdio.h>

#include "../../kmod/core/table_lookup.h"
#include "random_numbers.h"
#include "table_images.h"

static bool accepted(const struct table_image *image)
{
	return dither_table_check(image->bytes, image->size) == 0;
}

/* Three pages from number 5 on; the second one is empty. */
static struct table_image make(u16 machine)
{
	struct table_image image = table_image_new(machine, 3, 3, 5);

	image.header->first_page = 5;
	image.rules[1] = (struct dither_rule){ .cfa = DITHER_CFA_SP,
					       .ra = DITHER_SAVED_CFA,
					       .cfa_offset = 8,
					       .ra_offset = -8 };
	image.rules[2] = (struct dither_rule){ .cfa = DITHER_CFA_FP,
					       .fp = DITHER_SAVED_CFA,
					       .ra = DITHER_SAVED_CFA,
					       .cfa_offset = 16,
					       .fp_offset = -16,
					       .ra_offset = -8 };
	image.pages[1] = 3;
	image.pages[2] = 3;
	image.rows[0] = (struct dither_row){ 0, 1 };
	image.rows[1] = (struct dither_row){ 0x100, 2 };
	image.rows[2] = (struct dither_row){ 0xffff, 0 };
	image.rows[3] = (struct dither_row){ 0, 0 };
	image.rows[4] = (struct dither_row){ 0x80, 1 };
	return image;
}

static void good(void)
{
	struct table_image x86 = make(DITHER_TABLE_X86_64);
	struct table_image arm = make(DITHER_TABLE_ARM64);

	CU_ASSERT_EQUAL(sizeof(struct dither_rule), 20);
	CU_ASSERT_EQUAL(sizeof(struct dither_table_header), 32);
	CU_ASSERT_EQUAL(dither_table_bytes(x86.header), x86.size);
	CU_ASSERT(accepted(&x86));
	CU_ASSERT(accepted(&arm));
	free(x86.bytes);
	free(arm.bytes);
}

static u32 found(const struct table_image *image, u64 offset)
{
	return (u32)(dither_table_find(image->bytes, offset) - image->rules);
}

static void edges(void)
{
	struct table_image image = make(DITHER_TABLE_X86_64);

	CU_ASSERT_EQUAL(found(&image, 0), 0);
	CU_ASSERT_EQUAL(found(&image, 0x4ffff), 0);
	CU_ASSERT_EQUAL(found(&image, 0x50000), 1);
	CU_ASSERT_EQUAL(found(&image, 0x500ff), 1);
	CU_ASSERT_EQUAL(found(&image, 0x50100), 2);
	CU_ASSERT_EQUAL(found(&image, 0x5fffe), 2);
	CU_ASSERT_EQUAL(found(&image, 0x5ffff), 0);
	CU_ASSERT_EQUAL(found(&image, 0x60000), 0);
	CU_ASSERT_EQUAL(found(&image, 0x6ffff), 0);
	CU_ASSERT_EQUAL(found(&image, 0x7007f), 0);
	CU_ASSERT_EQUAL(found(&image, 0x70080), 1);
	CU_ASSERT_EQUAL(found(&image, 0x7ffff), 1);
	CU_ASSERT_EQUAL(found(&image, 0x80000), 0);
	CU_ASSERT_EQUAL(found(&image, 0x50100 + (1ULL << 32)), 0);
	CU_ASSERT_EQUAL(found(&image, 0x50100 + (1ULL << 48)), 0);
	CU_ASSERT_EQUAL(found(&image, ~0ULL), 0);
	free(image.bytes);
}

/* The last row that is not above; rule 0 where there is none. */
static u32 expected(const struct table_image *image, u64 offset)
{
	u64 page = offset >> 16;
	u32 rule = 0;

	if (page < image->header->first_page ||
	    page - image->header->first_page >= image->header->nr_pages)
		return 0;
	page -= image->header->first_page;
	for (u32 i = image->pages[page]; i < image->pages[page + 1]; i++)
		if (image->rows[i].low <= (offset & 0xffff))
			rule = image->rows[i].rule;
	return rule;
}

/* Pages of 0 to 299 rows, at random distances. */
static struct table_image random_image(u64 *random)
{
	u32 counts[4], rows = 0, row = 0;
	struct table_image image;

	for (u32 page = 0; page < 4; page++) {
		counts[page] = (u32)random_below(random, 4) ?
				       (u32)random_below(random, 300) :
				       0;
		rows += counts[page];
	}
	image = table_image_new(DITHER_TABLE_ARM64, 40, 4, rows + 1);
	image.header->first_page = (u32)random_below(random, 3);
	for (u32 i = 1; i < 40; i++)
		image.rules[i] = (struct dither_rule){ .cfa = DITHER_CFA_SP,
						       .cfa_offset = (s32)i };
	counts[3]++;
	for (u32 page = 0; page < 4; page++) {
		u32 low = 0;

		image.pages[page] = row;
		for (u32 i = 0; i < counts[page]; i++) {
			image.rows[row++] = (struct dither_row){
				(u16)low, (u16)random_below(random, 40)
			};
			low += 1 + (u32)random_below(random, 200);
		}
	}
	return image;
}

static void searches(void)
{
	int wrong = 0, refused = 0;
	u64 random = 7;

	for (int round = 0; round < 50; round++) {
		struct table_image image = random_image(&random);

		refused += !accepted(&image);
		for (u32 i = 0; i < image.header->nr_rows; i++) {
			u64 page = 0, at;

			while (image.pages[page + 1] <= i)
				page++;
			at = ((image.header->first_page + page) << 16) +
			     image.rows[i].low;
			wrong += found(&image, at) != expected(&image, at);
			wrong += found(&image, at - 1) !=
				 expected(&image, at - 1);
		}
		for (int i = 0; i < 1000; i++) {
			u64 at = random_below(&random, 8ULL << 16);

			wrong += found(&image, at) != expected(&image, at);
		}
		free(image.bytes);
	}
	CU_ASSERT_EQUAL(refused, 0);
	CU_ASSERT_EQUAL(wrong, 0);
}

static void sizes(void)
{
	struct table_image image = make(DITHER_TABLE_X86_64);

	for (size_t size = 0; size < image.size; size++) {
		/* In memory of its own: reading beyond it is noticed. */
		unsigned char *part = malloc(size + 1);

		memcpy(part, image.bytes, size);
		CU_ASSERT_NOT_EQUAL(dither_table_check(part, size), 0);
		free(part);
	}
	image.header->bytes += 4;
	CU_ASSERT(!accepted(&image));
	image.header->bytes -= 4;
	CU_ASSERT(accepted(&image));
	free(image.bytes);
}

/* Each count as large as it can be, in an image as small as this one. */
static void claims(void)
{
	static const u32 values[] = { 0, 1, 2, 4, 6, 255, 65535, 65536, 65537,
				      1U << 24, (1U << 24) + 1, 1U << 30,
				      1U << 31, ~0U - 1, ~0U };
	struct table_image image = make(DITHER_TABLE_X86_64);
	u32 *counts[] = { &image.header->nr_pages, &image.header->nr_rows,
			  &image.header->nr_rules };

	for (u32 i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		for (int which = 0; which < 3; which++) {
			u32 honest = *counts[which];

			*counts[which] = values[i];
			CU_ASSERT(!accepted(&image));
			*counts[which] = honest;
		}
	}
	image.header->first_page = ~0U - 3;
	CU_ASSERT(accepted(&image));
	CU_ASSERT_EQUAL(found(&image, (0xfffffffcULL << 16) + 0x100), 2);
	image.header->first_page = ~0U - 2;
	CU_ASSERT(!accepted(&image));
	free(image.bytes);
}

static void headers(void)
{
	struct table_image image = make(DITHER_TABLE_X86_64);

	image.header->magic ^= 1;
	CU_ASSERT_EQUAL(dither_table_check(image.bytes, image.size), -EINVAL);
	image.header->magic ^= 1;
	image.header->version++;
	CU_ASSERT_EQUAL(dither_table_check(image.bytes, image.size), -EPROTO);
	image.header->version--;
	image.header->reserved = 1;
	CU_ASSERT(!accepted(&image));
	image.header->reserved = 0;
	for (u16 machine = 0; machine < 5; machine++) {
		image.header->machine = machine;
		CU_ASSERT_EQUAL(accepted(&image),
				machine == DITHER_TABLE_X86_64 ||
					machine == DITHER_TABLE_ARM64);
	}
	free(image.bytes);
}

/* Whether the image still passes after one number of it was changed. */
#define STAYS_GOOD(place, value)					\
	({								\
		struct table_image image = make(DITHER_TABLE_X86_64);	\
		bool passes;						\
									\
		image.place = (value);					\
		passes = accepted(&image);				\
		free(image.bytes);					\
		passes;							\
	})

static void rows(void)
{
	CU_ASSERT(STAYS_GOOD(pages[1], 3));
	CU_ASSERT(!STAYS_GOOD(pages[0], 1));
	CU_ASSERT(!STAYS_GOOD(pages[1], 4));
	CU_ASSERT(!STAYS_GOOD(pages[1], ~0U));
	CU_ASSERT(!STAYS_GOOD(pages[2], 2));
	CU_ASSERT(!STAYS_GOOD(pages[3], 4));
	CU_ASSERT(!STAYS_GOOD(pages[3], 6));
	CU_ASSERT(STAYS_GOOD(rows[1].low, 1));
	CU_ASSERT(!STAYS_GOOD(rows[0].low, 1));
	CU_ASSERT(!STAYS_GOOD(rows[1].low, 0));
	CU_ASSERT(!STAYS_GOOD(rows[1].low, 0xffff));
	CU_ASSERT(!STAYS_GOOD(rows[3].low, 1));
	CU_ASSERT(STAYS_GOOD(rows[4].rule, 2));
	CU_ASSERT(!STAYS_GOOD(rows[4].rule, 3));
	CU_ASSERT(!STAYS_GOOD(rows[0].rule, 0xffff));
}

/* Between parts: 4 bytes behind three rules, none behind four page numbers. */
static void paddings(void)
{
	struct table_image image = make(DITHER_TABLE_X86_64);
	unsigned char *behind = (unsigned char *)&image.rules[3];

	CU_ASSERT_EQUAL_FATAL((unsigned char *)image.pages - behind, 4);
	behind[3] = 1;
	CU_ASSERT(!accepted(&image));
	free(image.bytes);

	image = table_image_new(DITHER_TABLE_X86_64, 2, 2, 1);
	behind = (unsigned char *)&image.pages[3];
	CU_ASSERT_EQUAL_FATAL((unsigned char *)image.rows - behind, 4);
	image.rules[1].cfa = DITHER_CFA_UNSUPPORTED;
	image.pages[1] = 1;
	CU_ASSERT(accepted(&image));
	behind[0] = 1;
	CU_ASSERT(!accepted(&image));
	free(image.bytes);
}

static bool rule_passes(u16 machine, struct dither_rule rule)
{
	struct table_image image = make(machine);
	bool passes;

	image.rules[2] = rule;
	passes = accepted(&image);
	free(image.bytes);
	return passes;
}

#define X86(...)							\
	rule_passes(DITHER_TABLE_X86_64, (struct dither_rule){ __VA_ARGS__ })
#define ARM(...)							\
	rule_passes(DITHER_TABLE_ARM64, (struct dither_rule){ __VA_ARGS__ })
#define SAVED .ra = DITHER_SAVED_CFA, .ra_offset = -8

static void cfas(void)
{
	CU_ASSERT(!X86(.cfa = DITHER_CFA_NONE));
	CU_ASSERT(!X86(.cfa = DITHER_CFA_COUNT, SAVED));
	CU_ASSERT(!X86(.cfa = 255, SAVED));
	CU_ASSERT(X86(.cfa = DITHER_CFA_SP, .cfa_offset = INT32_MIN, SAVED));
	CU_ASSERT(!X86(.cfa = DITHER_CFA_SP, .cfa_register = 1, SAVED));
	CU_ASSERT(!X86(.cfa = DITHER_CFA_FP, .cfa_addend = 1, SAVED));
	CU_ASSERT(X86(.cfa = DITHER_CFA_SP_DEREF, .cfa_addend = -1, SAVED));
	CU_ASSERT(X86(.cfa = DITHER_CFA_FP_DEREF, .cfa_addend = 8, SAVED));
	CU_ASSERT(!X86(.cfa = DITHER_CFA_FP_DEREF, .cfa_register = 6, SAVED));
	for (int i = 0; i < 256; i++) {
		CU_ASSERT_EQUAL(X86(.cfa = DITHER_CFA_REGISTER,
				    .cfa_register = (u8)i, SAVED),
				i < 16 && i != 6 && i != 7);
		CU_ASSERT_EQUAL(ARM(.cfa = DITHER_CFA_REGISTER,
				    .cfa_register = (u8)i),
				i < 31 && i != 29);
		CU_ASSERT_EQUAL(X86(.cfa = DITHER_CFA_PLT,
				    .cfa_addend = (__s16)(i - 64), SAVED),
				i >= 64 && i < 80);
	}
	CU_ASSERT(!ARM(.cfa = DITHER_CFA_PLT, .cfa_addend = 11));
	CU_ASSERT(!X86(.cfa = DITHER_CFA_REGISTER, .cfa_addend = 1, SAVED));
	CU_ASSERT(X86(.cfa = DITHER_CFA_UNSUPPORTED));
	CU_ASSERT(!X86(.cfa = DITHER_CFA_UNSUPPORTED, SAVED));
	CU_ASSERT(!X86(.cfa = DITHER_CFA_UNSUPPORTED, .cfa_offset = 8));
	CU_ASSERT(!X86(.cfa = DITHER_CFA_UNSUPPORTED,
		       .flags = DITHER_RULE_SIGNAL));
}

static void saved(void)
{
	for (int i = 0; i < 256; i++) {
		bool known = i < DITHER_SAVED_COUNT;
		bool with_offset = i >= DITHER_SAVED_CFA &&
				   i <= DITHER_SAVED_FP;

		CU_ASSERT_EQUAL(X86(.cfa = DITHER_CFA_SP, .ra = (u8)i),
				known && i != DITHER_SAVED_NOT);
		CU_ASSERT_EQUAL(ARM(.cfa = DITHER_CFA_SP, .ra = (u8)i), known);
		CU_ASSERT_EQUAL(ARM(.cfa = DITHER_CFA_SP, .fp = (u8)i), known);
		CU_ASSERT_EQUAL(ARM(.cfa = DITHER_CFA_SP, .ra = (u8)i,
				    .ra_offset = 8),
				with_offset);
		CU_ASSERT_EQUAL(ARM(.cfa = DITHER_CFA_SP, .fp = (u8)i,
				    .fp_offset = -8),
				with_offset);
	}
}

static void flags(void)
{
	for (int i = 0; i < 256; i++) {
		CU_ASSERT_EQUAL(X86(.cfa = DITHER_CFA_SP, .flags = (u8)i,
				    SAVED),
				!(i & ~(DITHER_RULE_SIGNAL | DITHER_RULE_GO)));
		CU_ASSERT_EQUAL(ARM(.cfa = DITHER_CFA_SP, .flags = (u8)i,
				    SAVED),
				!(i & ~DITHER_RULE_SIGNAL));
	}
	CU_ASSERT(X86(.cfa = DITHER_CFA_SP, .bx = 2, SAVED));
	CU_ASSERT(!ARM(.cfa = DITHER_CFA_SP, .bx = 2, SAVED));
}

/* Rule 0 is what an address without a row gets. */
static void first_rule(void)
{
	CU_ASSERT(!STAYS_GOOD(rules[0].cfa, DITHER_CFA_SP));
	CU_ASSERT(!STAYS_GOOD(rules[0].cfa_register, 1));
	CU_ASSERT(!STAYS_GOOD(rules[0].fp, 1));
	CU_ASSERT(!STAYS_GOOD(rules[0].ra, 1));
	CU_ASSERT(!STAYS_GOOD(rules[0].cfa_offset, 1));
	CU_ASSERT(!STAYS_GOOD(rules[0].fp_offset, 1));
	CU_ASSERT(!STAYS_GOOD(rules[0].ra_offset, 1));
	CU_ASSERT(!STAYS_GOOD(rules[0].cfa_addend, 1));
	CU_ASSERT(!STAYS_GOOD(rules[0].flags, 1));
	CU_ASSERT(!STAYS_GOOD(rules[0].bx, 1));
}

static const struct unit_case cases[] = {
	{ "an image as described is accepted, for both machines", good },
	{ "a row holds up to the next, a page to its end, nothing beyond",
	  edges },
	{ "every search finds the last row that is not above", searches },
	{ "an image cut anywhere, or with more behind, is refused", sizes },
	{ "counts that the image has no room for are refused", claims },
	{ "other magics, versions and machines are refused", headers },
	{ "rows out of order, and rules that do not exist, are refused", rows },
	{ "what fills the space between parts is zero", paddings },
	{ "a CFA has the fields of its kind and no others", cfas },
	{ "what is saved has a place of a known kind, or no offset", saved },
	{ "flags that mean nothing are refused", flags },
	{ "rule 0 is empty", first_rule },
};

UNIT_MAIN("table", cases)
