// SPDX-License-Identifier: GPL-2.0
/* Address spaces over time: user/resolve/address_spaces.h and mappings.h. */
#include "unit.h"

#include <stddef.h>
#include <string.h>

#include "../../user/resolve/address_spaces.h"

/* Modules are only told apart here. */
static char places[64];

static struct module *module(int number)
{
	return (struct module *)&places[number];
}

static void map(struct address_spaces *spaces, uint32_t tgid, uint64_t start,
		uint64_t end, uint64_t offset, int number)
{
	struct mapping mapping = { start, end, offset, module(number) };

	address_spaces_map(spaces, tgid, &mapping);
}

/* @number -1: nothing is there. Else where in its file @address lies. */
static void expect(const struct address_spaces *spaces, uint32_t tgid,
		   uint64_t address, int number, uint64_t offset)
{
	const struct mapping *mapping =
		address_spaces_find(spaces, tgid, address);

	if (number < 0) {
		CU_ASSERT_PTR_NULL(mapping);
		return;
	}
	CU_ASSERT_PTR_NOT_NULL(mapping);
	if (!mapping)
		return;
	CU_ASSERT_PTR_EQUAL(mapping->module, module(number));
	CU_ASSERT(address >= mapping->start && address < mapping->end);
	CU_ASSERT_EQUAL(address - mapping->start + mapping->offset, offset);
}

static void test_bounds(void)
{
	struct address_spaces *spaces = address_spaces_new();

	map(spaces, 1, 0x1000, 0x3000, 0x500, 0);
	expect(spaces, 1, 0xfff, -1, 0);
	expect(spaces, 1, 0x1000, 0, 0x500);
	expect(spaces, 1, 0x2fff, 0, 0x24ff);
	expect(spaces, 1, 0x3000, -1, 0);
	expect(spaces, 2, 0x1000, -1, 0);
	address_spaces_free(spaces);
}

static void test_split(void)
{
	struct address_spaces *spaces = address_spaces_new();

	map(spaces, 1, 0x1000, 0x9000, 0, 0);
	map(spaces, 1, 0x4000, 0x5000, 0x100, 1);
	expect(spaces, 1, 0x3fff, 0, 0x2fff);
	expect(spaces, 1, 0x4000, 1, 0x100);
	expect(spaces, 1, 0x4fff, 1, 0x10ff);
	expect(spaces, 1, 0x5000, 0, 0x4000);
	expect(spaces, 1, 0x8fff, 0, 0x7fff);
	expect(spaces, 1, 0x9000, -1, 0);
	address_spaces_free(spaces);
}

static void test_replace(void)
{
	struct address_spaces *spaces = address_spaces_new();

	for (int i = 0; i < 8; i++)
		map(spaces, 1, 0x1000 * (i + 1), 0x1000 * (i + 2), 0, i);
	map(spaces, 1, 0x2800, 0x6800, 0, 20);
	expect(spaces, 1, 0x27ff, 1, 0x7ff);
	expect(spaces, 1, 0x2800, 20, 0);
	expect(spaces, 1, 0x4000, 20, 0x1800);
	expect(spaces, 1, 0x67ff, 20, 0x3fff);
	expect(spaces, 1, 0x6800, 5, 0x800);
	expect(spaces, 1, 0x7000, 6, 0);
	map(spaces, 1, 0, UINT64_MAX, 0, 21);
	expect(spaces, 1, 0, 21, 0);
	expect(spaces, 1, 0x7000, 21, 0x7000);
	address_spaces_free(spaces);
}

static void test_fork(void)
{
	struct address_spaces *spaces = address_spaces_new();

	map(spaces, 1, 0x1000, 0x2000, 0, 0);
	address_spaces_fork(spaces, 2, 1);
	map(spaces, 2, 0x5000, 0x6000, 0, 1);
	map(spaces, 1, 0x1000, 0x2000, 0, 2);
	expect(spaces, 2, 0x1000, 0, 0);
	expect(spaces, 2, 0x5000, 1, 0);
	expect(spaces, 1, 0x1000, 2, 0);
	expect(spaces, 1, 0x5000, -1, 0);
	address_spaces_fork(spaces, 3, 99);
	expect(spaces, 3, 0x1000, -1, 0);
	address_spaces_free(spaces);
}

static void test_exec(void)
{
	struct address_spaces *spaces = address_spaces_new();

	map(spaces, 1, 0x1000, 0x2000, 0, 0);
	address_spaces_fork(spaces, 2, 1);
	address_spaces_exec(spaces, 2);
	expect(spaces, 2, 0x1000, -1, 0);
	expect(spaces, 1, 0x1000, 0, 0);
	map(spaces, 2, 0x3000, 0x4000, 0, 1);
	expect(spaces, 2, 0x3000, 1, 0);
	address_spaces_free(spaces);
}

