/* SPDX-License-Identifier: GPL-2.0 */
/* Many tests at once: how many of those called significant are chance. */
#ifndef STATS_FALSE_DISCOVERY_H
#define STATS_FALSE_DISCOVERY_H

#include <stddef.h>

/*
 * Benjamini's and Hochberg's procedure. @p in any order; sets q[i] to the
 * smallest false discovery rate at which p[i] is significant. The q of a
 * smaller p is never larger. @q must not overlap @p.
 */
void discovery_q(const double *p, double *q, size_t count);

#endif
