// SPDX-License-Identifier: GPL-2.0
/* See check_report.h. */
#include "check_report.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/decimal.h"
#include "../base/json.h"
#include "../base/xml.h"
#include "check_sentence.h"

#define DECIMALS 6

const char *check_report_word(const struct verdict *verdict)
{
	static const char *const words[] = {
		[VERDICT_OK] = "ok",
		[VERDICT_REGRESSED] = "regressed",
		[VERDICT_INCONCLUSIVE] = "inconclusive",
	};

	return words[verdict->kind];
}

static void put_percent(FILE *output, double share)
{
	char buffer[DECIMAL_MAX];

	fputs(decimal_fixed(buffer, share * 100, 2), output);
	fputc('%', output);
}

/* A test case for all, and a failed one for each function that regressed. */
void check_report_junit(const struct check_report *report, FILE *output)
{
	const struct verdict *verdict = report->verdict;
	bool skipped = verdict->kind == VERDICT_INCONCLUSIVE;
	size_t count;
	const struct change *changes =
		comparison_changes(report->pair->comparison, &count);

	fprintf(output,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<testsuite name=\"dither check\" tests=\"%zu\" "
		"failures=\"%zu\" skipped=\"%d\">\n"
		"<testcase classname=\"dither\" name=\"profile\">",
		verdict->regressed + 1, verdict->regressed, skipped);
	if (skipped) {
		fputs("<skipped message=\"", output);
		xml_text(output, report->sentence, strlen(report->sentence));
		fputs("\"/>", output);
	}
	fputs("</testcase>\n", output);
	for (size_t i = 0; i < count; i++) {
		const struct change *change = &changes[i];

		if (!verdict_regressed(change, report->rule))
			continue;
		fputs("<testcase classname=\"dither\" name=\"", output);
		xml_text(output, change->text, change->length);
		fputs("\"><failure message=\"self ", output);
		put_percent(output, change->self.base);
		fputs(" to ", output);
		put_percent(output, change->self.now);
		fputs(", total ", output);
		put_percent(output, change->total.base);
		fputs(" to ", output);
		put_percent(output, change->total.now);
		fputs("\"/></testcase>\n", output);
	}
	fputs("</testsuite>\n", output);
}

static void put_number(FILE *output, const char *key, double value)
{
	char buffer[DECIMAL_MAX];

	fprintf(output, "\"%s\":%s%s", key, value < 0 ? "-" : "",
		decimal_trimmed(buffer, fabs(value), DECIMALS));
}

static void put_measure(FILE *output, const char *name,
			const struct measure *measure)
{
	fprintf(output, ",\"%s\":{", name);
	put_number(output, "base", measure->base);
	fputc(',', output);
	put_number(output, "new", measure->now);
	fputc(',', output);
	put_number(output, "low", measure->low);
	fputc(',', output);
	put_number(output, "high", measure->high);
	fputc(',', output);
	put_number(output, "base_weight", measure->base_weight);
	fputc(',', output);
	put_number(output, "new_weight", measure->now_weight);
	fputc(',', output);
	put_number(output, "q", measure->q);
	fprintf(output, ",\"changed\":%s}",
		measure->changed ? "true" : "false");
}

static void put_extent(const char *name, const struct compare_extent *extent,
		       double lost, FILE *output)
{
	fprintf(output, ",\"%s\":{", name);
	put_number(output, "samples", extent->samples);
	fprintf(output, ",\"runs\":%zu,\"blocks\":%zu,", extent->runs,
		extent->blocks);
	put_number(output, "seconds", (double)extent->span / 1e9);
	fputc(',', output);
	put_number(output, "lost", lost);
	fputc('}', output);
}

/* What the verdict rests on, and what it needs. */
static void put_ground(const struct check_report *report, FILE *output)
{
	const struct comparison *comparison = report->pair->comparison;
	const struct verdict_rule *rule = report->rule;

	fprintf(output,
		",\"timed\":%s,\"same\":%s,\"least\":{\"samples\":%d,"
		"\"samples_ok\":%.0f,\"blocks\":%d}",
		comparison_timed(comparison) ? "true" : "false",
		comparison_same(comparison) ? "true" : "false",
		COMPARE_SAMPLES_LEAST, verdict_least(rule->limit),
		COMPARE_BLOCKS_LEAST);
	put_extent("base", comparison_extent(comparison, COMPARE_BASE),
		   rule->lost[COMPARE_BASE], output);
	put_extent("new", comparison_extent(comparison, COMPARE_NOW),
		   rule->lost[COMPARE_NOW], output);
}

void check_report_json(const struct check_report *report, FILE *output)
{
	const struct verdict *verdict = report->verdict;
	const char *separator = "", *cause = check_cause(verdict);
	size_t count;
	const struct change *changes =
		comparison_changes(report->pair->comparison, &count);

	fprintf(output,
		"{\"verdict\":\"%s\",\"cause\":", check_report_word(verdict));
	if (cause)
		json_text(output, cause, strlen(cause));
	else
		fputs("null", output);
	fputs(",\"message\":", output);
	json_text(output, report->sentence, strlen(report->sentence));
	fputc(',', output);
	put_number(output, "limit", report->rule->limit);
	fprintf(output, ",\"more_samples\":%" PRIu64 ",",
		verdict->more_samples);
	put_number(output, "record_seconds", verdict->seconds);
	fprintf(output, ",\"record_runs\":%zu,", verdict->runs);
	put_number(output, "detectable", verdict->detectable);
	put_ground(report, output);
	fputs(",\"functions\":[", output);
	for (size_t i = 0; i < count; i++) {
		const struct change *change = &changes[i];

		if (!change->self.tested && !change->total.tested)
			continue;
		fprintf(output, "%s\n{\"name\":", separator);
		json_text(output, change->text, change->length);
		fprintf(output, ",\"regressed\":%s",
			verdict_regressed(change, report->rule) ? "true" :
								  "false");
		put_measure(output, "self", &change->self);
		put_measure(output, "total", &change->total);
		fputc('}', output);
		separator = ",";
	}
	fputs("\n]}\n", output);
}
