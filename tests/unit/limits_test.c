// SPDX-License-Identifier: GPL-2.0
/* Limits derived from the machine: kmod/limits.h. */
#include "unit.h"

#include "../../kmod/limits.h"

#define MIB (1ULL << 20)

static void test_tables(void)
{
	CU_ASSERT_EQUAL(dither_limit_tables(0), MIB);
	CU_ASSERT_EQUAL(dither_limit_tables(8 * MIB), MIB);
	CU_ASSERT_EQUAL(dither_limit_tables(27 * MIB), MIB);
	CU_ASSERT_EQUAL(dither_limit_tables(32 * MIB), 2 * MIB);
	CU_ASSERT_EQUAL(dither_limit_tables(1000 * MIB), 62 * MIB);
	CU_ASSERT_EQUAL(dither_limit_tables(2048 * MIB), 128 * MIB);
	CU_ASSERT_EQUAL(dither_limit_tables(UINT64_MAX), 128 * MIB);
}

static const struct unit_case cases[] = {
	{ "tables may take a sixteenth of the memory, 1 to 128 MiB",
	  test_tables },
};

UNIT_MAIN("limits", cases)
