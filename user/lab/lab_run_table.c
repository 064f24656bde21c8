// SPDX-License-Identifier: GPL-2.0
/* See lab_run_table.h. */
#include "lab_run_table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/json.h"
#include "lab_table.h"
#include "lab_trial_text.h"

static bool is_promised(const struct sampler *sampler)
{
	return !sampler->perf && (sampler->policy == DITHER_POLICY_STRATIFIED ||
				  sampler->policy == DITHER_POLICY_POISSON);
}

struct lab_promise lab_run_coverage(const struct lab_cases *cases)
{
	struct lab_promise expected = { 0 };

	for (size_t i = 0; i < cases->count; i++) {
		const struct trial *trial = &cases->items[i].trial;

		if (!is_promised(&trial->sampler))
			continue;
		expected.runs += trial->runs;
		expected.covered +=
			(unsigned int)lround(trial->covered * trial->runs);
	}
	return expected;
}

double lab_run_worst(const struct lab_cases *cases, uint32_t policy, bool perf)
{
	double worst = -1;

	for (size_t i = 0; i < cases->count; i++) {
		const struct trial *trial = &cases->items[i].trial;

		if (trial->runs && trial->sampler.perf == perf &&
		    trial->sampler.policy == policy)
			worst = fmax(worst, trial->worst);
	}
	return worst;
}

static unsigned int astray(const struct lab_cases *cases, bool perf)
{
	unsigned int count = 0;

	for (size_t i = 0; i < cases->count; i++) {
		const struct trial *trial = &cases->items[i].trial;

		count += trial->sampler.perf == perf &&
			 trial->sampler.policy == DITHER_POLICY_FIXED &&
			 trial_is_astray(trial);
	}
	return count;
}

static void print_verdict(const struct lab_cases *cases, FILE *output)
{
	struct lab_promise expected = lab_run_coverage(cases);
	unsigned int fixed = astray(cases, false), perf = astray(cases, true);

	if (fixed)
		fprintf(output,
			"fixed is off by more than 10 points in %u cases\n",
			fixed);
	if (perf)
		fprintf(output,
			"perf is off by more than 10 points in %u cases\n",
			perf);
	if (expected.runs)
		fprintf(output,
			"stratified and poisson: the truth is in the 95%% interval of %u of %u runs\n",
			expected.covered, expected.runs);
	if (expected.runs && expected.runs < LAB_RUNS_LEAST)
		fprintf(output,
			"nothing is judged by fewer than %d such runs\n",
			LAB_RUNS_LEAST);
	if (cases->recordings)
		fprintf(output,
			"instants are those of the seed in %" PRIu64
			" of %" PRIu64 " recordings\n",
			cases->replayed, cases->recordings);
	if (cases->failed)
		fprintf(output, "%u runs FAILED\n", cases->failed);
}

void lab_run_table_text(const struct lab_cases *cases, FILE *output)
{
	fprintf(output, "seed %" PRIu64 ", on CPU %d\n", cases->seed,
		cases->cpu);
	fputs(LAB_TRIAL_COLUMNS, output);
	for (size_t i = 0; i < cases->count; i++) {
		const struct trial *trial = &cases->items[i].trial;

		if (!i || trial->subject != cases->items[i - 1].trial.subject)
			lab_trial_head(trial, output);
		if (trial->runs)
			lab_trial_line(trial, output);
	}
	for (size_t i = 0; i < cases->left_out_count; i++)
		fprintf(output, "\n%s: %s: left out: %s\n",
			cases->left_out[i].subject->experiment,
			cases->left_out[i].subject->name,
			cases->left_out[i].reason);
	fputc('\n', output);
	print_verdict(cases, output);
}

bool lab_run_table_good(const struct lab_cases *cases)
{
	struct lab_promise expected = lab_run_coverage(cases);

	if (cases->failed || cases->replayed != cases->recordings)
		return false;
	return expected.runs < LAB_RUNS_LEAST ||
	       expected.covered >= TRIAL_COVERED_LEAST * expected.runs;
}

static void points_json(const struct lab_case *item, FILE *output)
{
	fputs(",\"points\":[", output);
	for (size_t i = 0; i < item->point_count; i++) {
		const struct lab_point *point = &item->points[i];

		fputs(i ? ",{\"run\":" : "{\"run\":", output);
		fprintf(output, "%zu", i);
		lab_put(output, "truth", point->truth);
		lab_put(output, "reported", point->reported);
		lab_put(output, "low", point->interval.low);
		lab_put(output, "high", point->interval.high);
		fputc('}', output);
	}
	fputc(']', output);
}

static void lateness_json(const struct lab_case *item, FILE *output)
{
	fputs(",\"lateness_log2_ns\":[", output);
	for (unsigned int i = 0; i < LAB_LATENESS; i++)
		fprintf(output, "%s%" PRIu64, i ? "," : "", item->lateness[i]);
	fprintf(output, "],\"overruns\":%" PRIu64 ",\"failed\":%u",
		item->overruns, item->failed);
}

void lab_run_table_json(const struct lab_cases *cases, FILE *output)
{
	fprintf(output,
		"{\"seed\":%" PRIu64
		",\"repeat\":%u,\"cpu\":%d,\"recordings\":%" PRIu64
		",\"replayed\":%" PRIu64 ",\"failed\":%u,\"trials\":[",
		cases->seed, cases->repeat, cases->cpu, cases->recordings,
		cases->replayed, cases->failed);
	for (size_t i = 0; i < cases->count; i++) {
		fputs(i ? ",\n{" : "\n{", output);
		lab_trial_json(&cases->items[i].trial, output);
		points_json(&cases->items[i], output);
		lateness_json(&cases->items[i], output);
		fputc('}', output);
	}
	fputs("],\n\"left_out\":[", output);
	for (size_t i = 0; i < cases->left_out_count; i++) {
		const struct lab_left_out *left = &cases->left_out[i];

		fputs(i ? ",\n{\"experiment\":" : "\n{\"experiment\":", output);
		json_text(output, left->subject->experiment,
			  strlen(left->subject->experiment));
		fputs(",\"case\":", output);
		json_text(output, left->subject->name,
			  strlen(left->subject->name));
		fputs(",\"reason\":", output);
		json_text(output, left->reason, strlen(left->reason));
		fputc('}', output);
	}
	fputs("]}\n", output);
}
