// SPDX-License-Identifier: GPL-2.0
/* What the report says of process records that were dropped. */
#include "unit.h"

#include "../../user/load/load.h"
#include "../../user/report/report_health.h"
#include "load_inputs.h"

static void expect(const struct ring *ring, uint64_t in_ledger,
		   const char *expected)
{
	const struct load_options options = { .path = recording_file };
	struct dither_ledger ledger = { .size = sizeof(ledger) };
	struct load load;
	char *text = NULL;
	size_t length;
	FILE *output;

	ledger.lost[DITHER_LOST_FLOOD] = in_ledger;
	write_recording(ring, "start_ns=0\n", &ledger);
	CU_ASSERT_EQUAL_FATAL(load_open(&options, &load, NULL), 0);
	output = open_memstream(&text, &length);
	report_losses(&load, output);
	fclose(output);
	if (strcmp(text, expected))
		printf("# got:%s", text);
	CU_ASSERT_STRING_EQUAL(text, expected);
	free(text);
	load_close(&load);
}

static void none(void)
{
	struct ring ring = { .length = 0 };

	expect(&ring, 0, "\nLosses\n  none reported\n");
}

static void worst_first(void)
{
	struct ring ring = { .length = 0 };

	put_comm(&ring, PROCESS, "guilty");
	put_dropped(&ring, 55, 3, 0);
	put_dropped(&ring, PROCESS, 0, 70);
	put_dropped(&ring, PROCESS, 10, 20);
	put_dropped(&ring, 0, 5, 0);
	expect(&ring, 108,
	       "\nLosses\n"
	       "  process records over their budget: 108, by process (last name told):\n"
	       "           100  process 100 (guilty): fork 10, name 90; from 1.000000 to 2.500000 s\n"
	       "             5  several processes, or not known: fork 5; from 1.000000 to 2.500000 s\n"
	       "             3  process 55: fork 3; from 1.000000 to 2.500000 s\n");
}

static void not_told(void)
{
	struct ring ring = { .length = 0 };

	put_dropped(&ring, 55, 3, 0);
	expect(&ring, 10,
	       "\nLosses\n"
	       "  process records over their budget: 10, by process (last name told):\n"
	       "             3  process 55: fork 3; from 1.000000 to 2.500000 s\n"
	       "             7  not told whose\n");
}

static void many(void)
{
	struct ring ring = { .length = 0 };

	for (uint32_t process = 1; process <= 11; process++)
		put_dropped(&ring, process, process, 0);
	expect(&ring, 66,
	       "\nLosses\n"
	       "  process records over their budget: 66, by process (last name told):\n"
	       "            11  process 11: fork 11; from 1.000000 to 2.500000 s\n"
	       "            10  process 10: fork 10; from 1.000000 to 2.500000 s\n"
	       "             9  process 9: fork 9; from 1.000000 to 2.500000 s\n"
	       "             8  process 8: fork 8; from 1.000000 to 2.500000 s\n"
	       "             7  process 7: fork 7; from 1.000000 to 2.500000 s\n"
	       "             6  process 6: fork 6; from 1.000000 to 2.500000 s\n"
	       "             5  process 5: fork 5; from 1.000000 to 2.500000 s\n"
	       "             4  process 4: fork 4; from 1.000000 to 2.500000 s\n"
	       "    and of 3 more\n");
}

static const struct unit_case cases[] = {
	{ "without drops there are none reported", none },
	{ "drops are told by process, the worst first", worst_first },
	{ "what only the ledger knows of is told apart", not_told },
	{ "of many processes the worst are listed", many },
};

int main(void)
{
	return run_with_inputs("floods", cases,
			       sizeof(cases) / sizeof(cases[0]));
}
