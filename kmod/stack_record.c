// SPDX-License-Identifier: GPL-2.0
/*
 * STACK records: return addresses of one stack lie near each other, so their
 * differences, zigzag and LEB128 coded, take about three bytes each.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>

#include "stack_record.h"

static u64 zigzag(u64 address, u64 previous)
{
	s64 difference = address - previous;

	return ((u64)difference << 1) ^ (u64)(difference >> 63);
}

static u32 varint_bytes(u64 value)
{
	return (fls64(value | 1) + 6) / 7;
}

u32 dither_stack_record_bytes(const struct dither_walk *walk)
{
	const unsigned long *addresses = walk->trail->addresses;
	u32 bytes = sizeof(struct dither_stack);
	u64 previous = 0;
	u32 i;

	for (i = 0; i < walk->count; i++) {
		bytes += varint_bytes(zigzag(addresses[i], previous));
		previous = addresses[i];
	}
	return ALIGN(bytes, 8);
}

u8 *dither_stack_record_write(u8 *at, const struct dither_walk *walk, u32 ref,
			      u32 bytes)
{
	const unsigned long *addresses = walk->trail->addresses;
	struct dither_stack *record = (void *)at;
	u8 *end = at + bytes;
	u64 previous = 0;
	u32 i;

	record->header.size = bytes;
	record->header.type = DITHER_RECORD_STACK;
	record->header.flags = walk->flags;
	record->header.tid = ref;
	record->frames = walk->count;
	record->unwinder = walk->unwinder;
	record->end = walk->end;
	at = record->data;
	for (i = 0; i < walk->count; i++) {
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

/* Multiply and rotate: enough for a table that is keyed and short-lived. */
static u64 mix(u64 hash, u64 value)
{
	return rol64((hash ^ value) * 0x9fb21c651e98df25ULL, 29);
}

u64 dither_stack_record_hash(const struct dither_walk *walk, u64 key)
{
	const unsigned long *addresses = walk->trail->addresses;
	u64 hash = mix(key, walk->flags << 24 | walk->unwinder << 16 |
				    walk->end << 8 | walk->count);
	u32 i;

	for (i = 0; i < walk->count; i++)
		hash = mix(hash, addresses[i]);
	return mix(hash, key);
}
