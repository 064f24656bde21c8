// SPDX-License-Identifier: GPL-2.0
/* The formulas of limits.h; docs/abi.md states them too. */
#include "limits.h"

#define MIB (1ULL << 20)

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
