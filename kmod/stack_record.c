// SPDX-License-Identifier: GPL-2.0
/*
 * STACK records: return addresses of one stack lie near each other, so their
 * differences, zigzag and LEB128 coded, take about three bytes each.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/siphash.h>

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

/*
 * Folded 128 bit products with two secret keys: who may choose the addresses,
 * as any program may choose its own, still cannot choose two stacks that meet.
 */
static u64 mix(u64 hash, u64 value, u64 key)
{
#ifdef __SIZEOF_INT128__
	unsigned __int128 product = (unsigned __int128)(hash ^ value) * key;

	return (u64)product ^ (u64)(product >> 64);
#else
	return siphash_2u64(hash, value, &(siphash_key_t){ { key, ~key } });
#endif
}

u64 dither_stack_record_hash(const struct dither_walk *walk, const u64 keys[2])
{
	const unsigned long *addresses = walk->trail->addresses;
	u64 hash = mix(keys[0], walk->flags << 24 | walk->unwinder << 16 |
					walk->end << 8 | walk->count,
		       keys[1] | 1);
	u32 i;

	for (i = 0; i < walk->count; i++)
		hash = mix(hash, addresses[i], keys[1] | 1) + keys[0];
	return mix(hash, keys[1], keys[0] | 1);
}
