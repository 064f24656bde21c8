/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A profile in the order of time: stacks are merged only with the one before,
 * so that what ran first stands first.
 */
#ifndef PROFILE_FLAME_CHART_H
#define PROFILE_FLAME_CHART_H

#include "profile.h"
#include "sample_times.h"

struct chart {
	struct profile *profile; /* finished; children in the order of time */
	double *starts; /* by node: the weight of all that stands before it */
};

/*
 * @moments: the samples of the finished @profile, in order. The @lanes
 * outermost frames are merged as in any profile, and each such stack has an
 * order of time of its own: of threads, say. To be freed.
 */
void chart_make(const struct profile *profile, const struct sample_times *times,
		unsigned int lanes, struct chart *chart);
void chart_free(struct chart *chart);

#endif
