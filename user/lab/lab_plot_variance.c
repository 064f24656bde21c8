// SPDX-License-Identifier: GPL-2.0
/*
 * V over f_w / f_s, both logarithmic: points of programs with their 95% bars,
 * points of the simulation, and the curve of the formula (docs/theory.md).
 */
#include "lab_plot.h"

#include <math.h>
#include <stdlib.h>

#include "theory.h"
#include "variance.h"

#define WIDTH 860.
#define HEIGHT 340.
#define LEFT 60.
#define RIGHT 20.
#define TOP 8.
#define AXIS 24.
#define TURNS_LEAST .1
#define TURNS_MOST 4.
#define V_LEAST .01
#define V_MOST 1000.
#define STEPS 400
/* Bursts of .1 of a period have no harmonic at 1/10, and few beyond. */
#define PEAKS_BELOW 9
#define CURVE_ROOM \
	(STEPS + 1 + (size_t)TURNS_MOST * PEAKS_BELOW * (PEAKS_BELOW + 1) / 2)
#define SIMULATED_RUNS 1000

static const double simulated_turns[] = { .1,  .15, .2,	 .3,  .4,  .5,	.7,
					  .85, 1.2, 1.5, 1.7, 2.3, 2.5, 3.5 };
static const double ticks_turns[] = { .1, .2, .5, 1, 2, 3, 4 };
static const double ticks_v[] = { .01, .1, 1, 10, 100, 1000 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static double across(double turns)
{
	return LEFT + (WIDTH - LEFT - RIGHT) * log(turns / TURNS_LEAST) /
			      log(TURNS_MOST / TURNS_LEAST);
}

static double down(double v)
{
	v = fmin(fmax(v, V_LEAST), V_MOST);
	return HEIGHT * (1 - log(v / V_LEAST) / log(V_MOST / V_LEAST));
}

static double turns_of(const struct lab_case *item)
{
	return item->experiment->hertz / item->trial.rate;
}

static bool is_shown(const struct lab_case *item)
{
	double turns = turns_of(item);

	return item->experiment->view == EXPERIMENT_PLAIN &&
	       item->trial.runs > 1 && turns >= TURNS_LEAST &&
	       turns <= TURNS_MOST;
}

static void axes(FILE *output)
{
	for (size_t i = 0; i < COUNT(ticks_turns); i++)
		fprintf(output,
			"<line class=\"g\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%.0f\"/>"
			"<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\">%g</text>\n",
			across(ticks_turns[i]), across(ticks_turns[i]), HEIGHT,
			across(ticks_turns[i]), HEIGHT + 16, ticks_turns[i]);
	for (size_t i = 0; i < COUNT(ticks_v); i++)
		fprintf(output,
			"<line class=\"g\" x1=\"%.0f\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\"/>"
			"<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n",
			LEFT, WIDTH - RIGHT, down(ticks_v[i]), down(ticks_v[i]),
			LEFT - 8, down(ticks_v[i]) + 4, ticks_v[i]);
}

static int by_value(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* Of the curve: evenly, and where a fixed period has its narrow peaks. */
static size_t curve_turns(double turns[CURVE_ROOM])
{
	size_t count = 0;

	for (int i = 0; i <= STEPS; i++)
		turns[count++] = TURNS_LEAST * pow(TURNS_MOST / TURNS_LEAST,
						   (double)i / STEPS);
	for (int below = 1; below <= PEAKS_BELOW; below++)
		for (int above = 1; above <= TURNS_MOST * below; above++)
			turns[count++] = (double)above / below;
	qsort(turns, count, sizeof(*turns), by_value);
	return count;
}

static void curve(const struct sampler *sampler, FILE *output)
{
	double turns[CURVE_ROOM];
	size_t count = curve_turns(turns);

	fputs("<polyline points=\"", output);
	for (size_t i = 0; i < count; i++)
		fprintf(output, "%.1f,%.1f ", across(turns[i]),
			down(theory_duty_ratio(
				sampler->policy, sampler->jitter_ppm / 1e6,
				turns[i], VARIANCE_SAMPLES, VARIANCE_DUTY)));
	fputs("\"/>\n", output);
}

static void simulated(const struct sampler *sampler, uint64_t seed,
		      FILE *output)
{
	for (size_t i = 0; i < COUNT(simulated_turns); i++) {
		struct variance variance = variance_run(
			sampler, simulated_turns[i], SIMULATED_RUNS, seed);

		fprintf(output,
			"<circle class=\"o\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n",
			across(simulated_turns[i]),
			down(variance.burst.simulated));
	}
}

/* The quantile of chi-square over its freedom, after Wilson and Hilferty. */
static double chi_square_part(double freedom, double z)
{
	double a = 2 / (9 * freedom);

	return pow(fmax(1 - a + z * sqrt(a), .01), 3);
}

/* Samplers at one frequency stand side by side. */
static void measured(const struct lab_case *item, unsigned int colour,
		     FILE *output)
{
	const struct trial *trial = &item->trial;
	double x = across(turns_of(item)) + 7 * (colour - 1.);
	double low = trial->variance / chi_square_part(trial->runs, 1.96);
	double high = trial->variance / chi_square_part(trial->runs, -1.96);

	fprintf(output,
		"<line class=\"i\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>"
		"<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>%s, %s: V %.3g, %u runs</title></circle>\n",
		x, x, down(low), down(high), x, down(trial->variance),
		trial->subject->experiment, trial->subject->name,
		trial->variance, trial->runs);
}

/* The first case by each sampler stands for it. */
static bool is_first(const struct lab_cases *cases, size_t item)
{
	for (size_t i = 0; i < item; i++)
		if (is_shown(&cases->items[i]) &&
		    lab_plot_colour(cases, i) == lab_plot_colour(cases, item))
			return false;
	return true;
}

bool lab_plot_variance(const struct lab_cases *cases, FILE *output)
{
	bool any = false;

	for (size_t i = 0; i < cases->count; i++)
		any |= is_shown(&cases->items[i]);
	if (!any)
		return false;
	fprintf(output,
		"<div class=\"w\"><svg viewBox=\"0 %.0f %.0f %.0f\" role=\"img\" aria-label=\"variance by frequency\">\n",
		-TOP, WIDTH, TOP + HEIGHT + AXIS);
	axes(output);
	for (size_t i = 0; i < cases->count; i++) {
		const struct lab_case *item = &cases->items[i];

		if (!is_shown(item))
			continue;
		fprintf(output, "<g class=\"s%u\">\n",
			lab_plot_colour(cases, i));
		if (is_first(cases, i) && !item->trial.sampler.perf) {
			curve(&item->trial.sampler, output);
			simulated(&item->trial.sampler, cases->seed, output);
		}
		measured(item, lab_plot_colour(cases, i), output);
		fputs("</g>\n", output);
	}
	fputs("</svg></div>\n", output);
	return true;
}
