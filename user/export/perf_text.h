/* SPDX-License-Identifier: GPL-2.0 */
/* Samples as `perf script` would print them; the Firefox Profiler opens that. */
#ifndef EXPORT_PERF_TEXT_H
#define EXPORT_PERF_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "../profile/sample_table.h"

struct perf_text_facts {
	bool timed; /* moments have times; else a millisecond is between two */
	/* By column: the event's name; NULL: the column's. May be NULL. */
	const char *const *events;
};

/*
 * Each moment as a sample; without moments each different sample, of its value.
 * Where no thread is known the outermost frame is the comm, and process and
 * thread are made up: a number for each comm. Addresses that are not known are
 * 0. Write errors stay in @output.
 */
void perf_text_write(const struct sample_table *table,
		     const struct perf_text_facts *facts, FILE *output);

#endif
