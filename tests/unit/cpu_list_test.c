// SPDX-License-Identifier: GPL-2.0
/* Lists of CPUs as text: user/base/cpu_list.h. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../user/base/cpu_list.h"

static void expect(const char *marks, const char *list)
{
	unsigned int count = strlen(marks);
	bool marked[64];
	char *text;

	for (unsigned int i = 0; i < count; i++)
		marked[i] = marks[i] == 'x';
	text = cpu_list_text(marked, count);
	CU_ASSERT_STRING_EQUAL(text, list);
	free(text);
}

static void lists(void)
{
	expect("", "");
	expect("....", "");
	expect("x", "0");
	expect(".x", "1");
	expect("xx", "0-1");
	expect("x.xxx..x", "0,2-4,7");
	expect(".xx.x", "1-2,4");
	expect("xxxxxxxxxxxx", "0-11");
}

static const struct unit_case cases[] = {
	{ "CPUs are listed in ranges, as the kernel lists them", lists },
};

UNIT_MAIN("cpu_list", cases)
