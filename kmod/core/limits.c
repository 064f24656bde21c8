// SPDX-License-Identifier: GPL-2.0
/* The formulas of limits.h; docs/abi.md states them too. */
#include "stack_intern.h"
#include "limits.h"
#include "../../include/dither/abi.h"

#define MIB (1ULL << 20)
#define RING_DEFAULT (1U << 20)

/* @bytes in whole MiB, no less than @least and no more than @most. */
static u64 whole_mib(u64 bytes, u64 least, u64 most)
{
	bytes &= ~(MIB - 1);
	if (bytes < least)
		return least;
	return bytes > most ? most : bytes;
}

u64 dither_limit_tables(u64 ram)
{
	return whole_mib(ram / 16, MIB, 128 * MIB);
}

u64 dither_limit_rings(u64 ram, u32 cpus)
{
	u64 most = 2 * MIB * cpus;

	if (most < 512 * MIB)
		most = 512 * MIB;
	return min_t(u64, ram / 8, most);
}

u32 dither_limit_side(u32 ring_bytes, u32 ring_min)
{
	u32 side = min_t(u32, ring_bytes / 4, DITHER_RING_SIDE);

	return side < ring_min ? ring_min : side;
}

u64 dither_limit_session(const struct dither_limit_need *need, u32 ring_bytes)
{
	u64 cpu = (u64)need->cpu_bytes + ring_bytes +
		  (u64)dither_intern_slots(ring_bytes) *
			  sizeof(struct dither_intern_slot);
	u64 side = (u64)need->side_bytes +
		   dither_limit_side(ring_bytes, need->ring_min);

	return need->cpus * cpu + need->sides * side;
}

u32 dither_limit_ring(const struct dither_limit_need *need, u64 room)
{
	u32 bytes = RING_DEFAULT;

	while (bytes > need->ring_min &&
	       dither_limit_session(need, bytes) > room / 4)
		bytes /= 2;
	return bytes;
}
