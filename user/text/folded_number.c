// SPDX-License-Identifier: GPL-2.0
/* See folded_number.h. */
#include "folded_number.h"

#include <stdint.h>

#define EXACT_MAX (1ULL << 53) /* integers up to here are exact doubles */
#define DIGITS_MAX 29	       /* of an integer: below 2^97, and sums exact */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* An integer too large for a double, and what follows it. */
static bool read_large(const char *text, size_t length,
		       struct folded_number *number)
{
	unsigned __int128 digits = 0;
	size_t i = 0;

	for (; i < length && is_digit(text[i]); i++) {
		if (i == DIGITS_MAX)
			return false;
		digits = digits * 10 + (unsigned int)(text[i] - '0');
	}
	number->value = (double)digits;
	number->rest =
		digits < (unsigned __int128)number->value ?
			-(double)((unsigned __int128)number->value - digits) :
			(double)(digits - (unsigned __int128)number->value);
	i += i < length && text[i] == '.';
	while (i < length && is_digit(text[i]))
		i++;
	return i == length;
}

/*
 * Digits, and decimals if any. Both the digits as an integer and the power of
 * ten are exact doubles, which makes the quotient the nearest one. Decimals
 * beyond that precision are dropped; what would be written as 0 is refused.
 */
bool folded_number(const char *text, size_t length,
		   struct folded_number *number)
{
	uint64_t digits = 0;
	bool something = false;
	double scale = 1;
	size_t i = 0;

	number->rest = 0;
	for (; i < length && is_digit(text[i]); i++) {
		digits = digits * 10 + (uint64_t)(text[i] - '0');
		if (digits > EXACT_MAX)
			return read_large(text, length, number);
	}
	if (!i)
		return false;
	if (i < length && text[i] == '.')
		i++;
	for (; i < length && is_digit(text[i]); i++) {
		something |= text[i] != '0';
		if (digits > EXACT_MAX / 10 - 1 || scale >= 1e15)
			continue;
		digits = digits * 10 + (uint64_t)(text[i] - '0');
		scale *= 10;
	}
	number->value = (double)digits / scale;
	return i == length &&
	       (!something || number->value >= FOLDED_COUNT_LEAST);
}

bool folded_count(const char *text, size_t length, double *count)
{
	struct folded_number exact;
	bool is_count = folded_number(text, length, &exact);

	if (is_count)
		*count = exact.value;
	return is_count;
}
