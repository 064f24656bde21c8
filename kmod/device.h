/* SPDX-License-Identifier: GPL-2.0 */
/* /dev/dither: the only door to user space. */
#ifndef DITHER_DEVICE_H
#define DITHER_DEVICE_H

#include <linux/types.h>

/* DITHER_FEATURE_*: what this build has on this kernel. Task context. */
u32 dither_device_features(void);

int dither_device_init(void);
void dither_device_uninit(void);

#endif
