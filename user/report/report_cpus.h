/* SPDX-License-Identifier: GPL-2.0 */
/* The part of the report on CPUs that the recording says nothing of. */
#ifndef REPORT_REPORT_CPUS_H
#define REPORT_REPORT_CPUS_H

#include <stdio.h>

#include "../file/recording.h"

/*
 * Lines below the ledger, each only where there is something to say: CPUs that
 * were not sampled and why, records lost on CPUs that came later, and timers
 * without a high resolution.
 */
void report_cpus(const struct recording *recording, FILE *output);

#endif
