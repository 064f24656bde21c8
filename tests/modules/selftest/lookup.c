// SPDX-License-Identifier: GPL-2.0
/* Unwind tables, and which code lies where in a process. */
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../../../kmod/core/table_lookup.h"
#include "../../../kmod/process_maps.h"
#include "selftest.h"

#define RULES 5U
#define PAGES 3U
#define ROWS_OF_PAGE 16U
#define ROWS (ROWS_OF_PAGE * 2) /* the page in the middle has none */
#define STEP 0x1000U

static void *make_image(u64 *bytes)
{
	struct dither_table_header header = {
		.magic = DITHER_TABLE_MAGIC,
		.version = DITHER_TABLE_VERSION,
		.machine = DITHER_TABLE_X86_64,
		.nr_pages = PAGES,
		.nr_rows = ROWS,
		.nr_rules = RULES,
	};
	struct dither_rule *rules;
	struct dither_row *rows;
	void *image;
	u32 *pages;
	u32 i;

	*bytes = header.bytes = dither_table_bytes(&header);
	image = kzalloc(*bytes, GFP_KERNEL);
	if (!image)
		return NULL;
	memcpy(image, &header, sizeof(header));
	rules = image + sizeof(header);
	for (i = 1; i < RULES; i++)
		rules[i] = (struct dither_rule){
			.cfa = DITHER_CFA_SP,
			.ra = DITHER_SAVED_CFA,
			.cfa_offset = 8 * i,
			.ra_offset = -8,
		};
	pages = image + dither_table_pages_at(&header);
	pages[1] = ROWS_OF_PAGE;
	pages[2] = ROWS_OF_PAGE;
	pages[3] = ROWS;
	rows = image + dither_table_rows_at(&header);
	for (i = 0; i < ROWS; i++)
		rows[i] = (struct dither_row){
			.low = i % ROWS_OF_PAGE * STEP,
			.rule = i % RULES,
		};
	return image;
}

/* The rule's number by counting rows. */
static u32 expected(u64 offset)
{
	u32 page = offset >> DITHER_TABLE_PAGE_SHIFT;
	u32 row = (offset & 0xffff) / STEP;

	if (page == 0)
		return row % RULES;
	return page == 2 ? (ROWS_OF_PAGE + row) % RULES : 0;
}

static const char *look_up_all(const void *image, u64 bytes)
{
	const struct dither_rule *rules =
		image + sizeof(struct dither_table_header);
	u64 offset;

	SELFTEST_EXPECT(!dither_table_check(image, bytes));
	SELFTEST_EXPECT(dither_table_check(image, bytes - 8));
	for (offset = 0; offset < (PAGES + 1) << DITHER_TABLE_PAGE_SHIFT;
	     offset += 0x7f)
		SELFTEST_EXPECT(dither_table_find(image, offset) ==
				&rules[expected(offset)]);
	SELFTEST_EXPECT(dither_table_find(image, ~0ULL) == &rules[0]);
	return NULL;
}

static const char *test_table(void)
{
	const char *wrong;
	void *image;
	u64 bytes;

	image = make_image(&bytes);
	SELFTEST_EXPECT(image);
	wrong = look_up_all(image, bytes);
	kfree(image);
	return wrong;
}

static struct dither_map mapping(u64 start, u64 length)
{
	return (struct dither_map){
		.header.size = sizeof(struct dither_map),
		.header.type = DITHER_RECORD_MAP,
		.header.flags = DITHER_MAP_ANONYMOUS,
		.start = start,
		.length = length,
		.tgid = current->tgid,
	};
}

static bool is_known(unsigned long address)
{
	const struct dither_code_map *map;
	bool known;

	rcu_read_lock();
	map = dither_process_maps_find(current->tgid);
	known = map && dither_code_map_range(map, address);
	rcu_read_unlock();
	return known;
}

static const char *map_and_look(void)
{
	struct dither_map first = mapping(0x10000, 0x4000);
	struct dither_map second = mapping(0x20000, 0x1000);

	SELFTEST_EXPECT(!is_known(0x10000));
	SELFTEST_EXPECT(dither_process_maps_begin(current->group_leader));
	dither_process_maps_add(&first, NULL, NULL);
	dither_process_maps_add(&second, NULL, NULL);
	dither_process_maps_complete(current->tgid);
	SELFTEST_EXPECT(!is_known(0xffff));
	SELFTEST_EXPECT(is_known(0x10000));
	SELFTEST_EXPECT(is_known(0x13fff));
	SELFTEST_EXPECT(!is_known(0x14000));
	SELFTEST_EXPECT(is_known(0x20fff));
	SELFTEST_EXPECT(!is_known(0x21000));
	SELFTEST_EXPECT(!is_known(~0UL));
	dither_process_maps_exec(current);
	SELFTEST_EXPECT(!is_known(0x10000));
	return NULL;
}

static const char *test_map(void)
{
	const char *wrong;

	SELFTEST_EXPECT(!dither_process_maps_watch());
	wrong = map_and_look();
	dither_process_maps_unwatch();
	return wrong;
}

const struct selftest selftest_lookup[] = {
	{ "each offset of a table has the rule that counting rows gives",
	  test_table },
	{ "a process's code is known from its mapping until its exec",
	  test_map },
	{},
};
