// SPDX-License-Identifier: GPL-2.0
/* See problems.h. */
#include "problems.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define QUOTE_MAX 20

void problems_add(struct problems *problems, const struct lines *lines,
		  const char *format, ...)
{
	size_t room = sizeof(problems->text[0]);
	va_list args;
	char *text;
	int used;

	if (problems->count++ >= PROBLEMS_KEPT)
		return;
	text = problems->text[problems->count - 1];
	used = snprintf(text, room, "%.150s:%" PRIu64 ": ", lines_name(lines),
			lines_number(lines));
	va_start(args, format);
	vsnprintf(text + used, room - (size_t)used, format, args);
	va_end(args);
}

const char *problems_quote(const char *text, size_t length, char out[24])
{
	size_t i;

	for (i = 0; i < length && i < QUOTE_MAX; i++)
		out[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	memcpy(out + i, i < length ? ".." : "", i < length ? 3 : 1);
	return out;
}
