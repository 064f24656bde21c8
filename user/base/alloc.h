/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that is there or the program ends: for the tool's own bookkeeping.
 * Sizes that come from outside data are checked by the caller first.
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

void *alloc_zeroed(size_t count, size_t size);
void *alloc_resize(void *old, size_t count, size_t size);
char *alloc_string(const char *text);
char *alloc_format(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/*
 * Make room for one more element in a growing array; *room is its capacity.
 * Usage: items = alloc_grow(items, count, &room, sizeof(*items)).
 */
void *alloc_grow(void *items, size_t count, size_t *room, size_t size);

#endif
