/* SPDX-License-Identifier: GPL-2.0 */
/* Samples as pprof's profile.proto, in gzip. */
#ifndef EXPORT_PPROF_H
#define EXPORT_PPROF_H

#include <stdio.h>

#include "../profile/sample_table.h"

/* What a profile says of itself; 0: not known. */
struct pprof_facts {
	uint32_t shown;	    /* column that viewers show first */
	uint32_t period_of; /* column that .period counts in */
	uint64_t period;
	uint64_t time_ns; /* since 1970 */
	uint64_t duration_ns;
};

/*
 * Values are whole numbers: what is none is rounded. A sample whose values are
 * all 0 then is left out. Write errors stay in @output.
 */
void pprof_write(const struct sample_table *table,
		 const struct pprof_facts *facts, FILE *output);

#endif
