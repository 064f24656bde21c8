// SPDX-License-Identifier: GPL-2.0
/* See lab_trial_text.h. */
#include "lab_trial_text.h"

#include <math.h>
#include <string.h>

#include "../base/decimal.h"
#include "../base/json.h"
#include "../base/policy.h"

#define DECIMALS 6

const char *lab_sampler_text(char text[LAB_SAMPLER_TEXT],
			     const struct sampler *sampler)
{
	const char *name = policy_names[sampler->policy];
	char number[DECIMAL_MAX];

	if (sampler->perf)
		snprintf(text, LAB_SAMPLER_TEXT, "perf");
	else if (sampler->policy == DITHER_POLICY_UNIFORM)
		snprintf(text, LAB_SAMPLER_TEXT, "%s:%.8s", name,
			 decimal_trimmed(number, sampler->jitter_ppm / 1e6,
					 DECIMALS));
	else
		snprintf(text, LAB_SAMPLER_TEXT, "%s", name);
	return text;
}

void lab_trial_head(const struct trial *trial, FILE *output)
{
	const struct subject *subject = trial->subject;

	fprintf(output, "\n%s: %s, %u runs of %g s\n", subject->experiment,
		subject->name, trial->runs, subject->seconds);
	if (subject->note)
		fprintf(output, "  (%s)\n", subject->note);
	fprintf(output, "  %-13s %8s %7s %9s %15s %7s %8s %6s %8s %7s\n",
		"policy", "Hz", "truth%", "reported%", "least-most", "off",
		"covered%", "tvd/fl", "V", "uniform");
}

void lab_trial_line(const struct trial *trial, FILE *output)
{
	char name[LAB_SAMPLER_TEXT], range[32];

	snprintf(range, sizeof(range), "%.2f-%.2f", 100 * trial->least,
		 100 * trial->most);
	fprintf(output,
		"  %-13s %8g %7.2f %9.2f %15s %7.2f %8.1f %6.2f %8.3f %7.3f\n",
		lab_sampler_text(name, &trial->sampler), trial->rate,
		100 * trial->truth, 100 * trial->reported, range,
		100 * trial->worst, 100 * trial->covered,
		trial->floor > 0 ? trial->distance / trial->floor : 0,
		trial->variance, trial->uniform);
	if (trial->slip > 0)
		fprintf(output,
			"  %-13s samples came late: intervals are wider by %.2f points\n",
			"", 100 * trial->slip);
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

/* Neither NaN nor infinity is known to JSON. */
void lab_put(FILE *output, const char *key, double value)
{
	char buffer[DECIMAL_MAX];

	if (!isfinite(value)) {
		fprintf(output, ",\"%s\":null", key);
		return;
	}
	fprintf(output, ",\"%s\":%s", key,
		decimal_trimmed(buffer, value, DECIMALS));
}

void lab_put_sampler(FILE *output, const struct sampler *sampler)
{
	char name[LAB_SAMPLER_TEXT];

	fprintf(output, "\"policy\":\"%s\"", lab_sampler_text(name, sampler));
}

void lab_trial_json(const struct trial *trial, FILE *output)
{
	const struct subject *subject = trial->subject;

	lab_put_sampler(output, &trial->sampler);
	fputs(",\"experiment\":", output);
	json_text(output, subject->experiment, strlen(subject->experiment));
	fputs(",\"case\":", output);
	json_text(output, subject->name, strlen(subject->name));
	if (subject->note) {
		fputs(",\"note\":", output);
		json_text(output, subject->note, strlen(subject->note));
	}
	lab_put(output, "rate_hz", trial->rate);
	lab_put(output, "seconds", subject->seconds);
	lab_put(output, "runs", trial->runs);
	lab_put(output, "samples", (double)trial->samples);
	lab_put(output, "slip", trial->slip);
	lab_put(output, "lost", (double)trial->lost);
	lab_put(output, "truth", trial->truth);
	lab_put(output, "reported", trial->reported);
	lab_put(output, "least", trial->least);
	lab_put(output, "most", trial->most);
	lab_put(output, "worst_error", trial->worst);
	lab_put(output, "covered", trial->covered);
	lab_put(output, "distance", trial->distance);
	lab_put(output, "distance_floor", trial->floor);
	lab_put(output, "variance_ratio", trial->variance);
	lab_put(output, "uniform_p", trial->uniform);
	if (trial->pairs) {
		lab_put(output, "pairs", trial->pairs);
		lab_put(output, "alarms", trial->alarms);
		lab_put(output, "independent_alarms", trial->iid_alarms);
	}
}
