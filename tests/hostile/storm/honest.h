/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A process that uses sessions as it should, whatever goes on around it, and
 * checks every byte that it gets.
 */
#ifndef HOSTILE_HONEST_H
#define HOSTILE_HONEST_H

#include <stdbool.h>
#include <stdint.h>

void honest_run(uint64_t seed, const volatile bool *stop);

#endif
