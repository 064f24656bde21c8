/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trials in words and as JSON. Shares are printed as percentages, in JSON as
 * they are.
 */
#ifndef LAB_LAB_TRIAL_TEXT_H
#define LAB_LAB_TRIAL_TEXT_H

#include <stdio.h>

#include "trial.h"

#define LAB_SAMPLER_TEXT 24

/* "stratified", "uniform:0.25", "perf". */
const char *lab_sampler_text(char text[LAB_SAMPLER_TEXT],
			     const struct sampler *sampler);

/* What stands above the lines of a subject; what the columns are. */
void lab_trial_head(const struct trial *trial, FILE *output);
void lab_trial_line(const struct trial *trial, FILE *output);
#define LAB_TRIAL_COLUMNS                                                                  \
	"off: the largest error of a run, in points; covered: runs whose 95% interval\n"   \
	"holds the truth; tvd/fl: total variation distance by its floor; V: variance by\n" \
	"that of independent samples; uniform: p that the runs' chi-squares are by chance\n"

/* A member behind others. */
void lab_put(FILE *output, const char *key, double value);
/* The first member. */
void lab_put_sampler(FILE *output, const struct sampler *sampler);
/* All members of a trial. */
void lab_trial_json(const struct trial *trial, FILE *output);

#endif
