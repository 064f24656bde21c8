/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A process that does anything to a session of its own, and knows for each
 * step, from the specification, what must come of it.
 */
#ifndef HOSTILE_MODEL_H
#define HOSTILE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

/* Until *stop; @post: a socket on which sessions are given away. */
void model_run(uint64_t seed, const volatile bool *stop, int post);

#endif
