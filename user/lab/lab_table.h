/* SPDX-License-Identifier: GPL-2.0 */
/* The results of dither lab simulate, for people and as JSON. */
#ifndef LAB_LAB_TABLE_H
#define LAB_LAB_TABLE_H

#include <stdio.h>

#include "trial.h"
#include "variance.h"

struct lab_results {
	uint64_t seed;
	unsigned int runs;
	struct trial *trials; /* those of a model stand together */
	size_t trial_count;
	struct variance *variances;
	size_t variance_count;
	uint64_t samples;
};

void lab_table_text(const struct lab_results *results, FILE *output);
void lab_table_json(const struct lab_results *results, FILE *output);

/* What was to be shown; false: it was not. Few runs show nothing. */
#define LAB_RUNS_LEAST 200
bool lab_table_verdict(const struct lab_results *results, FILE *output);

#endif
