/* SPDX-License-Identifier: GPL-2.0 */
/* What was imported, from a recording into a profile. */
#ifndef TEXT_PERF_IMPORTED_H
#define TEXT_PERF_IMPORTED_H

#include "../file/recording.h"
#include "perf_script.h"

/*
 * As perf_script_read() of the text. Damage is told to the recording. -EIO: the
 * file changed meanwhile.
 */
int perf_imported_read(struct recording *recording,
		       const struct perf_script_options *options,
		       struct profile *profile,
		       struct perf_script_summary *summary,
		       struct error *error);

#endif
