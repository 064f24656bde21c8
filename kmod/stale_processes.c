// SPDX-License-Identifier: GPL-2.0
/* Two bitmaps; see stale_processes.h. */
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/slab.h>

#include "stale_processes.h"

static u32 bit(u32 number)
{
	return number % DITHER_FORGET_CLASSES;
}

int dither_stale_init(struct dither_stale *stale)
{
	stale->due = bitmap_zalloc(DITHER_FORGET_CLASSES, GFP_KERNEL);
	stale->unknown = bitmap_zalloc(DITHER_FORGET_CLASSES, GFP_KERNEL);
	if (stale->due && stale->unknown)
		return 0;
	dither_stale_uninit(stale);
	return -ENOMEM;
}

void dither_stale_uninit(struct dither_stale *stale)
{
	bitmap_free(stale->due);
	bitmap_free(stale->unknown);
	stale->due = NULL;
	stale->unknown = NULL;
}

void dither_stale_mark(struct dither_stale *stale, u32 number)
{
	/* In a flood it is set nearly always: leave the line to its readers. */
	if (!test_bit(bit(number), stale->unknown))
		set_bit(bit(number), stale->unknown);
	if (!test_bit(bit(number), stale->due))
		set_bit(bit(number), stale->due);
}

void dither_stale_fork(struct dither_stale *stale, u32 parent, u32 child)
{
	if (unlikely(test_bit(bit(parent), stale->unknown)))
		dither_stale_mark(stale, child);
}

void dither_stale_told(struct dither_stale *stale, u32 number, u64 time)
{
	u64 *told = &stale->told[number % DITHER_STALE_TOLD];

	if (time > READ_ONCE(*told))
		WRITE_ONCE(*told, time);
	/* Pairs with the barrier of who finds the bit clear. */
	smp_mb__before_atomic();
	clear_bit(bit(number), stale->due);
}

void dither_stale_learn(struct dither_stale *stale, u32 number)
{
	clear_bit(bit(number), stale->unknown);
}
