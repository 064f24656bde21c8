/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A ring of records: written on one CPU only, by contexts that nest strictly
 * (task < softirq < IRQ < NMI), read by user space through a mapping.
 *
 * Every function here may be called from all of these contexts, with
 * preemption off; none sleeps, locks or loops without a bound set by nesting.
 * Nothing that user space can write is trusted, and nothing published is read
 * back. The same file runs in user space, where signal handlers nest.
 */
#ifndef DITHER_RING_H
#define DITHER_RING_H

#include "portable.h"
#include "../../include/dither/abi.h"

/* The largest single reservation; every ring is at least eight times that. */
#define DITHER_RESERVE_MAX (DITHER_RING_MIN / 8)

struct dither_ring {
	struct dither_head *page;	/* published, write only */
	const struct dither_tail *tail_page; /* user space's, not trusted */
	u8 *data;
	u32 size;			/* a power of two */
	u32 watermark;
	bool overwrite;

	u32 reserved;			/* position after the last reservation */
	u32 nesting;			/* writers between reserve and commit */
	u32 head;			/* last position to be published, */
	u32 published;			/* and the last that has been */
	u32 tail;			/* last good tail seen */
	u32 woken;			/* head at the last wake-up */

	local_t lost[DITHER_LOST_COUNT]; /* since the last LOST record */
	local_t losses;			/* their sum */
	u64 lost_first;
	u64 lost_last;
	local_t bad_tails;
	local_t bytes;			/* reserved, paddings included */
	u32 epochs;			/* noted so far */
};

/* @page, @tail_page and @data (size bytes) are zeroed and owned by the caller. */
void dither_ring_init(struct dither_ring *ring, struct dither_head *page,
		      const struct dither_tail *tail_page, u8 *data, u32 size,
		      u32 watermark, bool overwrite);

/*
 * Room for @bytes (a multiple of 8, at most DITHER_RESERVE_MAX) in one piece;
 * *position, unless NULL, is its place in the stream. Records of earlier
 * losses are put before it. Each success is followed by one
 * dither_ring_commit(). NULL: see dither_ring_refusal(); the caller then says
 * what it lost by dither_ring_lose().
 */
void *dither_ring_reserve(struct dither_ring *ring, u32 bytes, u64 now,
			  u32 *position);

/* Right after a reserve has failed: for want of room, or of levels? */
static inline enum dither_lost
dither_ring_refusal(const struct dither_ring *ring)
{
	return ring->nesting >= DITHER_NESTING_MAX ? DITHER_LOST_NESTED :
						     DITHER_LOST_RING;
}

void dither_ring_commit(struct dither_ring *ring);

/*
 * Whether the reader is to be woken: to be asked after each commit, and after
 * a reserve that failed, which may have published what interrupts have written.
 */
bool dither_ring_wake(struct dither_ring *ring);

void dither_ring_lose(struct dither_ring *ring, enum dither_lost cause,
		      u64 now);

/* Overwrite mode's index: a self-contained epoch begins at @position. */
void dither_ring_note_epoch(struct dither_ring *ring, u32 position);

#endif
