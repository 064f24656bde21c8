// SPDX-License-Identifier: GPL-2.0
/*
 * STACK records: return addresses of one stack lie near each other, so their
 * differences, zigzag and LEB128 coded, take about three bytes each.
 */
#include "stack_record.h"

/* As many addresses as a reference takes bytes to name. */
#define SHARED_MIN 3U

static u64 zigzag(u64 address, u64 previous)
{
	u64 difference = address - previous;

	return difference << 1 ^ -(difference >> 63);
}

static u32 varint_bytes(u64 value)
{
	return (fls64(value | 1) + 6) / 7;
}

void dither_stack_record_keep(struct dither_base *base,
			      const struct dither_walk *walk, u32 ref, u32 epoch)
{
	memcpy(base->addresses, walk->cached->addresses,
	       walk->count * sizeof(base->addresses[0]));
	base->count = walk->count;
	base->ref = ref;
	base->epoch = epoch;
}

u32 dither_stack_record_shared(const struct dither_walk *walk,
			       const struct dither_base *base)
{
	const unsigned long *own = walk->cached->addresses + walk->count;
	const unsigned long *known = base->addresses + base->count;
	u32 most = min_t(u32, walk->count, base->count);
	u32 shared = 0;

	while (shared < most && own[-1L - shared] == known[-1L - shared])
		shared++;
	return shared >= SHARED_MIN && 2 * shared >= walk->count ? shared : 0;
}

u32 dither_stack_record_bytes(const struct dither_walk *walk, u32 shared)
{
	const unsigned long *addresses = walk->cached->addresses;
	u32 bytes = offsetof(struct dither_stack, data);
	u32 count = walk->count - shared;
	u64 previous = 0;
	u32 i;

	if (shared)
		bytes += DITHER_STACK_BASE_BYTES;
	for (i = 0; i < count; i++) {
		bytes += varint_bytes(zigzag(addresses[i], previous));
		previous = addresses[i];
	}
	return (bytes + 7) & ~7U;
}

static u8 *write_base(u8 *at, const struct dither_base *base, u32 shared)
{
	struct dither_stack_base *reference = (void *)at;

	reference->stack = base->ref;
	reference->frames = shared;
	return at + DITHER_STACK_BASE_BYTES;
}

u8 *dither_stack_record_write(u8 *at, const struct dither_walk *walk, u32 ref,
			      u32 bytes, const struct dither_base *base,
			      u32 shared)
{
	const unsigned long *addresses = walk->cached->addresses;
	struct dither_stack *record = (void *)at;
	u32 count = walk->count - shared;
	u8 *end = at + bytes;
	u64 previous = 0;
	u32 i;

	record->header.size = bytes;
	record->header.type = DITHER_RECORD_STACK;
	record->header.flags = walk->flags | (shared ? DITHER_STACK_BASE : 0);
	record->header.tid = ref;
	record->frames = walk->count;
	record->unwinder = walk->unwinder;
	record->end = walk->end;
	at = record->data;
	if (shared)
		at = write_base(at, base, shared);
	for (i = 0; i < count; i++) {
		u64 value = zigzag(addresses[i], previous);

		for (; value >= 0x80; value >>= 7)
			*at++ = value | 0x80;
		*at++ = value;
		previous = addresses[i];
	}
	while (at < end)
		*at++ = 0;
	return end;
}
