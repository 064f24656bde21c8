// SPDX-License-Identifier: GPL-2.0
/*
 * A LOST record counts all samples alike. Where events make some of them, the
 * ledger tells how many were the clock's, and each record has its part of them.
 */
#include "lost_samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/decimal.h"

static const char *const causes[LOST_CAUSES] = {
	[DITHER_LOST_RING] = "ring full",
	[DITHER_LOST_NESTED] = "nested too deep",
	[DITHER_LOST_REGS] = "no registers",
	[LOST_PASSED] = "passed with a lost one",
	[LOST_FILE] = "not in the file",
};

struct lost_cpu {
	double told[DITHER_LOST_COUNT]; /* by LOST records, of the clock */
	uint64_t samples;		/* of the clock, in the file */
	uint32_t shift;
	bool behind; /* a LOST record, without a sample since */
};

const char *lost_cause(unsigned int cause)
{
	return causes[cause];
}

void lost_begin(struct lost *lost, struct recording *recording)
{
	*lost = (struct lost){ .recording = recording };
	lost->cpus = alloc_zeroed(recording_cpus(recording) + 1,
				  sizeof(*lost->cpus));
}

void lost_free(struct lost *lost)
{
	free(lost->cpus);
}

static void add(struct lost *lost, unsigned int cause, double cells,
		struct lost_cells *sum)
{
	sum->count += cells;
	lost->by_cause[cause] += cells * sum->weight;
	lost->weight += cells * sum->weight;
	lost->squares += cells * sum->weight * sum->weight;
}

static struct lost_cells none_of(uint64_t shift)
{
	return (struct lost_cells){
		.weight = ldexp(1, shift < DITHER_SHIFT_MAX ?
					   (int)shift :
					   (int)DITHER_SHIFT_MAX),
	};
}

/* The clock's part of what was lost on a CPU. */
static double part(const struct dither_ledger *ledger, unsigned int cause)
{
	double clock = ledger ? (double)ledger->lost[cause] : 0;
	double events = ledger ? (double)ledger->event_lost[cause] : 0;

	return events > 0 ? clock / (clock + events) : 1;
}

struct lost_cells lost_record(struct lost *lost, unsigned int cpu,
			      const struct dither_lost_record *record)
{
	const struct dither_ledger *ledger =
		recording_ledger(lost->recording, cpu);
	struct lost_cpu *own = &lost->cpus[cpu];
	struct lost_cells sum = none_of(own->shift);

	for (unsigned int i = 0; i < DITHER_LOST_COUNT; i++) {
		double cells = record->count[i] * part(ledger, i);

		if (!causes[i] || !(cells > 0))
			continue;
		own->told[i] += cells;
		own->behind = true;
		add(lost, i, cells, &sum);
	}
	return sum;
}

void lost_rate(struct lost *lost, unsigned int cpu,
	       const struct dither_rate *record)
{
	lost->cpus[cpu].shift = record->shift;
}

struct lost_cells lost_sample(struct lost *lost, unsigned int cpu,
			      uint32_t foreign)
{
	struct lost_cpu *own = &lost->cpus[cpu];
	struct lost_cells sum = none_of(own->shift);

	own->samples++;
	if (own->behind && foreign)
		add(lost, LOST_PASSED, foreign, &sum);
	own->behind = false;
	return sum;
}

struct lost_cells lost_end(struct lost *lost, unsigned int cpu)
{
	const struct dither_ledger *ledger =
		recording_ledger(lost->recording, cpu);
	const struct lost_cpu *own = &lost->cpus[cpu];
	struct lost_cells sum = none_of(ledger ? ledger->shift : 0);

	/* It knows of more than a flight recorder's file, which is the end. */
	if (!ledger ||
	    (recording_number(lost->recording, "flags") & DITHER_F_OVERWRITE))
		return sum;
	for (unsigned int i = 0; i < DITHER_LOST_COUNT; i++)
		if (causes[i] && (double)ledger->lost[i] > own->told[i])
			add(lost, i, (double)ledger->lost[i] - own->told[i],
			    &sum);
	if (ledger->kept > own->samples)
		add(lost, LOST_FILE, (double)(ledger->kept - own->samples),
		    &sum);
	return sum;
}

char *lost_text(const struct lost *lost)
{
	char *text = alloc_string(""), number[DECIMAL_MAX];

	for (unsigned int i = 0; i < LOST_CAUSES; i++) {
		char *before = text;

		if (!(lost->by_cause[i] > 0))
			continue;
		decimal_grouped(number, lost->by_cause[i], 2);
		text = alloc_format("%s%s%s %s", before, *before ? ", " : "",
				    causes[i], number);
		free(before);
	}
	return text;
}
