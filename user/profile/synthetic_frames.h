/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames that no function ran in, but that stand for what was not seen. Their
 * names are all that tells them, so that folded text keeps them, too.
 */
#ifndef PROFILE_SYNTHETIC_FRAMES_H
#define PROFILE_SYNTHETIC_FRAMES_H

#include <stddef.h>

#define UNSEEN_MASKED "[interrupts off]"
#define UNSEEN_LATE "[late]"
#define UNSEEN_LOST "[lost]"
#define UNSEEN_NOISE "[noise]"

/* What a frame of this name stands for, in a sentence; NULL: a function. */
const char *unseen_meaning(const char *name, size_t length);

#endif
