/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reads a session's rings as they fill, and looks at every byte: each belongs
 * to a record that is as the specification says, or is what it was before.
 * What is not is told by tally_fail(). Not for overwritten rings.
 */
#ifndef HOSTILE_STREAM_H
#define HOSTILE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "session.h"

struct stream_ring {
	uint32_t tail;
	uint8_t *shadow;	/* what was read, at its place */
	uint32_t *numbers;	/* stacks by slot: the latest of that place */
	uint8_t *kinds;		/* … and whether it is one of the kernel's */
	uint16_t *frames;	/* … and how many it lends to others */
	uint32_t epoch;
	uint64_t bytes;
};

struct stream {
	struct session *session;
	struct stream_ring rings[SESSION_CPUS_MAX];
	uint64_t records[256];			/* by type */
	uint64_t lost[DITHER_LOST_COUNT];	/* as LOST records say */
	uint64_t kernel_samples, user_samples;
	uint64_t kernel_stacks, user_stacks;
	uint64_t unwinders[8], ends[8];		/* of user stacks */
	uint64_t table_ends[8];			/* … that tables made, alone */
	uint32_t deepest;			/* … with so many frames */
	uint64_t based;				/* told by another one */
};

/* Before START. */
void stream_begin(struct stream *stream, struct session *session);

/* Read what there is. Returns the number of bytes. */
uint64_t stream_drain(struct stream *stream);

/* After STOP and the last drain: nothing else was ever written, and what the
 * ledgers say agrees with what was read.
 */
void stream_settle(struct stream *stream);
void stream_end(struct stream *stream);

#endif
