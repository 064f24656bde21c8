/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers for tests that try many things: the same on every machine and in
 * every run, from a state that the test seeds with anything but 0.
 */
#ifndef RANDOM_NUMBERS_H
#define RANDOM_NUMBERS_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * 0x2545f4914f6cdd1dULL;
}

/* In [0, @bound). */
static inline uint64_t random_below(uint64_t *state, uint64_t bound)
{
	return (random_next(state) >> 11) % bound;
}

#endif
