/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sums of DROPPED records: whose process records were over their budget. A
 * process is listed with its last known name, which a flood of renames may have
 * made out of date.
 */
#ifndef LOAD_DROPPED_RECORDS_H
#define LOAD_DROPPED_RECORDS_H

#include <stddef.h>
#include <stdint.h>

#include "../../include/dither/abi.h"

struct flood {
	uint32_t number;      /* of the process; 0: several, or not known */
	uint32_t name;	      /* any number of the caller's */
	uint64_t first, last; /* times */
	uint64_t count[DITHER_DROPPED_KINDS];
	uint64_t total;
};

struct floods {
	struct flood *flood; /* one for each number and name */
	size_t count, room;
	uint64_t total;
};

void floods_add(struct floods *floods, const struct dither_dropped *record,
		uint32_t name);

/* The worst first; at equal counts by number. */
void floods_sort(struct floods *floods);

void floods_free(struct floods *floods);

#endif
