// SPDX-License-Identifier: GPL-2.0
/*
 * Rows cut into pages, and rules kept once: user/unwind/rows.h and rules.h,
 * against a list of changes that is searched from its end.
 */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "../../kmod/core/table_lookup.h"
#include "../../user/unwind/rows.h"
#include "random_numbers.h"

#define CHANGES_MAX 4096

struct change {
	u64 offset;
	u16 rule;
};

struct model {
	struct change changes[CHANGES_MAX];
	size_t count;
	struct rules rules;
	struct rows rows;
};

/* Rules that can be told apart by their number. */
static void begin(struct model *model, int rules)
{
	model->count = 0;
	model->rows = (struct rows){ .count = 0 };
	rules_begin(&model->rules);
	for (int i = 1; i < rules; i++) {
		struct dither_rule rule = { .cfa = DITHER_CFA_SP,
					    .cfa_offset = i };

		CU_ASSERT_EQUAL(rules_add(&model->rules, &rule), i);
	}
}

static void end(struct model *model)
{
	rows_end(&model->rows);
	rules_end(&model->rules);
}

static void put(struct model *model, u64 offset, u16 rule)
{
	CU_ASSERT_EQUAL(rows_put(&model->rows, offset, rule), 0);
	model->changes[model->count++] = (struct change){ offset, rule };
}

static u32 expected(const struct model *model, u64 offset)
{
	for (size_t i = model->count; i > 0; i--)
		if (model->changes[i - 1].offset <= offset)
			return model->changes[i - 1].rule;
	return 0;
}

static bool agrees(const struct model *model, const unsigned char *image,
		   u64 offset)
{
	const struct dither_rule *rule = dither_table_find(image, offset);
	u32 number = expected(model, offset);

	return (number ? rule->cfa_offset == (s32)number :
			 rule->cfa == DITHER_CFA_NONE);
}

/* Around each change, and around each page's end. */
static int count_wrong(const struct model *model, const unsigned char *image)
{
	int wrong = 0;

	for (size_t i = 0; i < model->count; i++) {
		u64 at = model->changes[i].offset;
		u64 page = at | 0xffff;

		wrong += !agrees(model, image, at);
		wrong += !agrees(model, image, at - 1);
		wrong += !agrees(model, image, at + 1);
		wrong += !agrees(model, image, page);
		wrong += !agrees(model, image, page + 1);
		wrong += !agrees(model, image, page + 0x8000);
		wrong += !agrees(model, image, page + 0x10001);
	}
	return wrong;
}

static void finish(struct model *model)
{
	size_t bytes;
	unsigned char *image = rows_image(&model->rows, &model->rules,
					  DITHER_TABLE_ARM64, &bytes);

	CU_ASSERT_EQUAL(dither_table_check(image, bytes), 0);
	CU_ASSERT_EQUAL(count_wrong(model, image), 0);
	free(image);
	end(model);
}

static struct model model;

/* Every way to begin, change and end at a page's edge. */
static void edges(void)
{
	static const u64 places[] = { 0x1fffe, 0x1ffff, 0x20000, 0x20001,
				      0x2ffff, 0x30000, 0x30001, 0x50000 };

	for (unsigned int chosen = 1; chosen < 256; chosen++) {
		for (unsigned int zeros = 0; zeros < 256; zeros += 5) {
			u16 rule = 1;

			begin(&model, 12);
			for (int i = 0; i < 8; i++) {
				if (!(chosen >> i & 1))
					continue;
				put(&model, places[i],
				    zeros >> i & 1 ? 0 : rule++);
			}
			put(&model, 0x60000, 1);
			put(&model, 0x61000, 0);
			finish(&model);
		}
	}
}

