// SPDX-License-Identifier: GPL-2.0
/* How report, flame and fold show what was not seen, and how sure they are. */
#include "unit.h"

#include "../../user/cmd/cmd.h"
#include "late_inputs.h"
#include "run_command.h"

#define USER DITHER_SAMPLE_USER
#define KTHREAD DITHER_SAMPLE_KTHREAD
#define K(offset) (KERNEL_TEXT + (uint64_t)(offset))

static char text[262144];

#define RUN(command, ...)                                                     \
	run_command(cmd_##command, text, sizeof(text), #command, __VA_ARGS__, \
		    recording_file, NULL)
#define HAS(what) CU_ASSERT_PTR_NOT_NULL(strstr(text, what))
#define LACKS(what) CU_ASSERT_PTR_NULL(strstr(text, what))

/* 87 cells on time, 8 with interrupts off, 2 taken away, 3 lost. */
static void write_hundred(const char *meta)
{
	struct ring ring = { .length = 0 };

	put_usual(&ring, 87);
	put_late(&ring, KTHREAD, K(0x110), LATE, 2, 0);
	put_late(&ring, KTHREAD, K(0x110), 2 * LATE, 3, 0);
	put_late(&ring, KTHREAD, K(0x310), 20000, 0, 0);
	put_late(&ring, USER, 0x10, LATE, 1, 0);
	put_lost(&ring, 3, 0);
	write_recording(&ring, meta, NULL);
}

static void in_the_report(void)
{
	write_hundred("policy=stratified\nperiod_ns=1000000\n");
	CU_ASSERT_EQUAL(RUN(report, "--limit=0", "--no-unseen"), EXIT_DONE);
	/* 8 of 100, or 11; limits by Wilson: 4.11 to 15.00, 6.25 to 18.63. */
	HAS("\nNot seen, in % of 100 cells: samples more than 10.00 us late, "
	    "and what passed meanwhile\n"
	    "  interrupts off    8.00 [4.11-18.63]   3 samples\n"
	    "  CPU taken away    2.00 [0.55-11.18]   1 samples\n"
	    "  lost              3.00                ring full 3\n"
	    "  Interrupts were turned on again, late, in\n"
	    "       %   longest  function\n"
	    "    7.00   5.00 ms  middle [kernel]\n"
	    "    1.00  20.00 us  ext_work [ext4]\n");
	/* Samples as they are: 87 of 91, and three that nobody saw. */
	HAS(" 95.60 [85.42-98.33]  95.60 [85.42-98.33]        87  outer ");
	LACKS("[interrupts off]");
	/* Two samples with interrupts off, which is all that it has. */
	HAS("  2 !middle ");
	HAS("\n  ! interrupts were off until this function");
	LACKS("\n  ~ ");
	CU_ASSERT_EQUAL(RUN(report, "--limit=0"), EXIT_DONE);
	HAS(" 87.00 [79.02-94.48]  87.00 [79.02-94.48]        87  outer ");
	HAS("  8.00 [4.11-18.63]    8.00 [4.11-18.63]          3 ~"
	    "[interrupts off]");
	HAS("\n  3.00                 3.00                       - ~[lost] ");
	HAS("  2 !middle ");
	HAS("\n  ! interrupts were off until this function");
	HAS("\n  ~ no function: ");
	CU_ASSERT_EQUAL(RUN(report, "--late=3000"), EXIT_USAGE);
	HAS("--late: 3000 us are more than the sampling period of");
}

static void in_ratios(void)
{
	write_hundred("policy=stratified\nperiod_ns=1000000\nclock=time\n"
		      "event.1=cycles\nevent.1.perf=0:0:0:0:0\n"
		      "event.1.period=0\n"
		      "event.2=instructions\nevent.2.perf=0:1:0:0:0\n"
		      "event.2.period=0\n");
	CU_ASSERT_EQUAL(RUN(report, "--unseen"), EXIT_DONE);
	HAS("\nRatios of events by function");
	HAS("\nRatios of events by stack");
	HAS(" 87.00 [79.02-94.48]         - ");
	HAS("\n  3.00                       - ");
	LACKS("\n  3.00 [");
}

