/* SPDX-License-Identifier: GPL-2.0 */
/* The part of the report on time that no sample was taken in. */
#ifndef REPORT_REPORT_UNSAMPLED_H
#define REPORT_REPORT_UNSAMPLED_H

#include <stdbool.h>
#include <stdio.h>

#include "../load/load.h"
#include "../stats/shares.h"

/* "12.28 [11.19-13.46]" in columns of the same width, or "[no interval]". */
void report_share(const struct shares *shares, double share, double weight,
		  FILE *output);

/* Whether that is the name of what was lost: counted, so without an interval. */
bool report_is_lost(const char *name);

/* How much there was, and by whom interrupts were turned on again. */
void report_unseen(const struct load *load, const struct confidence *confidence,
		   FILE *output);

#endif
