// SPDX-License-Identifier: GPL-2.0
/*
 * The way of every outside name to the terminal: symbols, paths and threads
 * may be named by whoever wrote the program that was sampled.
 */
#include "terminal_text.h"

#include <inttypes.h>

#include "utf8.h"

static size_t columns_of(const char *text, size_t length)
{
	size_t columns = 0;
	uint32_t character;

	for (size_t i = 0; i < length;) {
		i += utf8_next(text + i, length - i, &character);
		columns += utf8_columns(character);
	}
	return columns;
}

static void put(FILE *output, uint32_t character)
{
	char bytes[4];
	size_t count = utf8_encode(character, bytes);

	fwrite(bytes, 1, count, output);
}

size_t terminal_text(FILE *output, const char *text, size_t length,
		     size_t limit)
{
	size_t columns = columns_of(text, length), used = 0, i = 0, bytes;
	size_t room = !limit || columns <= limit ? columns : limit - 2;
	uint32_t character;

	for (; i < length; i += bytes) {
		bytes = utf8_next(text + i, length - i, &character);
		if (used + utf8_columns(character) > room)
			break;
		used += utf8_columns(character);
		put(output, character);
	}
	if (room == columns)
		return used;
	fputs("..", output);
	return used + 2;
}

void terminal_column(FILE *output, const char *text, size_t length,
		     size_t width)
{
	for (size_t used = terminal_text(output, text, length, width);
	     used < width; used++)
		fputc(' ', output);
}

const char *show_span(char text[SHOW_SPAN_MAX], uint64_t ns)
{
	if (ns < 1000)
		snprintf(text, SHOW_SPAN_MAX, "%" PRIu64 " ns", ns);
	else if (ns < 1000000)
		snprintf(text, SHOW_SPAN_MAX, "%.2f us", (double)ns / 1e3);
	else if (ns < 1000000000)
		snprintf(text, SHOW_SPAN_MAX, "%.2f ms", (double)ns / 1e6);
	else
		snprintf(text, SHOW_SPAN_MAX, "%.2f s", (double)ns / 1e9);
	return text;
}
