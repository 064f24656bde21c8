/* SPDX-License-Identifier: GPL-2.0 */
/* The number by which the intern table knows a walked stack. */
#ifndef DITHER_STACK_HASH_H
#define DITHER_STACK_HASH_H

#include "unwind.h"

/* A keyed hash of all that the stack's record would say. */
u64 dither_stack_hash(const struct dither_walk *walk, const u64 keys[2]);

#endif
