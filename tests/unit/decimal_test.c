// SPDX-License-Identifier: GPL-2.0
/* Numbers in text, user/base/decimal.h. */
#include "unit.h"

#include <string.h>

#include "../../user/base/decimal.h"

static void reads(void)
{
	static const struct {
		const char *text;
		double value;
		const char *end;
	} good[] = {
		{ "0", 0, "" },		  { "12.5%", 12.5, "%" },
		{ ".5", .5, "" },	  { "7.", 7, "" },
		{ "1.2.3", 1.2, ".3" },	  { "3e2", 3, "e2" },
		{ "007px", 7, "px" },	  { "123456789012345", 123456789012345, "" },
		{ "0.25pp", .25, "pp" },
	};
	static const char *const bad[] = { "",	".",  "-1", "+1",	     " 1",
					   "x", "%1", ",5", "1234567890123456" };
	const char *end;
	double value;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CU_ASSERT_TRUE(decimal_read(good[i].text, &value, &end));
		CU_ASSERT_EQUAL(value, good[i].value);
		CU_ASSERT_STRING_EQUAL(end, good[i].end);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_FALSE(decimal_read(bad[i], &value, &end));
}

static void writes(void)
{
	char buffer[DECIMAL_MAX];

	CU_ASSERT_STRING_EQUAL(decimal_trimmed(buffer, 1.50, 6), "1.5");
	CU_ASSERT_STRING_EQUAL(decimal_trimmed(buffer, 12, 6), "12");
	CU_ASSERT_STRING_EQUAL(decimal_fixed(buffer, .999, 2), "1.00");
	CU_ASSERT_STRING_EQUAL(decimal_grouped(buffer, 1234567.5, 2),
			       "1,234,567.5");
}

static const struct unit_case cases[] = {
	{ "a number is read up to where it ends", reads },
	{ "numbers are written the same everywhere", writes },
};

UNIT_MAIN("decimal", cases)