static void in_the_picture(void)
{
	write_hundred("policy=stratified\nperiod_ns=1000000\n");
	CU_ASSERT_EQUAL(RUN(flame, "--width=1200"), EXIT_DONE);
	HAS("data-w=\"7\"><title>[interrupts off]\n7 instants, 7.00% (95% sure: "
	    "3.43\xe2\x80\x93"
	    "17.44%)\ninterrupts were off until");
	HAS("data-w=\"2\"><title>[late]\n2 instants, 2.00% (95% sure: ");
	HAS("<title>[lost]\n3 instants, 3.00%\nsamples that were lost, of any "
	    "stack: ring full 3<");
	HAS("<title>outer\n87 instants, 87.00% (95% sure: 79.02\xe2\x80\x93"
	    "94.48%)<");
	HAS("url(#hatch)");
	CU_ASSERT_EQUAL(RUN(flame, "--no-unseen"), EXIT_DONE);
	HAS("<title>outer\n87 samples, 95.60% (95% sure: 85.42\xe2\x80\x93"
	    "98.33%)<");
	LACKS("[interrupts off]");
	LACKS("[lost]");
	LACKS("\"url(#hatch)");
	CU_ASSERT_EQUAL(RUN(flame, "--reverse"), EXIT_DONE);
	HAS("data-w=\"8\"><title>[interrupts off]\n8 instants");
	CU_ASSERT_EQUAL(RUN(flame, "--flamechart"), EXIT_DONE);
	HAS("data-x=\"97\" data-w=\"3\"><title>[lost]\n");
	LACKS("sure:");
}

static void in_the_page(void)
{
	write_hundred("policy=stratified\nperiod_ns=1000000\n");
	CU_ASSERT_EQUAL(RUN(flame, "--html"), EXIT_DONE);
	HAS("\"sure\":{\"percent\":95,\"z\":1.959964,\"samples\":100,"
	    "\"total\":100,\"lost\":3},\n\"unseen\":[[");
	HAS(",\"samples that were lost, of any stack: ring full 3\"]],\n");
	CU_ASSERT_EQUAL(RUN(flame, "--html", "--confidence=95"), EXIT_DONE);
	/* all: [lost], work: [noise], middle: [interrupts off], outer */
	HAS("\"level\":[0,1,1,2,2,3,2],\n");
	HAS("\"self\":[0,3,0,3,0,7,87],\n");
	write_hundred("policy=fixed\n");
	CU_ASSERT_EQUAL(RUN(flame, "--html"), EXIT_DONE);
	HAS("\"unsure\":\"fixed period\",\"unseen\"");
}

static void in_folded_text(void)
{
	write_hundred("");
	CU_ASSERT_EQUAL(RUN(fold, "--no-unseen", "--late=1000"), EXIT_DONE);
	CU_ASSERT_STRING_EQUAL(text, "work;[unknown] 1\nwork;ext_work_[k] 1\n"
				     "work;middle_[k] 2\nwork;outer_[k] 87\n");
	CU_ASSERT_EQUAL(RUN(fold, "--late=1000"), EXIT_DONE);
	CU_ASSERT_STRING_EQUAL(text, "[lost] 3\nwork;[unknown];[late] 2\n"
				     "work;ext_work_[k] 1\n"
				     "work;middle_[k];[interrupts off] 7\n"
				     "work;outer_[k] 87\n");
}

static void no_interval(void)
{
	static const char *const bad[] = {
		"policy=fixed\n", "policy=uniform\njitter_ppm=499999\n"
	};
	static const char *const why[] = { "fixed period",
					   "too little jitter" };

	for (int i = 0; i < 2; i++) {
		char line[80];

		write_hundred(bad[i]);
		CU_ASSERT_EQUAL(RUN(report, "--limit=0"), EXIT_DONE);
		snprintf(line, sizeof(line), "  intervals none: %s, all ",
			 why[i]);
		HAS(line);
		HAS(" 87.00 [no interval]  87.00 [no interval]        87  outer");
		HAS("  interrupts off    8.00 [no interval]  3 samples\n");
		CU_ASSERT_EQUAL(RUN(flame, "--width=1200"), EXIT_DONE);
		snprintf(
			line, sizeof(line),
			"<title>outer\n87 instants, 87.00%% (no interval: %s)<",
			why[i]);
		HAS(line);
		LACKS("95% sure");
		CU_ASSERT_EQUAL(RUN(flame, "--confidence=95"), EXIT_USAGE);
		HAS(why[i]);
		CU_ASSERT_EQUAL(RUN(report, "--confidence=95"), EXIT_USAGE);
		HAS(why[i]);
	}
	write_hundred("policy=uniform\njitter_ppm=500000\n");
	CU_ASSERT_EQUAL(RUN(report, "--limit=0"), EXIT_DONE);
	LACKS("no interval");
	HAS("[79.02-94.48]");
}

