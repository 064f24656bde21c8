/* SPDX-License-Identifier: GPL-2.0 */
/* Samples that were late, and what was lost, for recordings made by hand. */
#ifndef LATE_INPUTS_H
#define LATE_INPUTS_H

#include "load_inputs.h"

#define ON_TIME 1500U /* ns, as most samples are */
#define LATE 2500000U

static inline void put_late(struct ring *ring, unsigned int flags, uint64_t ip,
			    uint32_t lateness, uint32_t overruns,
			    unsigned int shift)
{
	struct dither_sample sample;

	make_sample(&sample, 7, flags, ip);
	sample.lateness = lateness;
	sample.overruns = overruns;
	sample.shift = (uint8_t)shift;
	put_sample(ring, &sample);
}

/* @count samples without a fault, of outer(). */
static inline void put_usual(struct ring *ring, unsigned int count)
{
	put_comm(ring, 7, "work");
	for (unsigned int i = 0; i < count; i++)
		put_late(ring, DITHER_SAMPLE_KTHREAD, KERNEL_TEXT + 0x10,
			 ON_TIME, 0, 0);
}

static inline void put_lost(struct ring *ring, uint32_t full,
			    uint32_t registers)
{
	struct dither_lost_record lost = {
		.header = { .type = DITHER_RECORD_LOST },
		.time = ++ring->time,
		.first = ring->time,
		.last = ring->time,
		.count = { [DITHER_LOST_RING] = full,
			   [DITHER_LOST_REGS] = registers,
			   [DITHER_LOST_PROCESS] = 9 },
	};

	put(ring, &lost, sizeof(lost));
}

#endif
