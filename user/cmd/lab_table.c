// SPDX-License-Identifier: GPL-2.0
/* See lab_table.h. Shares are printed as percentages, in JSON as they are. */
#include "lab_table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../base/decimal.h"
#include "../base/json.h"
#include "../base/policy.h"

#define NAME_ROOM 24
#define DECIMALS 6

static const char *policy_text(char text[NAME_ROOM],
			       const struct model_policy *policy)
{
	const char *name = policy_names[policy->policy];
	char number[DECIMAL_MAX];

	if (policy->policy == DITHER_POLICY_UNIFORM)
		snprintf(text, NAME_ROOM, "%s:%.8s", name,
			 decimal_trimmed(number, policy->jitter_ppm / 1e6,
					 DECIMALS));
	else
		snprintf(text, NAME_ROOM, "%s", name);
	return text;
}

static void trial_head(const struct trial *trial, FILE *output)
{
	const struct model *model = trial->model;

	fprintf(output, "\n%s: %s, %u runs of %g s\n", model->experiment,
		model->name, trial->runs, model->seconds);
	if (model->note)
		fprintf(output, "  (%s)\n", model->note);
	fprintf(output, "  %-13s %8s %7s %9s %15s %7s %8s %6s %8s %7s\n",
		"policy", "Hz", "truth%", "reported%", "least-most", "off",
		"covered%", "tvd/fl", "V", "uniform");
}

static void trial_line(const struct trial *trial, FILE *output)
{
	char name[NAME_ROOM], range[32];

	snprintf(range, sizeof(range), "%.2f-%.2f", 100 * trial->least,
		 100 * trial->most);
	fprintf(output,
		"  %-13s %8g %7.2f %9.2f %15s %7.2f %8.1f %6.2f %8.3f %7.3f\n",
		policy_text(name, &trial->policy), trial->rate,
		100 * trial->truth, 100 * trial->reported, range,
		100 * trial->worst, 100 * trial->covered,
		trial->floor > 0 ? trial->distance / trial->floor : 0,
		trial->variance, trial->uniform);
	if (trial->lost)
		fprintf(output, "  %-13s %.1f%% of the samples lost\n", "",
			100. * (double)trial->lost /
				(double)(trial->lost + trial->samples));
	if (trial->pairs)
		fprintf(output,
			"  %-13s %u pairs that differ by chance: %.1f%% called changed, %.1f%% if samples were independent\n",
			"", trial->pairs, 100 * trial->alarms,
			100 * trial->iid_alarms);
}

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
		char name[NAME_ROOM];

		fprintf(output, "  %-16s %9g %10.5f %10.5f %10.5f %10.5f%s\n",
			policy_text(name, &variance->policy), variance->turns,
			variance->sine.simulated, variance->sine.theory,
			variance->burst.simulated, variance->burst.theory,
			variance_agrees(&variance->sine) &&
					variance_agrees(&variance->burst) ?
				"" :
				"  OFF");
	}
}

void lab_table_text(const struct lab_results *results, FILE *output)
{
	fprintf(output,
		"seed %" PRIu64 ", %.1f million samples\n"
		"off: the largest error of a run, in points; covered: runs whose 95%% interval\n"
		"holds the truth; tvd/fl: total variation distance by its floor; V: variance by\n"
		"that of independent samples; uniform: p that the runs' chi-squares are by chance\n",
		results->seed, (double)results->samples / 1e6);
	for (size_t i = 0; i < results->trial_count; i++) {
		const struct trial *trial = &results->trials[i];

		if (!i || trial[-1].model != trial->model)
			trial_head(trial, output);
		trial_line(trial, output);
	}
	variance_table(results, output);
}

/* Neither NaN nor infinity is known to JSON. */
static void put(FILE *output, const char *key, double value)
{
	char buffer[DECIMAL_MAX];

	if (!isfinite(value)) {
		fprintf(output, ",\"%s\":null", key);
		return;
	}
	fprintf(output, ",\"%s\":%s", key,
		decimal_trimmed(buffer, value, DECIMALS));
}

static void put_policy(FILE *output, const struct model_policy *policy)
{
	char name[NAME_ROOM];

	fprintf(output, "\"policy\":\"%s\"", policy_text(name, policy));
}

static void trial_json(const struct trial *trial, FILE *output)
{
	const struct model *model = trial->model;

	fputc('{', output);
	put_policy(output, &trial->policy);
	fputs(",\"experiment\":", output);
	json_text(output, model->experiment, strlen(model->experiment));
	fputs(",\"case\":", output);
	json_text(output, model->name, strlen(model->name));
	if (model->note) {
		fputs(",\"note\":", output);
		json_text(output, model->note, strlen(model->note));
	}
	put(output, "rate_hz", trial->rate);
	put(output, "seconds", model->seconds);
	put(output, "runs", trial->runs);
	put(output, "samples", (double)trial->samples);
	put(output, "lost", (double)trial->lost);
	put(output, "truth", trial->truth);
	put(output, "reported", trial->reported);
	put(output, "least", trial->least);
	put(output, "most", trial->most);
	put(output, "worst_error", trial->worst);
	put(output, "covered", trial->covered);
	put(output, "distance", trial->distance);
	put(output, "distance_floor", trial->floor);
	put(output, "variance_ratio", trial->variance);
	put(output, "uniform_p", trial->uniform);
	if (trial->pairs) {
		put(output, "pairs", trial->pairs);
		put(output, "alarms", trial->alarms);
		put(output, "independent_alarms", trial->iid_alarms);
	}
	fputc('}', output);
}

void lab_table_json(const struct lab_results *results, FILE *output)
{
	fprintf(output, "{\"seed\":%" PRIu64 ",\"trials\":[", results->seed);
	for (size_t i = 0; i < results->trial_count; i++) {
		fputs(i ? ",\n" : "\n", output);
		trial_json(&results->trials[i], output);
	}
	fputs("],\n\"variances\":[", output);
	for (size_t i = 0; i < results->variance_count; i++) {
		const struct variance *variance = &results->variances[i];

		fputs(i ? ",\n{" : "\n{", output);
		put_policy(output, &variance->policy);
		put(output, "turns", variance->turns);
		put(output, "sine", variance->sine.simulated);
		put(output, "sine_formula", variance->sine.theory);
		put(output, "bursts", variance->burst.simulated);
		put(output, "bursts_formula", variance->burst.theory);
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
	char name[NAME_ROOM];

	if (results->runs < LAB_RUNS_LEAST) {
		fprintf(output,
			"nothing is judged by fewer than %d runs of each case\n",
			LAB_RUNS_LEAST);
		return true;
	}
	for (size_t i = 0; i < results->trial_count; i++) {
		const struct trial *trial = &results->trials[i];

		astray += trial->policy.policy == DITHER_POLICY_FIXED &&
			  trial_is_astray(trial);
		if (!is_promised(trial->policy.policy))
			continue;
		promised++;
		if (trial_holds(trial))
			continue;
		failed++;
		fprintf(output, "NOT covered: %s, %s, by %s\n",
			trial->model->experiment, trial->model->name,
			policy_text(name, &trial->policy));
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
