// SPDX-License-Identifier: GPL-2.0
/*
 * Folded 128 bit products with two secret keys: who may choose the addresses,
 * as any program may choose its own, still cannot choose two stacks that meet.
 */
#include <linux/siphash.h>

#include "stack_hash.h"

static u64 mix(u64 hash, u64 value, u64 key)
{
#ifdef __SIZEOF_INT128__
	unsigned __int128 product = (unsigned __int128)(hash ^ value) * key;

	return (u64)product ^ (u64)(product >> 64);
#else
	return siphash_2u64(hash, value, &(siphash_key_t){ { key, ~key } });
#endif
}

u64 dither_stack_hash(const struct dither_walk *walk, const u64 keys[2])
{
	const unsigned long *addresses = walk->cached->addresses;
	u64 hash = mix(keys[0], walk->flags << 24 | walk->unwinder << 16 |
					walk->end << 8 | walk->count,
		       keys[1] | 1);
	u32 i;

	for (i = 0; i < walk->count; i++)
		hash = mix(hash, addresses[i], keys[1] | 1) + keys[0];
	return mix(hash, keys[1], keys[0] | 1);
}
