// SPDX-License-Identifier: GPL-2.0
#include "alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

static void *checked(void *memory, size_t count, size_t size)
{
	if (!memory && count && size) {
		error_print("out of memory (%zu x %zu bytes)", count, size);
		exit(EXIT_CANNOT);
	}
	return memory;
}

void *alloc_zeroed(size_t count, size_t size)
{
	return checked(calloc(count, size), count, size);
}

void *alloc_resize(void *old, size_t count, size_t size)
{
	return checked(reallocarray(old, count, size), count, size);
}

char *alloc_string(const char *text)
{
	return checked(strdup(text), 1, strlen(text));
}

char *alloc_format(const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	return checked(length < 0 ? NULL : text, 1, 1);
}

void *alloc_grow(void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return items;
	*room = *room ? *room * 2 : 16;
	return alloc_resize(items, *room, size);
}
