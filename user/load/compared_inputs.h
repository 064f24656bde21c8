/* SPDX-License-Identifier: GPL-2.0 */
/* Two sides and what changed between them: for diff and check. */
#ifndef LOAD_COMPARED_INPUTS_H
#define LOAD_COMPARED_INPUTS_H

#include <stdio.h>

#include "../stats/compare.h"
#include "input.h"

/* Recordings of one side, or one profile of any kind. */
struct pair_side {
	struct input *inputs;
	size_t count;
	double samples; /* of equal weight they are worth */
};

struct pair {
	struct pair_side base, now;
	struct comparison *comparison;
};

struct pair_paths {
	char **paths;
	size_t count;
};

/*
 * Read all and compare; both sides have one, or both have several. Warns where
 * times are not known. An error leaves nothing to close.
 */
int pair_open(const struct input_options *options,
	      const struct pair_paths *base, const struct pair_paths *now,
	      double fdr, struct pair *pair, struct error *error);
void pair_close(struct pair *pair);

/*
 * A table of at most @limit changes (0: all) for which @wanted holds; NULL:
 * all that changed at all. Returns how many were shown.
 */
size_t pair_table(const struct pair *pair, size_t limit,
		  bool (*wanted)(const struct change *change,
				 const void *context),
		  const void *context, FILE *output);

/* "12.3%", "0.05", from getopt's optarg: 0 < *value < 1, else false. */
bool pair_share(const char *text, double *value);

#endif
