/* SPDX-License-Identifier: GPL-2.0 */
/* The build-id of an ELF file, from its first bytes. Pure; for any input. */
#ifndef DITHER_BUILDID_H
#define DITHER_BUILDID_H

#include "portable.h"
#include "../../include/dither/abi.h"

/* A first page is enough for what linkers make. */
#define DITHER_BUILDID_READ 4096

/*
 * Look for the GNU build-id note in the first @length bytes of a file.
 * Returns its size (at most DITHER_BUILD_ID_MAX) or 0: none found there.
 */
u32 dither_buildid_find(const u8 *file, u32 length, u8 *id);

#endif
