/* SPDX-License-Identifier: GPL-2.0 */
/* JSON for https://www.speedscope.app. */
#ifndef EXPORT_SPEEDSCOPE_H
#define EXPORT_SPEEDSCOPE_H

#include <stdbool.h>
#include <stdio.h>

#include "../profile/sample_table.h"

struct speedscope_facts {
	const char *title;
	bool timed; /* moments have times, and are sorted by them */
	const uint32_t *columns; /* that are shown */
	size_t column_count;
};

/*
 * A profile of all samples for each column, then one for each thread: its
 * samples in the order of time, and where time is what is counted, without a
 * stack for as long as it had no samples. Write errors stay in @output.
 */
void speedscope_write(const struct sample_table *table,
		      const struct speedscope_facts *facts, FILE *output);

#endif
