/* SPDX-License-Identifier: GPL-2.0 */
/* The counts of folded stacks. */
#ifndef TEXT_FOLDED_NUMBER_H
#define TEXT_FOLDED_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* The least count but 0: written with nine decimals it is still there. */
#define FOLDED_COUNT_LEAST 1e-9

/*
 * A count is two doubles, of which the second is what the first cannot hold:
 * 0 up to 2^53.
 */
struct folded_number {
	double value, rest;
};

/* Whether a word is a count, and which. */
bool folded_number(const char *text, size_t length,
		   struct folded_number *number);

/* The same, as one double. */
bool folded_count(const char *word, size_t length, double *count);

#endif
