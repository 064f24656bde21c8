/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What `perf script` prints, read in one pass. A sample counts its period, or
 * one where that is not told.
 */
#ifndef TEXT_PERF_SCRIPT_H
#define TEXT_PERF_SCRIPT_H

#include "../base/error.h"
#include "../profile/profile.h"
#include "perf_options.h"

/*
 * Add the samples to @profile, which the caller finishes. Where there are
 * several events and none was chosen, each has a root frame "[event]": their
 * counts are not of one kind. An error is the lines', or -EINVAL: a field that
 * perf printed, or did not, leaves a doubt (perf_layout.h).
 */
int perf_script_read(struct lines *lines,
		     const struct perf_script_options *options,
		     struct profile *profile,
		     struct perf_script_summary *summary, struct error *error);

#endif
