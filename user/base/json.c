// SPDX-License-Identifier: GPL-2.0
/* See json.h. */
#include "json.h"

#include "utf8.h"

static void put(FILE *output, uint32_t character)
{
	char bytes[4];

	switch (character) {
	case '"':
		fputs("\\\"", output);
		break;
	case '\\':
		fputs("\\\\", output);
		break;
	case '<':
	case '>':
	case '&':
	case 0x2028: /* lines end there in old JavaScript */
	case 0x2029:
		fprintf(output, "\\u%04x", (unsigned int)character);
		break;
	default:
		fwrite(bytes, 1, utf8_encode(character, bytes), output);
	}
}

void json_text(FILE *output, const char *text, size_t length)
{
	uint32_t character;

	fputc('"', output);
	for (size_t i = 0; i < length;) {
		i += utf8_next(text + i, length - i, &character);
		put(output, character);
	}
	fputc('"', output);
}
