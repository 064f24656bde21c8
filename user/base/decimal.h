/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers as text, the same on every machine and in every locale. Values are
 * finite and not negative; at most 9 decimals.
 */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stdbool.h>

#define DECIMAL_MAX 448 /* holds any double, grouped */

/* All return @buffer. "1.5", "12": trailing zeros left out. */
const char *decimal_trimmed(char buffer[DECIMAL_MAX], double value,
			    unsigned int decimals);
/* "1.50", "12.00". */
const char *decimal_fixed(char buffer[DECIMAL_MAX], double value,
			  unsigned int decimals);
/* "1,234,567.5": for people. */
const char *decimal_grouped(char buffer[DECIMAL_MAX], double value,
			    unsigned int decimals);

/* The integer @value + @rest, of which each may be up to 2^120, exactly. */
const char *decimal_sum(char buffer[DECIMAL_MAX], double value, double rest);

/*
 * The number that @text begins with, of at most 15 digits, and where it ends.
 * False: there is none.
 */
bool decimal_read(const char *text, double *value, const char **end);

#endif
