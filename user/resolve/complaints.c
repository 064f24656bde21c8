// SPDX-License-Identifier: GPL-2.0
/*
 * The sentences of complaints.h. The same file may be met under several
 * identities; interning keeps its complaint from being repeated.
 */
#include "complaints.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../base/alloc.h"
#include "../base/string_table.h"

struct complaints {
	struct string_table *sentences;
};

struct complaints *complaints_new(void)
{
	struct complaints *complaints = alloc_zeroed(1, sizeof(*complaints));

	complaints->sentences = string_table_new();
	return complaints;
}

void complaints_free(struct complaints *complaints)
{
	if (!complaints)
		return;
	string_table_free(complaints->sentences);
	free(complaints);
}

void complaints_add(struct complaints *complaints, const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0)
		return;
	string_table_add(complaints->sentences, text, (size_t)length);
	free(text);
}

size_t complaints_count(const struct complaints *complaints)
{
	return string_table_count(complaints->sentences);
}

const char *complaints_text(const struct complaints *complaints,
			    size_t number)
{
	return string_table_text(complaints->sentences, (uint32_t)number);
}
