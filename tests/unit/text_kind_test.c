// SPDX-License-Identifier: GPL-2.0
/* What a text is: by what speaks for it; all else is refused by its name. */
#include "text_fold.h"

#define SAMPLE "app 1 [000] 1.0: 1 cycles: \n\t1136 work+0x6 (/bin/app)\n"

static void folded(void)
{
	expect_fold("main;work 3\nmain 1\n", "main 1\nmain;work 3\n");
	expect_fold("main 1\n", "main 1\n");
	expect_fold("main; work 3\n", "main; work 3\n");
	expect_fold("<module>;f 5\n{lambda};g 1\n[unknown];h 1\n",
		    "<module>;f 5\n[unknown];h 1\n{lambda};g 1\n");
}

static void foreign(void)
{
	expect_refused(
		"CPU     ID                    FUNCTION:NAME\n"
		"  1  64091        :tick-60s\n\n  unix`sys+0x149\n    1\n",
		"DTrace");
	expect_refused("# callgrind format\nevents: Ir\n\nfn=main\n16 20\n",
		       "callgrind");
	expect_refused("Attaching 1 probe...\n@[\n    main+3\n]: 12\n",
		       "bpftrace");
	expect_refused("@[work, main]: 12\n@[main]: 1\n", "bpftrace");
	expect_refused(
		"{\n  \"mode\": \"wall\",\n  \"raw\": [\n    3\n  ]\n}\n",
		"stackprof");
	expect_refused("PERFFILEh", "perf's own file");
	expect_refused("<svg xmlns=\"x\">\n<g>a;b 3</g>\n</svg>\n", "SVG");
	expect_refused("size: 12\ncount: 3\n", "seems to be");
	expect_refused("10.0.0.1 - - [1] \"GET\" \"(X11; Linux; x) y\" 12\n"
		       "10.0.0.2 - - [1] \"GET\" \"(X11; Linux; x) y\" 13\n",
		       "a log");
	expect_refused("a,b\n1,2\n", "CSV");
	expect_refused(
		"@ inst_retired.any [35705 samples]\n\n20.86%  [7447]     "
		"copy @ /boot/kernel/zfs.ko\n 100.0%  [7447]      write\n",
		"pmcstat");
	expect_refused(
		"Function Stack,CPU Time:Self,Module\nTotal,0.0,[Unknown]\n"
		" main,1.0,a.exe\n",
		"VTune");
	expect_refused("\xef\xbb\xbfLevel,Function Name,Number of Calls\n"
		       "0,\"a.exe\",0\n",
		       "Visual Studio");
	expect_refused("Weight\tSelf Weight\t\tSymbol Name\n"
		       "96.08 Gc  100.0%\t-\t \tapp (40414)\n",
		       "Instruments");
	expect_refused(
		" 0xffffffff8103ce3b : native_safe_halt+0xb/0x10 [kernel]\n"
		" 0xffffffff81aebbfe : start_kernel+0x3ba/0x3c5 [kernel]\n"
		"\t2404\n",
		"SystemTap");
	expect_refused("header\n\n  test`baz\n  test`main\n    1\n\n"
		       "  test`main\n  5\n",
		       "DTrace");
	/* What it begins with says more than what it holds. */
	expect_refused("SQLite format 3 Full thread dump\n", "SQLite");
	expect_refused("", "is empty");
	expect_refused("# a comment 3\n\n", "no samples");
}

static void lists(void)
{
	char text[4096] = "", *made;

	for (unsigned int i = 0; i < 50; i++)
		sprintf(text + strlen(text), "nr_pages_%u %u\n", i, i + 1);
	expect_refused(text, "a list of names and numbers");
	fold_options.lenient = true;
	made = fold_bytes(text, strlen(text));
	CU_ASSERT_PTR_NOT_NULL(strstr(made, "nr_pages_7 8\n"));
	free(made);
	fold_options.lenient = false;
}

static void left_out(void)
{
	static const char text[] = "a;b 1\na;c x\na;d x\na;e x\n";

	expect_refused(text, "seems to be");
	fold_options.lenient = true;
	expect_fold(text, "a;b 1\n");
	fold_options.lenient = false;
	expect_fold("a;b 1\na;c x\n", "a;b 1\n");
	expect_fold("nonsense\n" SAMPLE, "app;work 1\n");
}

static void encodings(void)
{
	static const char little[] = "\xff\xfe"
				     "a\0;\0\xe4\0 \0"
				     "3\0\n";
	static const char big[] = "\xfe\xff\0a\0;\xd8\x3d\xde\x00\0 \0003\0\n";
	char *text;

	expect_fold("\xef\xbb\xbf" SAMPLE, "app;work 1\n");
	expect_fold("\xef\xbb\xbfmain;work 3\n", "main;work 3\n");
	text = fold_bytes(little, sizeof(little));
	CU_ASSERT_STRING_EQUAL(text, "a;\xc3\xa4 3\n");
	free(text);
	text = fold_bytes(big, sizeof(big) - 1);
	CU_ASSERT_STRING_EQUAL(text, "a;\xf0\x9f\x98\x80 3\n");
	free(text);
}

/* Longer than what the kind is found in. */
static void long_text(void)
{
	char *text = malloc(1 << 20), *made;
	size_t length = 0;

	for (unsigned int i = 0; i < 20000; i++)
		length += (size_t)sprintf(text + length, "main;f%u 1\n", i);
	for (unsigned int i = 0; i < 30000; i++)
		length += (size_t)sprintf(text + length, "no stack\n");
	made = fold_bytes(text, length);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(made, "30000 lines left out, 20000 used"));
	free(made);
	free(text);
}

static const struct unit_case cases[] = {
	{ "folded stacks are read whatever signs they begin with", folded },
	{ "text of other formats is refused by its name", foreign },
	{ "a long list of names and numbers is no profile, unless --lenient",
	  lists },
	{ "text of which most lines are of no use is refused, unless --lenient",
	  left_out },
	{ "byte order marks are left out, UTF-16 is translated", encodings },
	{ "what is left out is counted to the end of the text", long_text },
};

UNIT_MAIN("text_kind", cases)
