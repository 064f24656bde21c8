// SPDX-License-Identifier: GPL-2.0
/* Which of several symbols answers for an address: user/resolve/symbols.h. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "../../user/resolve/symbols.h"

#define LIMIT 0x1000

static struct symbols *table;

static void begin(void)
{
	table = symbols_new();
}

static void add_as(const char *name, uint64_t start, uint64_t size,
		   enum symbol_rank rank, bool label)
{
	struct symbol_entry entry = {
		.start = start,
		.size = size,
		.limit = LIMIT,
		.rank = rank,
		.label = label,
	};

	CU_ASSERT(!symbols_add_names(table, name, strlen(name), &entry.name,
				     NULL));
	symbols_add(table, &entry);
}

static void add(const char *name, uint64_t start, uint64_t size)
{
	add_as(name, start, size, SYMBOL_GLOBAL, false);
}

/* The name at @address, or "". */
static const char *at(uint64_t address)
{
	struct symbol symbol;

	return symbols_find(table, address, &symbol) ? symbol.name : "";
}

static void end(void)
{
	symbols_free(table);
}

#define EXPECT(address, name) CU_ASSERT_STRING_EQUAL(at(address), name)

static void test_bounds(void)
{
	struct symbol symbol;

	begin();
	add("second", 0x200, 0x10);
	add("first", 0x100, 0x10);
	symbols_finish(table);
	EXPECT(0, "");
	EXPECT(0xff, "");
	EXPECT(0x100, "first");
	EXPECT(0x10f, "first");
	EXPECT(0x110, "");
	EXPECT(0x1ff, "");
	EXPECT(0x20f, "second");
	EXPECT(0x210, "");
	EXPECT(UINT64_MAX, "");
	CU_ASSERT(symbols_find(table, 0x205, &symbol));
	CU_ASSERT_EQUAL(symbol.start, 0x200);
	CU_ASSERT(!symbol.stub);
	end();
}

static void test_empty(void)
{
	begin();
	symbols_finish(table);
	EXPECT(0, "");
	EXPECT(0x100, "");
	end();
}

static void test_nested(void)
{
	begin();
	add("outer", 0x100, 0x100);
	add("middle", 0x120, 0x40);
	add("inner", 0x130, 0x10);
	add("crossing", 0x1f0, 0x20);
	symbols_finish(table);
	EXPECT(0x11f, "outer");
	EXPECT(0x120, "middle");
	EXPECT(0x130, "inner");
	EXPECT(0x13f, "inner");
	EXPECT(0x140, "middle");
	EXPECT(0x160, "outer");
	EXPECT(0x1f0, "crossing");
	EXPECT(0x20f, "crossing");
	EXPECT(0x210, "");
	end();
}

static void test_aliases(void)
{
	begin();
	add_as("a_local", 0x100, 16, SYMBOL_LOCAL, false);
	add_as("a_weak", 0x100, 16, SYMBOL_WEAK, false);
	add("_a_global", 0x100, 16);
	add("z_global", 0x100, 16);
	add("y_global", 0x100, 16);
	add_as("weak", 0x200, 16, SYMBOL_WEAK, false);
	add_as("local", 0x200, 16, SYMBOL_LOCAL, false);
	add_as("stub", 0x200, 16, SYMBOL_STUB, false);
	add_as("stub", 0x300, 16, SYMBOL_STUB, false);
	symbols_finish(table);
	EXPECT(0x108, "y_global");
	EXPECT(0x20f, "weak");
	EXPECT(0x300, "stub");
	end();
}

static void test_aliases_of_other_sizes(void)
{
	begin();
	add("short", 0x100, 8);
	add_as("long", 0x100, 32, SYMBOL_LOCAL, false);
	symbols_finish(table);
	EXPECT(0x107, "short");
	EXPECT(0x108, "long");
	EXPECT(0x11f, "long");
	EXPECT(0x120, "");
	end();
}

static void test_sizeless(void)
{
	begin();
	add("sizeless", 0x100, 0);
	add("next", 0x180, 0x10);
	add("last", 0xf00, 0);
	symbols_finish(table);
	EXPECT(0x17f, "sizeless");
	EXPECT(0x180, "next");
	EXPECT(0x190, "");
	EXPECT(0xfff, "last");
	EXPECT(LIMIT, "");
	end();
}

static void test_sizeless_in_sized(void)
{
	begin();
	add("around", 0x100, 0x20);
	add_as("alias", 0x100, 0, SYMBOL_LOCAL, false);
	add("part", 0x110, 0);
	add("far", 0x300, 0x10);
	symbols_finish(table);
	EXPECT(0x10f, "around");
	EXPECT(0x110, "part");
	EXPECT(0x11f, "part");
	EXPECT(0x120, "");
	end();
}

