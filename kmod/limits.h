/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Default limits that depend on the machine. Pure functions: main.c calls them
 * at load for each limit that no module parameter sets, the unit test calls
 * them in user space. A parameter that is given always wins.
 */
#ifndef DITHER_KMOD_LIMITS_H
#define DITHER_KMOD_LIMITS_H

#include "portable.h"

/*
 * Bytes for unwind tables and process maps on a machine with @ram bytes: a
 * sixteenth of them in whole MiB, at least 1 MiB and at most 128 MiB.
 */
u64 dither_limit_tables(u64 ram);

#endif
