/* SPDX-License-Identifier: GPL-2.0 */
/* What dither lab run found, in words and as JSON. */
#ifndef LAB_LAB_RUN_TABLE_H
#define LAB_LAB_RUN_TABLE_H

#include <stdio.h>

#include "lab_cases.h"

void lab_run_table_text(const struct lab_cases *cases, FILE *output);
void lab_run_table_json(const struct lab_cases *cases, FILE *output);

/*
 * Nothing failed, every recording is as promised, and of LAB_RUNS_LEAST runs or
 * more by stratified and poisson 92 of 100 hold the truth.
 */
bool lab_run_table_good(const struct lab_cases *cases);

/* Of stratified and poisson, all cases together. */
struct lab_promise {
	unsigned int runs, covered;
};
struct lab_promise lab_run_coverage(const struct lab_cases *cases);

/* The largest error of any run by @sampler's kind; -1: there was none. */
double lab_run_worst(const struct lab_cases *cases, uint32_t policy, bool perf);

#endif
