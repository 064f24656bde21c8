/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cells of the clock that a sample was lost of, by cause: by LOST records, which
 * tell when, and by the ledger, which knows of all, and what was a clock's.
 */
#ifndef LOAD_LOST_SAMPLES_H
#define LOAD_LOST_SAMPLES_H

#include <stdbool.h>
#include <stdint.h>

#include "../file/recording.h"

enum {
	LOST_PASSED = DITHER_LOST_COUNT, /* … with a sample that was lost */
	LOST_FILE, /* the module kept it, the file has not */
	LOST_CAUSES
};

/* "ring full"; NULL: not a cause for which samples are lost. */
const char *lost_cause(unsigned int cause);

struct lost_cpu;

/* So many of that weight. */
struct lost_cells {
	double count, weight;
};

struct lost {
	double weight, squares;	      /* in all, as those of samples */
	double by_cause[LOST_CAUSES]; /* weight */
	struct recording *recording;
	struct lost_cpu *cpus;
};

void lost_begin(struct lost *lost, struct recording *recording);
void lost_free(struct lost *lost);

/* All in the order of a CPU's ring. What is lost by it: */
struct lost_cells lost_record(struct lost *lost, unsigned int cpu,
			      const struct dither_lost_record *record);
void lost_rate(struct lost *lost, unsigned int cpu,
	       const struct dither_rate *record);
/*
 * A sample of the clock that tells of @foreign cells which are not its own:
 * behind a LOST record they are lost, else they passed with what was filtered
 * or asleep, and are as little missed.
 */
struct lost_cells lost_sample(struct lost *lost, unsigned int cpu,
			      uint32_t foreign);

/* After the last record: what only the ledger tells of @cpu. */
struct lost_cells lost_end(struct lost *lost, unsigned int cpu);

/* "ring full 120, not in the file 3", or "". To be freed. */
char *lost_text(const struct lost *lost);

#endif
