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

	CU_ASSERT_EQUAL(kallsyms_parse(source, length, false, &kallsyms, &error), 0);
	CU_ASSERT_STRING_EQUAL(error.text, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(kallsyms);
	return kallsyms;
}

static void expect(const struct kallsyms *kallsyms, uint64_t address,
		   const char *name, const char *module, uint64_t start)
{
	struct kernel_symbol symbol = { 0, 0, "", "" };

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
	/* The last of a module is known up to the end of its page only. */
	CU_ASSERT(kallsyms_find(kallsyms, 0xffffffffc0100fff, &symbol));
	CU_ASSERT(!kallsyms_find(kallsyms, 0xffffffffc0101000, &symbol));
	CU_ASSERT(!kallsyms_find(kallsyms, UINT64_MAX, &symbol));
	/* between the kernel and its modules */
	CU_ASSERT(!kallsyms_find(kallsyms, 0xffffffff81001000, &symbol));
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

static void expect_none(const struct kallsyms *kallsyms, uint64_t address)
{
	struct kernel_symbol symbol;

	CU_ASSERT_FALSE(kallsyms_find(kallsyms, address, &symbol));
}

/* What is an allocation of its own ends with its page, or where another is. */
static void test_scattered(void)
{
	static const char source[] =
		"ffffffffc0200000 bpf_prog_6deef7357e7b4530_sd\t[bpf]\n"
		"ffffffffc0200100 bpf_prog_6deef7357e7b4531_sd\t[bpf]\n"
		"ffffffffc0202f00 ftrace_trampoline\t[__builtin__ftrace]\n"
		"ffffffffc0300000 ext4_exit\t[ext4]\n";
	struct kallsyms *kallsyms = parse(source, strlen(source));

	expect(kallsyms, 0xffffffffc02000ff, "bpf_prog_6deef7357e7b4530_sd",
	       "[bpf]", 0xffffffffc0200000);
	expect(kallsyms, 0xffffffffc0200fff, "bpf_prog_6deef7357e7b4531_sd",
	       "[bpf]", 0xffffffffc0200100);
	expect_none(kallsyms, 0xffffffffc0201000);
	expect_none(kallsyms, 0xffffffffc02ff000);
	expect(kallsyms, 0xffffffffc0202fff, "ftrace_trampoline",
	       "[__builtin__ftrace]", 0xffffffffc0202f00);
	expect_none(kallsyms, 0xffffffffc0203000);
	expect_none(kallsyms, 0xffffffffc0310000);
	kallsyms_free(kallsyms);
}

/* Behind the end of the kernel's code there is nothing of its. */
static void test_kernel_end(void)
{
	static const char source[] = "ffffffff81000000 _text\n"
				     "ffffffff81000100 last\n"
				     "ffffffff81020000 _etext\n"
				     "ffffffff81080000 _sinittext\n"
				     "ffffffff81080100 _einittext\n";
	struct kallsyms *kallsyms = parse(source, strlen(source));

	expect(kallsyms, 0xffffffff8101ffff, "last", "[kernel]",
	       0xffffffff81000100);
	expect_none(kallsyms, 0xffffffff81020000);
	expect_none(kallsyms, 0xffffffff8107ffff);
	expect(kallsyms, 0xffffffff810800ff, "_sinittext", "[kernel]",
	       0xffffffff81080000);
	expect_none(kallsyms, 0xffffffff81080100);
	kallsyms_free(kallsyms);
}

/* Code for a module's beginning may lie far from the rest. */
static void test_module_parts(void)
{
	static const char source[] = "ffffffffc0100000 a\t[m]\n"
				     "ffffffffc0101800 b\t[m]\n"
				     "ffffffffc0180000 init\t[m]\n";
	struct kallsyms *kallsyms = parse(source, strlen(source));

	expect(kallsyms, 0xffffffffc01017ff, "a", "[m]", 0xffffffffc0100000);
	expect(kallsyms, 0xffffffffc0101fff, "b", "[m]", 0xffffffffc0101800);
	expect_none(kallsyms, 0xffffffffc0102000);
	expect_none(kallsyms, 0xffffffffc0181000);
	kallsyms_free(kallsyms);
}

static void test_told(void)
{
	static const char source[] = "ffffffffc0100000-ffffffffc0104000\t[m]\n"
				     "ffffffffc0200000-ffffffffc0200040 f\t[bpf]\n"
				     "ffffffffc0100010 g\t[m]\n";
	const struct kernel_symbol *told;
	struct kallsyms *kallsyms;
	struct kernel_symbol found;
	size_t count;

	CU_ASSERT_EQUAL(kallsyms_parse(source, strlen(source), false,
				       &kallsyms, NULL), -EINVAL);
	CU_ASSERT_EQUAL_FATAL(kallsyms_parse(source, strlen(source), true,
					     &kallsyms, NULL), 0);
	told = kallsyms_told(kallsyms, &count);
	CU_ASSERT_EQUAL_FATAL(count, 2);
	CU_ASSERT_PTR_NULL(told[0].name);
	CU_ASSERT_STRING_EQUAL(told[0].module, "[m]");
	CU_ASSERT_EQUAL(told[0].end, 0xffffffffc0104000);
	CU_ASSERT_STRING_EQUAL(told[1].name, "f");
	CU_ASSERT(kallsyms_has_any(kallsyms, &told[0]));
	CU_ASSERT(!kallsyms_has_any(kallsyms, &told[1]));
	CU_ASSERT(kallsyms_find_within(kallsyms, 0xffffffffc0103fff, &told[0],
				       &found));
	CU_ASSERT_STRING_EQUAL(found.name, "g");
	CU_ASSERT(!kallsyms_find_within(kallsyms, 0xffffffffc010000f, &told[0],
					&found));
	CU_ASSERT(!kallsyms_find_within(kallsyms, 0xffffffffc0104000, &told[0],
					&found));
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
		{ "ffffffff81000300-ffffffff81000300 n\t[m]\n", 41 },
		{ "ffffffff81000300-ffffffff81000400 n\n", 36 },
		{ "ffffffff81000300-ffffffff81000400 n o\t[m]\n", 43 },
		{ "ffffffff81000300-ffffffff81000400n\t[m]\n", 40 },
		{ "ffffffff81000300- n\t[m]\n", 25 },
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
		CU_ASSERT_EQUAL(kallsyms_parse(source, length, i & 1,
					       &kallsyms, &error), -EINVAL);
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

	CU_ASSERT_EQUAL_FATAL(kallsyms_parse(source, strlen(source), false,
					     &kallsyms, NULL), 0);
	expect_extent(kallsyms, "[kernel]", 0x1000, 0x2000);
	expect_extent(kallsyms, "[n]", 0x3000, 0x3100);
	expect_extent(kallsyms, "[m]", 0x2000, 0x4000);
	CU_ASSERT(kallsyms_find(kallsyms, 0x3fff, &last));
	CU_ASSERT_FALSE(kallsyms_find(kallsyms, 0x4000, &last));
	kallsyms_free(kallsyms);
}

static const struct unit_case cases[] = {
	{ "an address belongs to the symbol before it, with its module",
	  test_find },
	{ "of aliases the one without underscore is shown", test_aliases },
	{ "below, far beyond and between there is no name", test_outside },
	{ "BPF programs and trampolines end with their page at the latest",
	  test_scattered },
	{ "behind the kernel's code there is none", test_kernel_end },
	{ "a module's last symbol before a gap ends with its page",
	  test_module_parts },
	{ "what tells its end reaches there, and its last symbol too",
	  test_told },
	{ "lines may come in any order, the last without newline",
	  test_order },
	{ "addresses that are all zero are told as hidden", test_hidden },
	{ "a module's extent holds every address that is found to be its",
	  test_extents },
	{ "a line of garbage is refused with its number", test_garbage },
};

UNIT_MAIN("kallsyms", cases)
