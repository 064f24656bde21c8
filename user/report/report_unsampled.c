// SPDX-License-Identifier: GPL-2.0
/* See report_unsampled.h. */
#include "report_unsampled.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/terminal_text.h"
#include "../load/confidence.h"
#include "../profile/synthetic_frames.h"

#define FUNCTIONS_SHOWN 5

void report_share(const struct shares *shares, double share, double weight,
		  FILE *output)
{
	struct interval interval = shares_interval(shares, weight);
	char text[32] = "[no interval]";

	if (shares->effective > 0 || !(shares->total > 0))
		snprintf(text, sizeof(text), "[%.2f-%.2f]", 100 * interval.low,
			 100 * interval.high);
	fprintf(output, "%6.2f %-14s", 100 * share, text);
}

bool report_is_lost(const char *name)
{
	return !strcmp(name, SYNTHETIC_LOST "\t");
}

/* Of cells: each that a sample stands for, and each that was lost. */
static struct shares shares_of(const struct load *load,
			       const struct confidence *confidence)
{
	const struct late *late = &load->late;
	const struct lost *lost = &load->lost;
	struct shares shares = {
		.total = late->cells + lost->weight,
		.lost = lost->weight,
		.confidence = *confidence,
	};

	if (!confidence_none(load))
		shares.effective = interval_effective(
			shares.total, late->squares + lost->squares);
	return shares;
}

static void put_late(const struct load *load, const struct shares *shares,
		     FILE *output)
{
	static const char *const labels[LATE_KINDS] = {
		[LATE_IRQS_OFF] = "interrupts off",
		[LATE_CPU_STOLEN] = "CPU taken away",
	};

	for (int kind = 0; kind < LATE_KINDS; kind++) {
		double weight = load->late.weight[kind];

		fprintf(output, "  %-16s", labels[kind]);
		report_share(shares, weight / shares->total, weight, output);
		fprintf(output, " %" PRIu64 " samples\n",
			load->late.samples[kind]);
	}
}

static void put_lost(const struct load *load, const struct shares *shares,
		     FILE *output)
{
	char *causes = lost_text(&load->lost);

	fprintf(output, "  %-16s%6.2f%s%s\n", "lost",
		100 * load->lost.weight / shares->total,
		*causes ? "                " : "", causes);
	free(causes);
	if (load->late.foreign)
		fprintf(output,
			"  %" PRIu64 " more cells passed with what was lost, "
			"filtered or asleep, and count as that\n",
			load->late.foreign);
}

static void put_functions(const struct load *load, const struct shares *shares,
			  FILE *output)
{
	size_t count;
	struct late_function *functions =
		late_functions(&load->late, load->profile, &count);

	if (count)
		fprintf(output,
			"  Interrupts were turned on again, late, in\n"
			"  %6s %9s  function\n",
			"%", "longest");
	for (size_t i = 0; i < count && i < FUNCTIONS_SHOWN; i++) {
		uint32_t name = functions[i].name;
		const char *text = profile_text(load->profile, name);
		size_t length = profile_text_length(load->profile, name);
		const char *tab = memrchr(text, '\t', length);
		char longest[SHOW_SPAN_MAX];

		fprintf(output, "  %6.2f %9s%s  ",
			100 * functions[i].weight / shares->total,
			show_span(longest, functions[i].longest),
			functions[i].longest == UINT32_MAX ? " or more" : "");
		terminal_text(output, text, tab ? (size_t)(tab - text) : length,
			      0);
		if (tab) {
			fputc(' ', output);
			terminal_text(output, tab + 1,
				      length - (size_t)(tab + 1 - text), 0);
		}
		fputc('\n', output);
	}
	if (count > FUNCTIONS_SHOWN)
		fprintf(output, "  and in %zu more\n", count - FUNCTIONS_SHOWN);
	free(functions);
}

void report_unseen(const struct load *load, const struct confidence *confidence,
		   FILE *output)
{
	struct shares shares = shares_of(load, confidence);
	char limit[SHOW_SPAN_MAX];

	if (!load->events.time || !(shares.total > 0))
		return;
	fprintf(output,
		"\nNot seen, in %% of %.0f cells: samples more than %s late, "
		"and what passed meanwhile\n",
		shares.total, show_span(limit, load->late.limit_ns));
	put_late(load, &shares, output);
	put_lost(load, &shares, output);
	put_functions(load, &shares, output);
}
