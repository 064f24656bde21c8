/* SPDX-License-Identifier: GPL-2.0 */
/* The order of names: by bytes, the shorter first, no locale. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stddef.h>
#include <string.h>

static inline int bytes_compare(const char *a, size_t a_length, const char *b,
				size_t b_length)
{
	int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

	if (order)
		return order;
	return (a_length > b_length) - (a_length < b_length);
}

#endif
