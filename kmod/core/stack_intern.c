// SPDX-License-Identifier: GPL-2.0
/*
 * The intern table: open addressing, one 32 bit state a slot that holds the
 * epoch, so that an epoch ends without clearing anything. A slot is claimed
 * with the busy bit before its hash is written, and freed of it only when the
 * STACK record is in the ring; a nested context passes busy slots by.
 */
#include "ring.h"
#include "stack_intern.h"

#define BUSY 0x80000000U
#define PROBES 8

#define BYTES_PER_SLOT 64
#define SLOTS_MAX (1U << (DITHER_STACK_SLOT_BITS - 1))
#define EPOCH_BITS (32 - DITHER_STACK_SLOT_BITS)

/* Slot 0 has number 1: a reference is never DITHER_STACK_NONE. */
static u32 reference(u32 epoch, u32 slot)
{
	return ((epoch & ((1U << EPOCH_BITS) - 1)) << DITHER_STACK_SLOT_BITS) |
	       (slot + 1);
}

static u32 slot_of(u32 ref)
{
	return (ref & ((1U << DITHER_STACK_SLOT_BITS) - 1)) - 1;
}

u32 dither_intern_slots(u32 ring_bytes)
{
	u32 slots = ring_bytes / BYTES_PER_SLOT;

	return min_t(u32, slots, SLOTS_MAX);
}

void dither_intern_init(struct dither_intern *intern,
			struct dither_intern_slot *slots, u32 count,
			u32 epoch_bytes)
{
	memset(intern, 0, sizeof(*intern));
	intern->slots = slots;
	intern->mask = count - 1;
	intern->epoch_bytes = epoch_bytes;
	/* The first epoch begins with the first sample. */
	intern->epoch_start = -epoch_bytes;
}

/*
 * Only a context that has no other user below it comes here, and those that
 * interrupt it see ->rolling and keep their hands off the table: so no sample
 * names, after the EPOCH record, a stack from before it.
 */
static void begin_epoch(struct dither_intern *intern, struct dither_ring *ring,
			u64 now)
{
	u32 epoch = intern->epoch + 1;
	struct dither_epoch *record;
	u32 position;

	if (epoch & BUSY)
		epoch = 1;
	record = dither_ring_reserve(ring, sizeof(*record), now, &position);
	if (!record)
		return;
	*record = (struct dither_epoch){
		.header.size = sizeof(*record),
		.header.type = DITHER_RECORD_EPOCH,
		.header.tid = epoch,
		.time = now,
	};
	dither_ring_commit(ring);
	intern->epoch_start = position;
	intern->epoch = epoch;
	dither_ring_note_epoch(ring, position);
}

void dither_intern_roll(struct dither_intern *intern, struct dither_ring *ring,
			u64 now)
{
	if (intern->users > 1)
		return;
	WRITE_ONCE(intern->rolling, true);
	barrier();
	begin_epoch(intern, ring, now);
	barrier();
	WRITE_ONCE(intern->rolling, false);
}

enum dither_intern_result dither_intern_find(struct dither_intern *intern,
					     u64 hash, u32 *ref)
{
	u32 epoch = intern->epoch;
	u32 probe;

	if (unlikely(READ_ONCE(intern->rolling) || !epoch))
		return DITHER_INTERN_NO_PLACE;

	for (probe = 0; probe < PROBES; probe++) {
		u32 number = ((u32)(hash >> 32) + probe) & intern->mask;
		struct dither_intern_slot *slot = &intern->slots[number];
		u32 state = READ_ONCE(slot->state);

		if (state == epoch) {
			if (slot->hash != hash)
				continue;
			*ref = reference(epoch, number);
			return DITHER_INTERN_KNOWN;
		}
		if (state == (epoch | BUSY))
			continue;
		if (cmpxchg_local(&slot->state, state, epoch | BUSY) != state)
			continue;
		slot->hash = hash;
		*ref = reference(epoch, number);
		return DITHER_INTERN_CLAIMED;
	}
	return DITHER_INTERN_NO_PLACE;
}

void dither_intern_settle(struct dither_intern *intern, u32 ref, bool written)
{
	struct dither_intern_slot *slot = &intern->slots[slot_of(ref)];

	/* The hash and the record come first, the slot's validity last. */
	barrier();
	WRITE_ONCE(slot->state, written ? intern->epoch : 0);
}
