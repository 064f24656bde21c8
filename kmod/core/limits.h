/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Default limits that depend on the machine. Pure functions: init.c and
 * session.c call them in task context for what no module parameter and no
 * configuration sets, the unit test calls them in user space.
 */
#ifndef DITHER_LIMITS_H
#define DITHER_LIMITS_H

#include "portable.h"

/*
 * Bytes for unwind tables and process maps on a machine with @ram bytes: a
 * sixteenth of them in whole MiB, at least 1 MiB and at most 128 MiB.
 */
u64 dither_limit_tables(u64 ram);

/*
 * Bytes for the rings of all sessions together on a machine with @ram bytes
 * and at most @cpus CPUs: an eighth of the RAM, at most 512 MiB or 2 MiB a
 * CPU, whichever is more.
 */
u64 dither_limit_rings(u64 ram, u32 cpus);

/* The CPUs of a session, and what one takes beside ring and intern table. */
struct dither_limit_need {
	u32 cpus;		/* to be sampled */
	u32 sides;		/* others: process records only */
	u32 cpu_bytes;
	u32 side_bytes;
	u32 ring_min;		/* DITHER_RING_MIN, or a page if that is more */
};

/*
 * Ring of a CPU that is not sampled: a quarter of @ring_bytes, at least
 * @ring_min, at most DITHER_RING_SIDE.
 */
u32 dither_limit_side(u32 ring_bytes, u32 ring_min);

/* Bytes that a session with rings of @ring_bytes takes. */
u64 dither_limit_session(const struct dither_limit_need *need, u32 ring_bytes);

/*
 * The default size of a ring: the largest power of two, at most 1 MiB, with
 * which the session takes at most a quarter of @room; .ring_min if there is
 * none.
 */
u32 dither_limit_ring(const struct dither_limit_need *need, u64 room);

#endif
