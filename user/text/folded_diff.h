/* SPDX-License-Identifier: GPL-2.0 */
/* Folded stacks with two counts, of two profiles: what difffolded.pl writes. */
#ifndef TEXT_FOLDED_DIFF_H
#define TEXT_FOLDED_DIFF_H

#include "folded.h"

/* Whether all stacks have two counts, and so many that it is no chance. */
int two_counts_are(const struct folded_summary *summary);

/*
 * folded_read() keeps the first count as part of the last frame's name. Make
 * two finished profiles of that, to be freed: by the first counts and by the
 * second ones.
 */
void two_counts_split(const struct profile *both, struct profile **first,
		      struct profile **second);

#endif