static void test_labels(void)
{
	begin();
	add("function", 0x100, 0x20);
	add_as("loop", 0x110, 0, SYMBOL_LOCAL, true);
	add_as("_start", 0x200, 0, SYMBOL_GLOBAL, true);
	symbols_finish(table);
	EXPECT(0x110, "function");
	EXPECT(0x11f, "function");
	EXPECT(0x120, "");
	EXPECT(0x200, "_start");
	end();
}

static void test_clipped(void)
{
	begin();
	add("huge", 0xf00, UINT64_MAX - 1);
	add("outside", LIMIT, 1);
	symbols_finish(table);
	EXPECT(0xfff, "huge");
	EXPECT(LIMIT, "");
	EXPECT(UINT64_MAX, "");
	end();
}

static void test_endless_name(void)
{
	static char name[SYMBOL_NAME_MAX + 2];

	begin();
	memset(name, 'x', SYMBOL_NAME_MAX);
	add(name, 0x100, 8);
	add(name + 1, 0x200, 8);
	add("", 0x300, 8);
	symbols_finish(table);
	EXPECT(0x100, "");
	CU_ASSERT_EQUAL(strlen(at(0x200)), SYMBOL_NAME_MAX - 1);
	EXPECT(0x300, "");
	CU_ASSERT_EQUAL(symbols_count(table), 2);
	end();
}

/* The slow and obvious answer: the latest start that covers. */
static const char *slow_at(const uint64_t (*ranges)[2], char (*names)[8],
			   int count, uint64_t address)
{
	int best = -1;

	for (int i = 0; i < count; i++) {
		if (address < ranges[i][0] || address >= ranges[i][1])
			continue;
		if (best < 0 || ranges[i][0] > ranges[best][0] ||
		    (ranges[i][0] == ranges[best][0] &&
		     strcmp(names[i], names[best]) < 0))
			best = i;
	}
	return best < 0 ? "" : names[best];
}

static void test_random(void)
{
	uint64_t state = 1;
	int wrong = 0;

	for (int round = 0; round < 300; round++) {
		uint64_t ranges[24][2];
		char names[24][8];

		begin();
		for (int i = 0; i < 24; i++) {
			state = state * 6364136223846793005ULL + 1;
			ranges[i][0] = state >> 58;
			ranges[i][1] = ranges[i][0] + 1 + (state >> 40 & 15);
			snprintf(names[i], sizeof(names[i]), "s%d", i);
			add(names[i], ranges[i][0],
			    ranges[i][1] - ranges[i][0]);
		}
		symbols_finish(table);
		for (uint64_t address = 0; address < 90; address++)
			wrong += !!strcmp(at(address),
					  slow_at(ranges, names, 24, address));
		end();
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

/* What only old programs call bears the name of what new ones do. */
static void test_old(void)
{
	struct symbol found;
	uint32_t base;

	begin();
	CU_ASSERT_EQUAL(symbols_add_names(table, "cfree\0free\0old", 15, &base,
					  NULL), 0);
	for (uint32_t i = 0; i < 2; i++) {
		const struct symbol_entry entry = {
			.start = 0x100,
			.size = 16,
			.limit = LIMIT,
			.name = base + i * 6,
			.rank = i ? SYMBOL_WEAK : SYMBOL_GLOBAL,
			.old = !i,
		};
		const struct symbol_entry alone = {
			.start = 0x200,
			.size = 16,
			.limit = LIMIT,
			.name = base + 11,
			.rank = SYMBOL_STUB,
			.old = true,
		};

		symbols_add(table, &entry);
		symbols_add(table, &alone);
	}
	symbols_finish(table);
	CU_ASSERT(symbols_find(table, 0x108, &found));
	CU_ASSERT_STRING_EQUAL(found.name, "free");
	CU_ASSERT_FALSE(found.stub);
	CU_ASSERT(symbols_find(table, 0x200, &found));
	CU_ASSERT_STRING_EQUAL(found.name, "old");
	CU_ASSERT(found.stub);
	symbols_free(table);
}

static const struct unit_case cases[] = {
	{ "of one address a default version is shown, and if there is none another",
	  test_old },
	{ "a symbol covers its bytes and nothing else", test_bounds },
	{ "an empty table has no answers", test_empty },
	{ "of nested symbols the innermost answers", test_nested },
	{ "global, weak, local, no underscore, bytewise: the preferred alias",
	  test_aliases },
	{ "a longer alias answers behind the preferred one",
	  test_aliases_of_other_sizes },
	{ "a symbol without size reaches to the next or the section's end",
	  test_sizeless },
	{ "a symbol without size ends with the one around it",
	  test_sizeless_in_sized },
	{ "a label answers only where no function does", test_labels },
	{ "a size beyond the section is cut", test_clipped },
	{ "names without end and empty names are none", test_endless_name },
	{ "random overlaps give what a slow search gives", test_random },
};

UNIT_MAIN("symbols", cases)
