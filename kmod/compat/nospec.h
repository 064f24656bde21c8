/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Before 5.18, array_index_nospec() on x86 hands a large constant size to an
 * instruction that has no room for it: it must come from a register.
 */
#ifndef DITHER_COMPAT_NOSPEC_H
#define DITHER_COMPAT_NOSPEC_H

#include "version.h"
#include <linux/compiler.h>
#include <linux/nospec.h>

/* @index if it is below @size, else 0, for speculation too. */
static __always_inline unsigned long dither_clamp(unsigned long index,
						  unsigned long size)
{
	OPTIMIZER_HIDE_VAR(size);
	return array_index_nospec(index, size);
}

#endif
