/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The samples of a run of one of the lab's programs, counted by the functions
 * of which it knows the truth.
 *
 * Of a single function it is the share of the window's time; of several, which
 * fill the time, that among them.
 */
#ifndef LAB_TALLY_H
#define LAB_TALLY_H

#include "../profile/profile.h"
#include "../profile/sample_times.h"
#include "truth.h"

struct tally_options {
	const char *instead; /* the frame to look for, if not the first one */
	double cells; /* in the window; 0: those that are in the samples */
};

/*
 * A sample belongs to the innermost function that is known; the clock of
 * @moments is the truth's. @see, if any, is told of each.
 */
void tally(const struct profile *profile, const struct sample_times *times,
	   const struct truth *truth, const struct tally_options *options,
	   struct outcome *outcome, subject_see *see, void *context);

#endif
