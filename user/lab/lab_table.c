// SPDX-License-Identifier: GPL-2.0
/* See lab_table.h. Shares are printed as percentages, in JSON as they are. */
#include "lab_table.h"

#include <inttypes.h>

#include "lab_trial_text.h"

static void variance_table(const struct lab_results *results, FILE *output)
{
	if (!results->variance_count)
		return;
	fprintf(output,
		"\nvariance: V, simulated and by the formula, of a sine and of bursts of .1 of a period\n"
		"  %-16s %9s %10s %10s %10s %10s\n",
		"policy", "f_w/f_s", "sine", "formula", "bursts", "formula");
	for (size_t i = 0; i < results->variance_count; i++) {
		const struct variance *variance = &results->variances[i];
		char name[LAB_SAMPLER_TEXT];

		fprintf(output, "  %-16s %9g %10.5f %10.5f %10.5f %10.5f%s\n",
			lab_sampler_text(name, &variance->sampler),
			variance->turns, variance->sine.simulated,
			variance->sine.theory, variance->burst.simulated,
			variance->burst.theory,
			variance_agrees(&variance->sine) &&
					variance_agrees(&variance->burst) ?
				"" :
				"  OFF");
	}
}

void lab_table_text(const struct lab_results *results, FILE *output)
{
	fprintf(output, "seed %" PRIu64 ", %.1f million samples\n",
		results->seed, (double)results->samples / 1e6);
	fputs(LAB_TRIAL_COLUMNS, output);
	for (size_t i = 0; i < results->trial_count; i++) {
		const struct trial *trial = &results->trials[i];

		if (!i || trial[-1].subject != trial->subject)
			lab_trial_head(trial, output);
		lab_trial_line(trial, output);
	}
	variance_table(results, output);
}

void lab_table_json(const struct lab_results *results, FILE *output)
{
	fprintf(output, "{\"seed\":%" PRIu64 ",\"trials\":[", results->seed);
	for (size_t i = 0; i < results->trial_count; i++) {
		fputs(i ? ",\n{" : "\n{", output);
		lab_trial_json(&results->trials[i], output);
		fputc('}', output);
	}
	fputs("],\n\"variances\":[", output);
	for (size_t i = 0; i < results->variance_count; i++) {
		const struct variance *variance = &results->variances[i];

		fputs(i ? ",\n{" : "\n{", output);
		lab_put_sampler(output, &variance->sampler);
		lab_put(output, "turns", variance->turns);
		lab_put(output, "sine", variance->sine.simulated);
		lab_put(output, "sine_formula", variance->sine.theory);
		lab_put(output, "bursts", variance->burst.simulated);
		lab_put(output, "bursts_formula", variance->burst.theory);
		fputc('}', output);
	}
	fputs("]}\n", output);
}

static bool is_promised(uint32_t policy)
{
	return policy == DITHER_POLICY_STRATIFIED ||
	       policy == DITHER_POLICY_POISSON;
}

bool lab_table_verdict(const struct lab_results *results, FILE *output)
{
	unsigned int astray = 0, promised = 0, failed = 0, off = 0;
	char name[LAB_SAMPLER_TEXT];

	if (results->runs < LAB_RUNS_LEAST) {
		fprintf(output,
			"nothing is judged by fewer than %d runs of each case\n",
			LAB_RUNS_LEAST);
		return true;
	}
	for (size_t i = 0; i < results->trial_count; i++) {
		const struct trial *trial = &results->trials[i];

		astray += trial->sampler.policy == DITHER_POLICY_FIXED &&
			  trial_is_astray(trial);
		if (!is_promised(trial->sampler.policy))
			continue;
		promised++;
		if (trial_holds(trial))
			continue;
		failed++;
		fprintf(output, "NOT covered: %s, %s, by %s\n",
			trial->subject->experiment, trial->subject->name,
			lab_sampler_text(name, &trial->sampler));
	}
	for (size_t i = 0; i < results->variance_count; i++)
		off += !variance_agrees(&results->variances[i].sine) ||
		       !variance_agrees(&results->variances[i].burst);
	if (astray)
		fprintf(output,
			"fixed is off by more than 10 points in %u cases\n",
			astray);
	if (promised)
		fprintf(output,
			"stratified and poisson: the truth is in the 95%% interval of at least 92 of 100 runs in %u of %u cases\n",
			promised - failed, promised);
	if (results->variance_count)
		fprintf(output,
			"V agrees with the formulas within 5%% in %zu of %zu cases\n",
			results->variance_count - off, results->variance_count);
	return !failed && !off;
}
