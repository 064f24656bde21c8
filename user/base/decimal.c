// SPDX-License-Identifier: GPL-2.0
/*
 * Writes numbers without printf()'s decimal point, which depends on the
 * locale: pictures and folded text must come out the same everywhere.
 */
#include "decimal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The integer part goes to @buffer; returns the decimals as an integer. */
static unsigned long split(char *buffer, double value, unsigned int decimals)
{
	double whole = floor(value);
	unsigned long scale = 1, fraction;

	for (unsigned int i = 0; i < decimals; i++)
		scale *= 10;
	fraction = (unsigned long)floor((value - whole) * scale + 0.5);
	if (fraction >= scale) {
		fraction -= scale;
		whole += 1;
	}
	snprintf(buffer, DECIMAL_MAX, "%.0f", whole);
	return fraction;
}

static void append(char *buffer, unsigned long fraction, unsigned int decimals,
		   int trim)
{
	size_t length = strlen(buffer);

	if (!decimals || (trim && !fraction))
		return;
	while (trim && fraction % 10 == 0) {
		fraction /= 10;
		decimals--;
	}
	snprintf(buffer + length, DECIMAL_MAX - length, ".%0*lu", (int)decimals,
		 fraction);
}

const char *decimal_trimmed(char buffer[DECIMAL_MAX], double value,
			    unsigned int decimals)
{
	append(buffer, split(buffer, value, decimals), decimals, 1);
	return buffer;
}

const char *decimal_fixed(char buffer[DECIMAL_MAX], double value,
			  unsigned int decimals)
{
	append(buffer, split(buffer, value, decimals), decimals, 0);
	return buffer;
}

const char *decimal_grouped(char buffer[DECIMAL_MAX], double value,
			    unsigned int decimals)
{
	unsigned long fraction = split(buffer, value, decimals);
	size_t digits = strlen(buffer), commas = (digits - 1) / 3;

	buffer[digits + commas] = '\0';
	for (size_t i = digits; commas; i--) {
		buffer[i - 1 + commas] = buffer[i - 1];
		if ((digits - i) % 3 == 2)
			buffer[i - 2 + commas--] = ',';
	}
	append(buffer, fraction, decimals, 1);
	return buffer;
}

const char *decimal_sum(char buffer[DECIMAL_MAX], double value, double rest)
{
	__int128 sum = (__int128)value + (__int128)floor(rest + 0.5);
	char *at = buffer + DECIMAL_MAX - 1;

	*at = '\0';
	do
		*--at = (char)('0' + (int)(sum % 10));
	while ((sum /= 10));
	return memmove(buffer, at, strlen(at) + 1);
}

bool decimal_read(const char *text, double *value, const char **end)
{
	double number = 0, scale = 1;
	const char *begin = text;
	bool point = false;

	for (; (*text >= '0' && *text <= '9') || (*text == '.' && !point);
	     text++) {
		if (*text == '.') {
			point = true;
			continue;
		}
		number = number * 10 + (*text - '0');
		scale *= point ? 10 : 1;
	}
	*end = text;
	*value = number / scale;
	return text - begin > point && text - begin <= 15 + point;
}
