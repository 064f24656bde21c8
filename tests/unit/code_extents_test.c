// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says of code that comes and goes:
 * user/capture/code_extents.h.
 */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../user/capture/code_extents.h"
#include "../../user/capture/kernel_chunks.h"

static void modules(void)
{
	struct code_extent extent = { 0 };

	CU_ASSERT_FATAL(extents_parse_module(
		"zram 40960 1 lz4,lz4_compress, Live 0xffffffffc0a01000 (E)\n",
		&extent));
	CU_ASSERT_EQUAL(extent.start, 0xffffffffc0a01000);
	CU_ASSERT_EQUAL(extent.end, 0xffffffffc0a0b000);
	CU_ASSERT_STRING_EQUAL(extent.module, "[zram]");
	CU_ASSERT_PTR_NULL(extent.name);
	free(extent.module);
	CU_ASSERT_FATAL(extents_parse_module(
		"dither 4096 0 - Loading 0xffffffffc0a01000", &extent));
	free(extent.module);
	/* Hidden; damaged. */
	CU_ASSERT_FALSE(extents_parse_module(
		"zram 40960 1 - Live 0x0000000000000000\n", &extent));
	CU_ASSERT_FALSE(extents_parse_module("zram 40960 1 - Live\n", &extent));
	CU_ASSERT_FALSE(extents_parse_module("\n", &extent));
	CU_ASSERT_FALSE(extents_parse_module(
		"zram 4096 1 - Live 0xffffffffffffffff\n", &extent));
}

static void areas(void)
{
	uint64_t start, end;

	CU_ASSERT(extents_parse_area(
		"0xffffffffc0a01000-0xffffffffc0a0c000   45056 move_module+0x1 pages=10 vmalloc\n",
		&start, &end));
	CU_ASSERT_EQUAL(start, 0xffffffffc0a01000);
	CU_ASSERT_EQUAL(end, 0xffffffffc0a0c000);
	/* Made up, so that nothing can be told by them. */
	CU_ASSERT_FALSE(extents_parse_area(
		"0x000000005ebe5396-0x000000000a645f1e   20480 irq_init\n",
		&start, &end));
	CU_ASSERT_FALSE(extents_parse_area("", &start, &end));
}

static void names(void)
{
	static char text[] =
		"f\t[m]\0p\t[bpf]\0q\t[bpf]\0t\t[__builtin__ftrace]";
	struct captured_symbol symbol[] = {
		{ 0x1000, 0 },
		{ 0x2000, 6 },
		{ 0x2100, 14 },
		{ 0x5010, 22 },
	};
	const struct captured_symbols symbols = {
		.text = text,
		.symbol = symbol,
		.count = 4,
	};
	struct code_extents extents = { .count = 0 };
	struct code_extent wanted = { .start = 0x2000, .module = "[bpf]" };

	extents_finish(&extents, &symbols);
	CU_ASSERT_EQUAL_FATAL(extents.count, 3);
	CU_ASSERT_STRING_EQUAL(extents.extent[0].name, "p");
	CU_ASSERT_EQUAL(extents.extent[0].start, 0x2000);
	CU_ASSERT_EQUAL(extents.extent[0].end, 0x2100);
	CU_ASSERT_EQUAL(extents.extent[1].end, 0x3000);
	CU_ASSERT_STRING_EQUAL(extents.extent[2].module, "[__builtin__ftrace]");
	CU_ASSERT_EQUAL(extents.extent[2].end, 0x6000);
	CU_ASSERT(extents_have(&extents, &wanted));
	wanted.start = 0x2001;
	CU_ASSERT_FALSE(extents_have(&extents, &wanted));
	extents_free(&extents);
}

static const struct unit_case cases[] = {
	{ "a module's line tells where all of it is", modules },
	{ "an area's line tells its size twice, or is made up", areas },
	{ "programs and trampolines end where the next one begins", names },
};

UNIT_MAIN("extents", cases)
