// SPDX-License-Identifier: GPL-2.0
/*
 * The only way by which names and titles reach a picture: nothing that comes
 * through here can be markup, end a quoted attribute or a CDATA section.
 */
#include "xml.h"

#include "utf8.h"

#define ELLIPSIS ".."
#define ELLIPSIS_COLUMNS 2

static void put(FILE *output, uint32_t character)
{
	char bytes[4];

	switch (character) {
	case '&':
		fputs("&amp;", output);
		break;
	case '<':
		fputs("&lt;", output);
		break;
	case '>':
		fputs("&gt;", output);
		break;
	case '"':
		fputs("&quot;", output);
		break;
	case '\'':
		fputs("&#39;", output);
		break;
	default:
		fwrite(bytes, 1, utf8_encode(character, bytes), output);
	}
}

void xml_text(FILE *output, const char *text, size_t length)
{
	uint32_t character;

	for (size_t i = 0; i < length;) {
		i += utf8_next(text + i, length - i, &character);
		put(output, character);
	}
}

size_t xml_columns(const char *text, size_t length, size_t limit)
{
	size_t columns = 0;
	uint32_t character;

	for (size_t i = 0; i < length && columns < limit;) {
		i += utf8_next(text + i, length - i, &character);
		columns += utf8_columns(character);
	}
	return columns;
}

void xml_clipped(FILE *output, const char *text, size_t length, size_t columns)
{
	size_t used = 0, i = 0, bytes;
	uint32_t character;

	if (xml_columns(text, length, columns + 1) <= columns) {
		xml_text(output, text, length);
		return;
	}
	if (columns <= ELLIPSIS_COLUMNS)
		return;
	for (; i < length; i += bytes) {
		bytes = utf8_next(text + i, length - i, &character);
		used += utf8_columns(character);
		if (used > columns - ELLIPSIS_COLUMNS)
			break;
		put(output, character);
	}
	fputs(ELLIPSIS, output);
}
