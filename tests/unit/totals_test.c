// SPDX-License-Identifier: GPL-2.0
/*
 * One recording has one total, whatever it is written as: with time in which no
 * sample was taken, and without.
 */
#include "unit.h"

#include <math.h>
#include <zlib.h>

#include "../../user/base/error.h"
#include "../../user/cmd/cmd.h"
#include "late_inputs.h"
#include "run_command.h"

#define USER DITHER_SAMPLE_USER
#define KTHREAD DITHER_SAMPLE_KTHREAD
#define K(offset) (KERNEL_TEXT + (uint64_t)(offset))
#define PERIOD 1000000.0 /* ns */

static char text[262144], path[96];

#define RUN(command, ...)                                                     \
	run_command(cmd_##command, text, sizeof(text), #command, __VA_ARGS__, \
		    recording_file, NULL)

/* The number behind @before, the first after @from; -1: there is none. */
static double number_after(const char *from, const char *before)
{
	const char *at = from ? strstr(from, before) : NULL;

	return at ? strtod(at + strlen(before), NULL) : -1;
}

/* Of what ends each line that has a count. */
static double sum_of_lines(void)
{
	double sum = 0;

	for (char *at = strtok(text, "\n"); at; at = strtok(NULL, "\n"))
		sum += strtod(strrchr(at, ' '), NULL);
	return sum;
}

static double sum_of_array(const char *name)
{
	char *at = strstr(text, name);
	double sum = 0;

	for (at += at ? strlen(name) : 0; at && *at != ']';) {
		sum += strtod(at, &at);
		at += *at == ',';
	}
	return at ? sum : -1;
}

/* Of perf's samples: what stands behind the time. */
static double sum_of_periods(void)
{
	double sum = 0;

	for (char *at = strtok(text, "\n"); at; at = strtok(NULL, "\n"))
		if (*at != '\t')
			sum += strtod(strstr(at, ": ") + 2, NULL);
	return sum;
}

static uint64_t varint(const unsigned char **at)
{
	uint64_t value = 0;
	int shift = 0;

	do {
		value |= (uint64_t)(**at & 0x7f) << shift;
		shift += 7;
	} while (*(*at)++ & 0x80);
	return value;
}

/* Of a pprof sample: the second value, which is time. */
static double second_value(const unsigned char *at, const unsigned char *end)
{
	while (at < end) {
		uint64_t tag = varint(&at), length;

		if (!(tag & 7)) {
			varint(&at);
			continue;
		}
		length = varint(&at);
		if (tag >> 3 == 2) {
			varint(&at);
			return (double)varint(&at);
		}
		at += length;
	}
	return NAN;
}

static double sum_of_pprof(void)
{
	static unsigned char bytes[262144];
	gzFile file = gzopen(path, "r");
	int length = gzread(file, bytes, sizeof(bytes));
	const unsigned char *at = bytes, *end = bytes + length;
	double sum = 0;

	gzclose(file);
	while (at < end) {
		uint64_t tag = varint(&at), size = varint(&at);

		if ((tag & 7) != 2)
			continue;
		if (tag >> 3 == 2)
			sum += second_value(at, at + size);
		at += size;
	}
	return sum;
}

/* 87 cells on time, 8 with interrupts off, 2 taken away, 3 lost; 91 samples. */
static void write_hundred(void)
{
	struct ring ring = { .length = 0 };

	put_usual(&ring, 87);
	put_late(&ring, KTHREAD, K(0x110), LATE, 2, 0);
	put_late(&ring, KTHREAD, K(0x110), 2 * LATE, 3, 0);
	put_late(&ring, KTHREAD, K(0x310), 20000, 0, 0);
	put_late(&ring, USER, 0x10, LATE, 1, 0);
	put_lost(&ring, 3, 0);
	write_recording(&ring, "policy=stratified\nperiod_ns=1000000\n", NULL);
}

/* @option: --unseen or --no-unseen; --late=…: the default. */
static void expect_all(const char *option, double total)
{
	CU_ASSERT_EQUAL(RUN(report, option), EXIT_DONE);
	CU_ASSERT_EQUAL(number_after(text, "\n  weight    "), total);
	CU_ASSERT_EQUAL(RUN(fold, option), EXIT_DONE);
	CU_ASSERT_EQUAL(sum_of_lines(), total);
	CU_ASSERT_EQUAL(RUN(export, option, "folded"), EXIT_DONE);
	CU_ASSERT_EQUAL(sum_of_lines(), total);
	CU_ASSERT_EQUAL(RUN(flame, option), EXIT_DONE);
	CU_ASSERT_EQUAL(number_after(text, "<title>all\n"), total);
	CU_ASSERT_EQUAL(RUN(flame, option, "--html"), EXIT_DONE);
	CU_ASSERT_EQUAL(sum_of_array("\"self\":["), total);
	CU_ASSERT_EQUAL(RUN(export, option, "grafana"), EXIT_DONE);
	CU_ASSERT_EQUAL(number_after(strstr(text, "\"values\""), "],\n["),
			total * PERIOD);
	CU_ASSERT_EQUAL(RUN(export, option, "speedscope"), EXIT_DONE);
	CU_ASSERT_EQUAL(number_after(text, "\"endValue\":"), total * PERIOD);
	CU_ASSERT_EQUAL(RUN(export, option, "perf"), EXIT_DONE);
	CU_ASSERT_EQUAL(sum_of_periods(), total * PERIOD);
	CU_ASSERT_EQUAL(RUN(export, option, "-o", path, "pprof"), EXIT_DONE);
	CU_ASSERT_EQUAL(sum_of_pprof(), total * PERIOD);
	CU_ASSERT_EQUAL(RUN(diff, option, recording_file), EXIT_DONE);
	CU_ASSERT_EQUAL(number_after(text, "base  weight "), total);
}

static void totals(void)
{
	write_hundred();
	expect_all("--late=10", 100);
	expect_all("--unseen", 100);
	expect_all("--no-unseen", 91);
	/* What fold reads of perf's text is what it makes of the recording. */
	CU_ASSERT_EQUAL(RUN(export, "-o", path, "perf"), EXIT_DONE);
	CU_ASSERT_EQUAL(run_command(cmd_fold, text, sizeof(text), "fold", path,
				    NULL),
			EXIT_DONE);
	CU_ASSERT_STRING_EQUAL(text,
			       "[lost] 3000000\n"
			       "work;[unknown];[late] 2000000\n"
			       "work;ext_work_[k];[interrupts off] 1000000\n"
			       "work;middle_[k];[interrupts off] 7000000\n"
			       "work;outer_[k] 87000000\n");
}

static const struct unit_case cases[] = {
	{ "report, fold, flame, page, diff and all exports have one total",
	  totals },
};

int main(void)
{
	int status;

	snprintf(path, sizeof(path), "%s.totals", file_path());
	status = run_with_inputs("totals", cases,
				 sizeof(cases) / sizeof(cases[0]));
	unlink(path);
	return status;
}
