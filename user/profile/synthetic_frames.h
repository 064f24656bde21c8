/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames that no function ran in, but that stand for what was not seen. Their
 * names are all that tells them, so that folded text keeps them, too.
 */
#ifndef PROFILE_SYNTHETIC_FRAMES_H
#define PROFILE_SYNTHETIC_FRAMES_H

#include <stddef.h>

#define SYNTHETIC_IRQS_OFF "[interrupts off]"
#define SYNTHETIC_LATE "[late]"
#define SYNTHETIC_LOST "[lost]"
#define SYNTHETIC_NOISE "[noise]"

/* What a frame of this name stands for, in a sentence; NULL: a function. */
const char *synthetic_meaning(const char *name, size_t length);

#endif