static void test_exit(void)
{
	struct address_spaces *spaces = address_spaces_new();

	map(spaces, 1, 0x1000, 0x2000, 0, 0);
	address_spaces_exit(spaces, 1);
	address_spaces_exit(spaces, 7);
	expect(spaces, 1, 0x1000, 0, 0);
	expect(spaces, 7, 0x1000, -1, 0);
	map(spaces, 5, 0x8000, 0x9000, 0, 5);
	address_spaces_fork(spaces, 1, 5);
	expect(spaces, 1, 0x1000, -1, 0);
	expect(spaces, 1, 0x8000, 5, 0);
	/* alive again: adding does not clear */
	map(spaces, 1, 0x1000, 0x2000, 0, 1);
	expect(spaces, 1, 0x8000, 5, 0);
	address_spaces_free(spaces);
}

static void test_reused_unannounced(void)
{
	struct address_spaces *spaces = address_spaces_new();

	map(spaces, 1, 0x1000, 0x2000, 0, 0);
	address_spaces_exit(spaces, 1);
	map(spaces, 1, 0x5000, 0x6000, 0, 1);
	expect(spaces, 1, 0x1000, -1, 0);
	expect(spaces, 1, 0x5000, 1, 0);
	address_spaces_free(spaces);
}

/* Few addresses, so that everything overlaps, against a plain array. */
static void test_random(void)
{
	enum { PROCESSES = 4, BYTES = 256 };
	static int owner[PROCESSES][BYTES];
	static uint64_t offset[PROCESSES][BYTES];
	struct address_spaces *spaces = address_spaces_new();
	uint64_t state = 7;
	int wrong = 0;

	memset(owner, -1, sizeof(owner));
	for (int step = 0; step < 20000; step++) {
		unsigned int who, other, start, length;

		state = state * 6364136223846793005ULL + 1442695040888963407ULL;
		who = state >> 62;
		other = state >> 60 & 3;
		start = state >> 40 & (BYTES - 1);
		length = 1 + (state >> 30 & (step % 3 ? 7 : 127));
		if (start + length > BYTES)
			length = BYTES - start;
		if ((state >> 50 & 63) == 0 && who != other) {
			address_spaces_fork(spaces, who, other);
			memcpy(owner[who], owner[other], sizeof(owner[who]));
			memcpy(offset[who], offset[other],
			       sizeof(offset[who]));
			continue;
		}
		map(spaces, who, start, start + length, step, step % 64);
		for (unsigned int i = 0; i < length; i++) {
			owner[who][start + i] = step % 64;
			offset[who][start + i] = (uint64_t)step + i;
		}
		for (unsigned int i = 0; i < BYTES; i++) {
			const struct mapping *mapping =
				address_spaces_find(spaces, who, i);

			if (!mapping)
				wrong += owner[who][i] != -1;
			else
				wrong += mapping->module !=
						 module(owner[who][i] & 63) ||
					 owner[who][i] < 0 ||
					 i - mapping->start +
							 mapping->offset !=
						 offset[who][i];
		}
	}
	CU_ASSERT_EQUAL(wrong, 0);
	address_spaces_free(spaces);
}

/* In order is the worst case of a tree that does not balance itself. */
static void test_many(void)
{
	struct address_spaces *spaces = address_spaces_new();

	for (uint64_t i = 0; i < 200000; i++)
		map(spaces, 1, i * 0x1000, i * 0x1000 + 0x800, i, i % 64);
	for (uint64_t i = 0; i < 200000; i += 997) {
		expect(spaces, 1, i * 0x1000, i % 64, i);
		expect(spaces, 1, i * 0x1000 + 0x800, -1, 0);
	}
	/* each with one mapping of its own: still shared for the most part */
	for (uint32_t i = 2; i < 20000; i++) {
		address_spaces_fork(spaces, i, 1);
		map(spaces, i, i * 0x1000ULL, i * 0x1000ULL + 1, 0, 3);
	}
	expect(spaces, 19999, 199999 * 0x1000ULL, 199999 % 64, 199999);
	expect(spaces, 19999, 19999 * 0x1000ULL, 3, 0);
	address_spaces_free(spaces);
}

static const struct unit_case cases[] = {
	{ "a mapping covers [start, end) of its own process", test_bounds },
	{ "a mapping within another splits it, offsets adjusted",
	  test_split },
	{ "a mapping replaces all that it overlaps", test_replace },
	{ "a fork copies, and both go their own ways", test_fork },
	{ "an exec clears its own process only", test_exec },
	{ "the dead answer until their number is forked again", test_exit },
	{ "a mapping of a dead number begins a new process",
	  test_reused_unannounced },
	{ "random histories give what a plain array gives", test_random },
	{ "200,000 mappings and 20,000 forks of them are no burden",
	  test_many },
};

UNIT_MAIN("space", cases)