static void random_changes(void)
{
	u64 random = 3;

	for (int round = 0; round < 300; round++) {
		u64 step = 1ULL << random_below(&random, 19), at;
		int changes = 1 + (int)random_below(&random, 1000);

		begin(&model, 50);
		at = random_below(&random, 1 << 20);
		for (int i = 0; i < changes; i++) {
			put(&model, at, (u16)random_below(&random, 50));
			at += 1 + random_below(&random, step);
		}
		put(&model, at, 7);
		put(&model, at + 1, 0);
		finish(&model);
	}
}

static void merged(void)
{
	begin(&model, 5);
	put(&model, 0x100, 1);
	put(&model, 0x110, 1);
	put(&model, 0x120, 2);
	put(&model, 0x130, 2);
	put(&model, 0x140, 0);
	put(&model, 0x150, 0);
	/* Before, two, and behind. */
	CU_ASSERT_EQUAL(model.rows.count, 4);
	finish(&model);
	/* A gap up to a page's end takes none, nor do pages without rules. */
	begin(&model, 5);
	put(&model, 0x10000, 1);
	put(&model, 0x20000, 0);
	put(&model, 0x90000, 2);
	put(&model, 0xa0000, 0);
	CU_ASSERT_EQUAL(model.rows.count, 2);
	CU_ASSERT_EQUAL(model.rows.page_count, 9);
	finish(&model);
}

static void too_many(void)
{
	int code = 0;

	begin(&model, 2);
	put(&model, 5ULL << 32, 1);
	put(&model, (6ULL << 32), 0);
	CU_ASSERT_EQUAL(model.rows.page_count, DITHER_TABLE_PAGES_MAX);
	CU_ASSERT_EQUAL(rows_put(&model.rows, (6ULL << 32) + 1, 1), -E2BIG);
	end(&model);

	begin(&model, 2);
	for (u64 i = 0; i <= DITHER_TABLE_ROWS_MAX && !code; i++) {
		CU_ASSERT(i >= DITHER_TABLE_ROWS_MAX - 1000 || !code);
		code = rows_put(&model.rows, i, i % 2 ? 0 : 1);
	}
	CU_ASSERT_EQUAL(code, -E2BIG);
	CU_ASSERT_EQUAL(model.rows.count, DITHER_TABLE_ROWS_MAX);
	end(&model);

	begin(&model, 2);
	CU_ASSERT_EQUAL(rows_put(&model.rows, ~0ULL, 1), -E2BIG);
	CU_ASSERT_EQUAL(rows_put(&model.rows, 1ULL << 48, 1), -E2BIG);
	end(&model);
}

static void kept_once(void)
{
	struct dither_rule rule = { .cfa = DITHER_CFA_FP };
	struct rules rules;

	rules_begin(&rules);
	CU_ASSERT_EQUAL(rules_add(&rules, &(struct dither_rule){ 0 }), 0);
	for (u32 round = 0; round < 2; round++) {
		for (u32 i = 1; i < DITHER_TABLE_RULES_MAX; i++) {
			/* Each field in turn makes it another one. */
			rule = (struct dither_rule){ .cfa = DITHER_CFA_FP };
			if (i % 4 == 0)
				rule.cfa_offset = (s32)i * -8;
			else if (i % 4 == 1)
				rule.fp_offset = (s32)i * 8;
			else if (i % 4 == 2)
				rule.ra_offset = (s32)i * -16;
			else
				rule.cfa_addend = (__s16)i;
			CU_ASSERT_EQUAL(rules_add(&rules, &rule), (int)i);
		}
	}
	rule.flags = 1;
	CU_ASSERT_EQUAL(rules_add(&rules, &rule), -E2BIG);
	rules_end(&rules);
}

static const struct unit_case cases[] = {
	{ "changes at pages' edges hold from there on, in any combination",
	  edges },
	{ "so do changes at random distances", random_changes },
	{ "equal neighbours are one row, and gaps take as few as they can",
	  merged },
	{ "more rows or pages than a table can hold are refused", too_many },
	{ "a rule is kept once, and 65536 of them at most", kept_once },
};

UNIT_MAIN("unwind_rows", cases)
