/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A finished profile as `perf script` would print it, which the Firefox
 * Profiler opens, too.
 */
#ifndef EXPORT_PERF_TEXT_H
#define EXPORT_PERF_TEXT_H

#include <stdio.h>

#include "../profile/moments.h"
#include "../profile/profile.h"
#include "meaning.h"

/*
 * The outermost frame is the comm. @moments: a sample each; NULL: a sample for
 * each different stack, with the stack's weight as its period. Addresses are
 * made up, process and thread are 1. Write errors stay in @output.
 */
void perf_text_write(const struct profile *profile,
		     const struct moments *moments,
		     const struct meaning *meaning, FILE *output);

#endif