static void confidence(void)
{
	write_hundred("policy=poisson\n");
	CU_ASSERT_EQUAL(RUN(flame, "--confidence=95"), EXIT_DONE);
	/* ext_work, one, and what was late in user mode, two. */
	HAS("data-w=\"3\"><title>[noise]\n3 instants, 3.00% (95% sure: ");
	HAS("<title>[lost]\n3 instants");
	HAS("<title>[interrupts off]\n7 instants");
	LACKS("<title>ext_work\n");
	CU_ASSERT_EQUAL(RUN(report, "--confidence=99"), EXIT_DONE);
	HAS(" self% [99% sure] ");
	/* Four, of three functions; 8 are noise at 99% as well. */
	HAS("[noise]: 3 functions that are no more than that\n");
	LACKS("  ext_work  ");
	CU_ASSERT_EQUAL(RUN(report, "--confidence=95", "--unseen"), EXIT_DONE);
	HAS("  - ~[lost] ");
	HAS("[noise]: 3 functions");
	CU_ASSERT_EQUAL(RUN(report, "--confidence=0"), EXIT_USAGE);
	HAS("report: --confidence: '0' is not a number from 50 to 99.9999");
	CU_ASSERT_EQUAL(RUN(flame, "--confidence=x"), EXIT_USAGE);
	HAS("flame: --confidence: 'x' is not a number");
	CU_ASSERT_EQUAL(RUN(flame, "--confidence=95", "--flamechart"),
			EXIT_USAGE);
	HAS("--confidence does not go with --flamechart");
}

/* An interval is of a share of what was sampled, not of a given total. */
static void totals_and_intervals(void)
{
	static const struct {
		const char *options[3];
		bool interval, whole;
	} all[] = {
		{ { "--width=1200", NULL }, true, false },
		{ { "--confidence=90", NULL }, true, false },
		{ { "--reverse", NULL }, true, false },
		{ { "--reverse", "--confidence=95", NULL }, true, false },
		{ { "--no-unseen", NULL }, true, false },
		{ { "--total=1000", NULL }, false, true },
		{ { "--total=1000", "--confidence=95", NULL }, false, true },
		{ { "--total=1000", "--reverse", NULL }, false, true },
		{ { "--total=1000", "--no-unseen", NULL }, false, true },
		{ { "--flamechart", NULL }, false, false },
	};
	char base[96];

	write_hundred("policy=stratified\nperiod_ns=1000000\n");
	snprintf(base, sizeof(base), "--base=%s", recording_file);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		const char *const *options = all[i].options;

		for (int with_base = 0; with_base < 2; with_base++) {
			const char *first = with_base ? base : "--width=1200";

			/* These do not go with --base. */
			if (with_base && (strstr(options[0], "--flamechart") ||
					  strstr(options[0], "--confidence") ||
					  (options[1] &&
					   strstr(options[1], "--confidence"))))
				continue;
			CU_ASSERT_EQUAL(options[1] ?
						RUN(flame, first, options[0],
						    options[1]) :
						RUN(flame, first, options[0]),
					EXIT_DONE);
			CU_ASSERT_EQUAL(!!strstr(text, "% sure: "),
					all[i].interval);
			/* 87 of 1,000, or of what there is. */
			CU_ASSERT_EQUAL(!!strstr(text, ", 8.70%"),
					all[i].whole);
			CU_ASSERT_PTR_NULL(strstr(text, "no interval"));
		}
	}
	CU_ASSERT_EQUAL(RUN(flame, "--total=1000", "--html"), EXIT_USAGE);
}

static void text_has_none(void)
{
	char path[80];
	FILE *file;

	snprintf(path, sizeof(path), "%s/script", directory);
	file = fopen(path, "w");
	fputs("one 7/8 [000] 2.0: 1 cpu-clock:\n\t10 b+0x1 (/bin/x)\n\n"
	      "one 7/8 [000] 3.0: 1 cpu-clock:\n\t10 c+0x1 (/bin/x)\n\n",
	      file);
	fclose(file);
	CU_ASSERT_EQUAL(run_command(cmd_flame, text, sizeof(text), "flame",
				    path, NULL),
			EXIT_DONE);
	HAS("<title>b\n1 ns, 50.00%<");
	CU_ASSERT_EQUAL(run_command(cmd_flame, text, sizeof(text), "flame",
				    "--confidence=95", path, NULL),
			EXIT_USAGE);
	HAS("--confidence needs a recording");
	CU_ASSERT_EQUAL(run_command(cmd_report, text, sizeof(text), "report",
				    "--confidence=95", path, NULL),
			EXIT_USAGE);
	HAS("--confidence needs a recording");
}

static const struct unit_case cases[] = {
	{ "the report tells how much was not seen, and where", in_the_report },
	{ "tables of ratios know what was lost, too", in_ratios },
	{ "a picture draws what was not seen, unless told not to",
	  in_the_picture },
	{ "so does a page", in_the_page },
	{ "folded text has it unless it is left out", in_folded_text },
	{ "where no interval holds, none is told", no_interval },
	{ "noise is hidden at a confidence, and weighs what it did",
	  confidence },
	{ "a given total has no intervals, whatever else is asked for",
	  totals_and_intervals },
	{ "text has no schedule, and no intervals", text_has_none },
};

int main(void)
{
	return run_with_inputs("shown_unseen", cases,
			       sizeof(cases) / sizeof(cases[0]));
}
