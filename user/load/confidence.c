// SPDX-License-Identifier: GPL-2.0
/*
 * Intervals are made for independent samples. Those of strata are no worse;
 * of a fixed period, or nearly so, all may see one phase of a program.
 */
#include "confidence.h"

#include "../base/decimal.h"
#include "../base/error.h"
#include "../base/policy.h"

#define JITTER_LEAST_PPM 500000U /* docs/theory.md: V is at most 1.55 */

const char *confidence_none(const struct load *load)
{
	const char *name = recording_meta(load->recording, "policy");
	uint32_t policy;

	/* An event's own samples are as far apart as chance has it. */
	if (load->weigh.by == WEIGH_EVENT && !load->weigh.from_counts)
		return NULL;
	if (!load->events.time || !name || !policy_named(name, &policy))
		return NULL;
	if (policy == DITHER_POLICY_FIXED)
		return "fixed period";
	if (policy == DITHER_POLICY_UNIFORM &&
	    recording_number(load->recording, "jitter_ppm") < JITTER_LEAST_PPM)
		return "too little jitter";
	return NULL;
}

struct shares confidence_shares(const struct load *load,
				const struct confidence *confidence)
{
	struct shares shares = {
		.total = profile_total(load->profile),
		.confidence = *confidence,
	};
	double squares = profile_squares(load->profile);

	if (load->weigh.by == WEIGH_TIME) {
		shares.lost = load->lost.weight;
		if (!load->unseen) {
			shares.total += load->lost.weight;
			squares += load->lost.squares;
		}
	}
	if (!confidence_none(load))
		shares.effective = interval_effective(shares.total, squares);
	return shares;
}

int confidence_option(const char *command, const char *text,
		      struct confidence *confidence)
{
	const char *end;
	double percent;

	if (decimal_read(text, &percent, &end) && !*end && percent >= 50 &&
	    percent <= 99.9999) {
		*confidence = confidence_of(percent);
		return 0;
	}
	error_print("%s: --confidence: '%s' is not a number from 50 to 99.9999",
		    command, text);
	return EXIT_USAGE;
}
