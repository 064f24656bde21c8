// SPDX-License-Identifier: GPL-2.0
#include "check_sentence.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../base/decimal.h"
#include "../base/terminal_text.h"

#define NAME_WIDTH 60
#define MINUTE 60.0
#define HOUR 3600.0

static void put_points(double share, FILE *output)
{
	char buffer[DECIMAL_MAX];

	fprintf(output, "%s points", decimal_fixed(buffer, share * 100, 2));
}

static void put_count(double count, FILE *output)
{
	char buffer[DECIMAL_MAX];

	fputs(decimal_grouped(buffer, floor(count), 0), output);
}

/* Rounded up. */
static void put_time(double seconds, FILE *output)
{
	char buffer[DECIMAL_MAX];

	if (seconds <= 2 * MINUTE)
		fprintf(output, "%s s",
			decimal_fixed(buffer, ceil(seconds), 0));
	else if (seconds <= 2 * HOUR)
		fprintf(output, "%s minutes",
			decimal_fixed(buffer, ceil(seconds / MINUTE), 0));
	else
		fprintf(output, "%s hours",
			decimal_grouped(buffer, ceil(seconds / HOUR), 0));
}

/* @otherwise: where a longer recording is no help. */
static void put_advice(const struct verdict *verdict, const char *otherwise,
		       FILE *output)
{
	fputs("; ", output);
	if (verdict->runs && !(verdict->seconds > 0)) {
		fprintf(output, "record at least %zu runs a side",
			verdict->runs);
	} else if (verdict->seconds > 0) {
		fputs("record at least ", output);
		put_time(verdict->seconds, output);
		fputs(" a side", output);
		if (verdict->runs)
			fprintf(output, ", or %zu runs a side", verdict->runs);
		if (verdict->seconds > HOUR)
			fputs(", or choose a larger --max-regression", output);
	} else if (verdict->more_samples) {
		fputs("take at least ", output);
		put_count((double)verdict->more_samples, output);
		fputs(" more samples a side", output);
	} else {
		fputs(otherwise, output);
	}
}

static void put_growth(const struct verdict *verdict, FILE *output)
{
	if (verdict->decisive) {
		fputs("the share of ", output);
		terminal_text(output, verdict->decisive->text,
			      verdict->decisive->length, NAME_WIDTH);
	} else {
		fputs("the share of a function that was never sampled", output);
	}
	fputs(" may have grown by up to ", output);
	put_points(verdict->growth, output);
}

static void put_few_samples(const struct comparison *comparison,
			    const struct verdict *verdict,
			    const struct verdict_rule *rule, FILE *output)
{
	fputs("too few samples: base has ", output);
	put_count(comparison_extent(comparison, COMPARE_BASE)->samples, output);
	fputs(", new has ", output);
	put_count(comparison_extent(comparison, COMPARE_NOW)->samples, output);
	fputs("; a limit of ", output);
	put_points(rule->limit, output);
	fputs(" needs at least ", output);
	put_count(verdict_least(rule->limit), output);
	fputs(" a side", output);
	put_advice(verdict, "", output);
}

static void put_few_blocks(const struct comparison *comparison, FILE *output)
{
	size_t base = comparison_extent(comparison, COMPARE_BASE)->blocks;
	size_t now = comparison_extent(comparison, COMPARE_NOW)->blocks;
	unsigned int side = base <= now ? COMPARE_BASE : COMPARE_NOW;

	fprintf(output,
		"too few blocks of time: the samples of %s are in %zu of %zu "
		"equal parts of its time, and %d are needed; record while the "
		"program works, and for longer",
		side == COMPARE_BASE ? "base" : "new",
		comparison_extent(comparison, side)->blocks,
		COMPARE_BLOCKS * comparison_extent(comparison, side)->runs,
		COMPARE_BLOCKS_LEAST);
}

static void put_lost(const struct verdict_rule *rule, FILE *output)
{
	char buffer[DECIMAL_MAX];

	fprintf(output,
		"%s%% of new was lost, which may hide most of a growth by ",
		decimal_fixed(buffer, rule->lost[COMPARE_NOW] * 100, 2));
	put_points(rule->limit, output);
	fputs("; record with larger rings or at a lower rate", output);
}

static void put_cause(const struct comparison *comparison,
		      const struct verdict *verdict,
		      const struct verdict_rule *rule, FILE *output)
{
	switch (verdict->cause) {
	case VERDICT_FEW_SAMPLES:
		put_few_samples(comparison, verdict, rule, output);
		return;
	case VERDICT_FEW_BLOCKS:
		put_few_blocks(comparison, output);
		return;
	case VERDICT_LOST:
		put_lost(rule, output);
		return;
	case VERDICT_PHASES:
		fputs("the program goes through phases: ", output);
		break;
	case VERDICT_RUNS:
		fputs("the recordings of a side differ: ", output);
		break;
	case VERDICT_CLOSE:
		fputs("too near to the limit: ", output);
		break;
	default:
		fputs("too few samples for this limit: ", output);
	}
	put_growth(verdict, output);
	fputs(", its limit is ", output);
	put_points(verdict->limit, output);
	put_advice(verdict, "choose another --max-regression", output);
}

const char *check_cause(const struct verdict *verdict)
{
	static const char *const causes[] = {
		[VERDICT_NO_CAUSE] = NULL,
		[VERDICT_FEW_SAMPLES] = "few samples",
		[VERDICT_FEW_BLOCKS] = "few blocks",
		[VERDICT_LOST] = "lost samples",
		[VERDICT_PHASES] = "phases",
		[VERDICT_RUNS] = "runs differ",
		[VERDICT_IMPRECISE] = "imprecise",
		[VERDICT_CLOSE] = "close to the limit",
	};

	return causes[verdict->cause];
}

static void put_ok(const struct comparison *comparison,
		   const struct verdict *verdict,
		   const struct verdict_rule *rule, FILE *output)
{
	if (comparison_same(comparison)) {
		fputs("ok: both sides hold the same samples", output);
		return;
	}
	fputs("ok: no share grew by more than ", output);
	put_points(verdict->detectable, output);
	fputs(", the limit is ", output);
	put_points(rule->limit, output);
}

char *check_sentence(const struct comparison *comparison,
		     const struct verdict *verdict,
		     const struct verdict_rule *rule)
{
	char *text = NULL;
	size_t length;
	FILE *output = open_memstream(&text, &length);

	if (!output)
		abort();
	switch (verdict->kind) {
	case VERDICT_OK:
		put_ok(comparison, verdict, rule, output);
		break;
	case VERDICT_REGRESSED:
		fprintf(output, "regressed: %zu function%s a larger share",
			verdict->regressed,
			verdict->regressed == 1 ? " takes" : "s take");
		break;
	case VERDICT_INCONCLUSIVE:
		fputs("inconclusive: ", output);
		put_cause(comparison, verdict, rule, output);
		break;
	}
	fclose(output);
	return text;
}
