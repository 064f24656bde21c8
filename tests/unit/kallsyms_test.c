// SPDX-License-Identifier: GPL-2.0
/* Kernel symbols: user/resolve/kallsyms.h. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "../../user/resolve/kallsyms.h"

static const char text[] =
	"ffffffff81000000 _text\n"
	"ffffffff81000000 startup_64\n"
	"ffffffff81000000 _stext\n"
	"ffffffff81000100 schedule\n"
	"ffffffff81000200 schedule_timeout\n"
	"ffffffffc0100000 ext4_sync_file\t[ext4]\n"
	"ffffffffc0100080 nf_hook\t[nf_tables]\n";

static struct kallsyms *parse(const char *source, size_t length)
{
	struct kallsyms *kallsyms = NULL;
	struct error error = { "" };

	CU_ASSERT_EQUAL(kallsyms_parse(source, length, &kallsyms, &error), 0);
	CU_ASSERT_STRING_EQUAL(error.text, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(kallsyms);
	return kallsyms;
}

static void expect(const struct kallsyms *kallsyms, uint64_t address,
		   const char *name, const char *module, uint64_t start)
{
	struct kernel_symbol symbol = { 0, "", "" };

	CU_ASSERT(kallsyms_find(kallsyms, address, &symbol));
	CU_ASSERT_STRING_EQUAL(symbol.name, name);
	CU_ASSERT_STRING_EQUAL(symbol.module, module);
	CU_ASSERT_EQUAL(symbol.start, start);
}

static void test_find(void)
{
	struct kallsyms *kallsyms = parse(text, strlen(text));

	expect(kallsyms, 0xffffffff81000100, "schedule", "[kernel]",
	       0xffffffff81000100);
	expect(kallsyms, 0xffffffff810001ff, "schedule", "[kernel]",
	       0xffffffff81000100);
	expect(kallsyms, 0xffffffffc010007f, "ext4_sync_file", "[ext4]",
	       0xffffffffc0100000);
	expect(kallsyms, 0xffffffffc0100080, "nf_hook", "[nf_tables]",
	       0xffffffffc0100080);
	CU_ASSERT(!kallsyms_hidden(kallsyms));
	kallsyms_free(kallsyms);
}

static void test_aliases(void)
{
	struct kallsyms *kallsyms = parse(text, strlen(text));

	expect(kallsyms, 0xffffffff81000010, "startup_64", "[kernel]",
	       0xffffffff81000000);
	kallsyms_free(kallsyms);
}

static void test_outside(void)
{
	struct kallsyms *kallsyms = parse(text, strlen(text));
	struct kernel_symbol symbol;

	CU_ASSERT(!kallsyms_find(kallsyms, 0xffffffff80ffffff, &symbol));
	CU_ASSERT(!kallsyms_find(kallsyms, 0, &symbol));
	CU_ASSERT(kallsyms_find(kallsyms, 0xffffffffc0200080, &symbol));
	CU_ASSERT(!kallsyms_find(kallsyms, 0xffffffffc0200081, &symbol));
	CU_ASSERT(!kallsyms_find(kallsyms, UINT64_MAX, &symbol));
	/* between the kernel and its modules */
	CU_ASSERT(!kallsyms_find(kallsyms, 0xffffffffa0000000, &symbol));
	kallsyms_free(kallsyms);
}

static void test_order(void)
{
	struct kallsyms *kallsyms = parse("300 c\n100 a\n200 b", 17);

	expect(kallsyms, 0x1ff, "a", "[kernel]", 0x100);
	expect(kallsyms, 0x2ff, "b", "[kernel]", 0x200);
	expect(kallsyms, 0x300, "c", "[kernel]", 0x300);
	kallsyms_free(kallsyms);
}

static void test_hidden(void)
{
	static const char hidden[] = "0000000000000000 _text\n"
				     "0 f\t[ext4]\n";
	struct kallsyms *kallsyms = parse(hidden, strlen(hidden));
	struct kernel_symbol symbol;

	CU_ASSERT(kallsyms_hidden(kallsyms));
	CU_ASSERT(!kallsyms_find(kallsyms, 0, &symbol));
	CU_ASSERT(!kallsyms_find(kallsyms, 0xffffffff81000100, &symbol));
	kallsyms_free(kallsyms);

	kallsyms = parse("", 0);
	CU_ASSERT(!kallsyms_hidden(kallsyms));
	CU_ASSERT(!kallsyms_find(kallsyms, 0x100, &symbol));
	kallsyms_free(kallsyms);
}

static void test_garbage(void)
{
	static const struct {
		const char *line;
		size_t length;
	} bad[] = {
		{ "\n", 1 },
		{ "schedule\n", 9 },
		{ "ffffffff81000300\n", 17 },
		{ "ffffffff81000300 \n", 18 },
		{ "ffffffff81000300\tname\n", 22 },
		{ "ffffffff81000300 T name\n", 24 },
		{ "ffffffff81000300 name\text4\n", 27 },
		{ "ffffffff81000300 name\t[]\n", 25 },
		{ "ffffffff81000300 name\t[ext4\n", 28 },
		{ "1ffffffff81000300 name\n", 23 },
		{ "0x100 name\n", 11 },
		{ "ffffffff81000300 na\0me\n", 23 },
		{ " ffffffff81000300 name\n", 23 },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kallsyms *kallsyms = NULL;
		struct error error = { "" };
		char source[512];
		size_t length = strlen(text);

		memcpy(source, text, length);
		memcpy(source + length, bad[i].line, bad[i].length);
		length += bad[i].length;
		CU_ASSERT_EQUAL(kallsyms_parse(source, length, &kallsyms,
					       &error), -EINVAL);
		CU_ASSERT_PTR_NULL(kallsyms);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "line 8:"));
	}
}

static void expect_extent(struct kallsyms *kallsyms, const char *module,
			  uint64_t wanted_start, uint64_t wanted_end)
{
	uint64_t start, end;

	kallsyms_extent(kallsyms, module, &start, &end);
	CU_ASSERT_EQUAL(start, wanted_start);
	CU_ASSERT_EQUAL(end, wanted_end);
}

static void test_extents(void)
{
	static const char source[] = "1000 a\n1800 b\n2000 c\t[m]\n"
				     "3000 d\t[n]\n3100 e\t[m]\n";
	struct kernel_symbol last;
	struct kallsyms *kallsyms;

	CU_ASSERT_EQUAL_FATAL(kallsyms_parse(source, strlen(source), &kallsyms,
					     NULL), 0);
	expect_extent(kallsyms, "[kernel]", 0x1000, 0x2000);
	expect_extent(kallsyms, "[n]", 0x3000, 0x3100);
	expect_extent(kallsyms, "[m]", 0x2000, 0x103101);
	CU_ASSERT(kallsyms_find(kallsyms, 0x103100, &last));
	CU_ASSERT_FALSE(kallsyms_find(kallsyms, 0x103101, &last));
	kallsyms_free(kallsyms);
}

static const struct unit_case cases[] = {
	{ "an address belongs to the symbol before it, with its module",
	  test_find },
	{ "of aliases the one without underscore is shown", test_aliases },
	{ "below, far beyond and between there is no name", test_outside },
	{ "lines may come in any order, the last without newline",
	  test_order },
	{ "addresses that are all zero are told as hidden", test_hidden },
	{ "a module's extent holds every address that is found to be its",
	  test_extents },
	{ "a line of garbage is refused with its number", test_garbage },
};

UNIT_MAIN("kallsyms", cases)
