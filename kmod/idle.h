/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tells the clocks of a CPU when it goes idle and when there is work, so that no
 * timer of theirs keeps it from sleeping, or from sleeping deeply.
 */
#ifndef DITHER_IDLE_H
#define DITHER_IDLE_H

#include <linux/types.h>

/* The watch; needed while any session runs. Task context. */
void dither_idle_watch(void);
void dither_idle_unwatch(void);

/* Whether this kernel tells when a CPU goes idle. */
bool dither_idle_can_watch(void);

#endif
