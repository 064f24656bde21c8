// SPDX-License-Identifier: GPL-2.0
/* See problems.h. */
#include "problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define QUOTE_MAX 20

void problems_add(struct problems *problems, uint64_t line, const char *format,
		  ...)
{
	struct problem *problem;
	va_list args;

	if (problems->count++ >= PROBLEMS_KEPT)
		return;
	problem = &problems->kept[problems->count - 1];
	problem->line = line;
	va_start(args, format);
	vsnprintf(problem->text, sizeof(problem->text), format, args);
	va_end(args);
}

void problems_append(struct problems *problems, const struct problems *more,
		     uint64_t lines)
{
	problems->ignored += more->ignored;
	problems->used += more->used;
	for (uint64_t i = 0; i < more->count && i < PROBLEMS_KEPT; i++)
		problems_add(problems, lines + more->kept[i].line, "%s",
			     more->kept[i].text);
	if (more->count > PROBLEMS_KEPT)
		problems->count += more->count - PROBLEMS_KEPT;
}

const char *problems_quote(const char *text, size_t length, char out[24])
{
	size_t i;

	for (i = 0; i < length && i < QUOTE_MAX; i++)
		out[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	memcpy(out + i, i < length ? ".." : "", i < length ? 3 : 1);
	return out;
}
