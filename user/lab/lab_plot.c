// SPDX-License-Identifier: GPL-2.0
/* See lab_plot.h. */
#include "lab_plot.h"

#include <math.h>
#include <string.h>

#include "lab_trial_text.h"

#define WIDTH 860.
#define LEFT 110.
#define RIGHT 20.
#define ROW 26.
#define AXIS 24.

unsigned int lab_plot_colour(const struct lab_cases *cases, size_t item)
{
	const struct lab_case *items = cases->items;
	size_t first = item;

	while (first && items[first - 1].experiment == items[item].experiment &&
	       items[first - 1].trial.rate == items[item].trial.rate)
		first--;
	return item - first < LAB_COLOURS ? (unsigned int)(item - first) :
					    LAB_COLOURS - 1;
}

static double across(double share, double most)
{
	return LEFT + share / most * (WIDTH - LEFT - RIGHT);
}

static void vertical(FILE *output, const char *class, double x, double from,
		     double to)
{
	fprintf(output,
		"<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n",
		class, x, x, from, to);
}

/* The end of the axis: all that is shown, in tenths. */
static double reach(const struct lab_cases *cases, size_t first, size_t count)
{
	double most = .1;

	for (size_t i = first; i < first + count; i++)
		for (size_t j = 0; j < cases->items[i].point_count; j++) {
			const struct lab_point *point =
				&cases->items[i].points[j];

			most = fmax(most,
				    fmax(point->truth, point->interval.high));
		}
	return fmin(1, ceil(most * 10 - 1e-9) / 10);
}

/* From tick to tick of such an axis, in percent: what is read at a glance. */
static int tick_step(double most)
{
	return most < .15 ? 2 : most < .35 ? 5 : most < .55 ? 10 : 20;
}

static void runs_of(const struct lab_case *item, double most, double top,
		    FILE *output)
{
	for (size_t i = 0; i < item->point_count; i++) {
		const struct lab_point *point = &item->points[i];
		double y = top + 4 +
			   (ROW - 8) * ((double)i + .5) /
				   (double)item->point_count;

		fprintf(output,
			"<line class=\"i\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>"
			"<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.2\"><title>reported %.2f%% [%.2f-%.2f], truth %.2f%%</title></circle>\n",
			across(point->interval.low, most),
			across(fmin(point->interval.high, most), most), y, y,
			across(point->reported, most), y, 100 * point->reported,
			100 * point->interval.low, 100 * point->interval.high,
			100 * point->truth);
		vertical(output, "t", across(point->truth, most), y - 2.5,
			 y + 2.5);
	}
}

void lab_plot_runs(const struct lab_cases *cases, size_t first, size_t count,
		   FILE *output)
{
	double most = reach(cases, first, count), bottom = ROW * (double)count;
	char name[LAB_SAMPLER_TEXT];

	fprintf(output,
		"<div class=\"w\"><svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"reported shares and truth\">\n",
		WIDTH, bottom + AXIS);
	for (int tick = 0; tick <= lround(100 * most);
	     tick += tick_step(most)) {
		double x = across(tick / 100., most);

		vertical(output, "g", x, 0, bottom);
		fprintf(output,
			"<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%d%%</text>\n",
			x, bottom + 16, tick);
	}
	for (size_t i = 0; i < count; i++) {
		double top = ROW * (double)i;

		fprintf(output,
			"<g class=\"s%u\"><text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
			lab_plot_colour(cases, first + i), LEFT - 8,
			top + ROW / 2 + 4,
			lab_sampler_text(
				name, &cases->items[first + i].trial.sampler));
		runs_of(&cases->items[first + i], most, top, output);
		fputs("</g>\n", output);
	}
	fputs("</svg></div>\n", output);
}

/* By the binary logarithm of the lateness, microseconds at the axis. */
#define BARS 220.
#define TOP 10.
#define FIRST_BIN 6U
#define LAST_BIN 30U

static double bin_across(unsigned int bin)
{
	return LEFT + (WIDTH - LEFT - RIGHT) * (bin - FIRST_BIN) /
			      (LAST_BIN - FIRST_BIN);
}

static unsigned int bin_of(unsigned int bin)
{
	return bin < FIRST_BIN ? FIRST_BIN :
	       bin >= LAST_BIN ? LAST_BIN - 1 :
				 bin;
}

/* All cases by the sampler of @colour; the number of their samples. */
static uint64_t sum_lateness(const struct lab_cases *cases, unsigned int colour,
			     uint64_t bins[LAST_BIN])
{
	uint64_t sum = 0;

	memset(bins, 0, LAST_BIN * sizeof(*bins));
	for (size_t i = 0; i < cases->count; i++) {
		const struct lab_case *item = &cases->items[i];

		if (item->trial.sampler.perf ||
		    lab_plot_colour(cases, i) != colour)
			continue;
		for (unsigned int bin = 0; bin < LAB_LATENESS; bin++) {
			bins[bin_of(bin)] += item->lateness[bin];
			sum += item->lateness[bin];
		}
	}
	return sum;
}

static void lateness_line(const uint64_t bins[LAST_BIN], uint64_t sum,
			  double most, FILE *output)
{
	fputs("<polyline points=\"", output);
	for (unsigned int bin = FIRST_BIN; bin < LAST_BIN; bin++) {
		double share = (double)bins[bin] / (double)sum;
		double y = BARS - (BARS - TOP) * share / most;

		fprintf(output, "%.1f,%.1f %.1f,%.1f ", bin_across(bin), y,
			bin_across(bin + 1), y);
	}
	fputs("\"/>\n", output);
}

static double most_common(const struct lab_cases *cases)
{
	double most = .01;

	for (unsigned int colour = 0; colour < LAB_COLOURS; colour++) {
		uint64_t bins[LAST_BIN];
		uint64_t sum = sum_lateness(cases, colour, bins);

		for (unsigned int bin = FIRST_BIN; sum && bin < LAST_BIN; bin++)
			most = fmax(most, (double)bins[bin] / (double)sum);
	}
	return most;
}

void lab_plot_lateness(const struct lab_cases *cases, FILE *output)
{
	static const char *const labels[] = { "64 ns",	"1 us",	  "16 us",
					      "262 us", "4.2 ms", "67 ms" };
	double most = most_common(cases);

	fprintf(output,
		"<div class=\"w\"><svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"lateness\">\n",
		WIDTH, BARS + AXIS);
	for (unsigned int i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		double x = bin_across(FIRST_BIN + 4 * i);

		vertical(output, "g", x, 0, BARS);
		fprintf(output,
			"<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n",
			x, BARS + 16, labels[i]);
	}
	for (int i = 0; i <= 1; i++)
		fprintf(output,
			"<line class=\"g\" x1=\"%.0f\" x2=\"%.0f\" y1=\"%.0f\" y2=\"%.0f\"/>"
			"<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"end\">%.0f%%</text>\n",
			LEFT, WIDTH - RIGHT, i ? TOP : BARS, i ? TOP : BARS,
			LEFT - 8, (i ? TOP : BARS) + 4, i ? 100 * most : 0);
	for (unsigned int colour = 0; colour < LAB_COLOURS; colour++) {
		uint64_t bins[LAST_BIN];
		uint64_t sum = sum_lateness(cases, colour, bins);

		if (!sum)
			continue;
		fprintf(output, "<g class=\"s%u\">\n", colour);
		lateness_line(bins, sum, most, output);
		fputs("</g>\n", output);
	}
	fputs("</svg></div>\n", output);
}
