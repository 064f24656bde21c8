/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The plots of dither lab run's page, as SVG in HTML. Colours are those of the
 * page's classes s0, s1, … by the sampler's place on the command line.
 */
#ifndef LAB_LAB_PLOT_H
#define LAB_LAB_PLOT_H

#include <stdio.h>

#include "lab_cases.h"

/* Samplers beyond these share the last one's colour. */
#define LAB_COLOURS 6U

/* The sampler's place among those of the experiment's cases. */
unsigned int lab_plot_colour(const struct lab_cases *cases, size_t item);

/* Each run of @count cases from @first on: reported, interval, truth. */
void lab_plot_runs(const struct lab_cases *cases, size_t first, size_t count,
		   FILE *output);

/*
 * V of the periodic experiments over f_w / f_s, with 95% bars, simulated V, and
 * theory's curves. False, and nothing: there are no such runs.
 */
bool lab_plot_variance(const struct lab_cases *cases, FILE *output);

/* How late samples were, by policy. */
void lab_plot_lateness(const struct lab_cases *cases, FILE *output);

#endif
