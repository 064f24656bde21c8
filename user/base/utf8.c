// SPDX-License-Identifier: GPL-2.0
/*
 * Decodes UTF-8 strictly, so that a symbol's bytes can neither break a
 * picture's XML nor steer a terminal. Used by everything that shows names.
 */
#include "utf8.h"

static int showable(uint32_t character)
{
	if (character < 0x20 || (character >= 0x7f && character < 0xa0))
		return 0;
	if (character >= 0xd800 && character < 0xe000)
		return 0;
	/* They turn the writing's direction: names could pose as others. */
	if ((character >= 0x202a && character <= 0x202e) ||
	    (character >= 0x2066 && character <= 0x2069))
		return 0;
	return (character & 0xfffe) != 0xfffe && character <= 0x10ffff;
}

size_t utf8_next(const char *text, size_t length, uint32_t *character)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = text[0];
	uint32_t value;
	size_t bytes;

	*character = UTF8_REPLACEMENT;
	if (first < 0x80) {
		bytes = 1;
		value = first;
	} else if (first >= 0xc2 && first < 0xe0) {
		bytes = 2;
		value = first & 0x1f;
	} else if (first >= 0xe0 && first < 0xf0) {
		bytes = 3;
		value = first & 0x0f;
	} else if (first >= 0xf0 && first < 0xf5) {
		bytes = 4;
		value = first & 0x07;
	} else {
		return 1;
	}
	if (bytes > length)
		return 1;
	for (size_t i = 1; i < bytes; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 1;
		value = value << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (value < smallest[bytes] || !showable(value))
		return 1;
	*character = value;
	return bytes;
}

size_t utf8_encode(uint32_t character, char out[4])
{
	if (character < 0x80) {
		out[0] = (char)character;
		return 1;
	}
	if (character < 0x800) {
		out[0] = (char)(0xc0 | character >> 6);
		out[1] = (char)(0x80 | (character & 0x3f));
		return 2;
	}
	if (character < 0x10000) {
		out[0] = (char)(0xe0 | character >> 12);
		out[1] = (char)(0x80 | (character >> 6 & 0x3f));
		out[2] = (char)(0x80 | (character & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | character >> 18);
	out[1] = (char)(0x80 | (character >> 12 & 0x3f));
	out[2] = (char)(0x80 | (character >> 6 & 0x3f));
	out[3] = (char)(0x80 | (character & 0x3f));
	return 4;
}

unsigned int utf8_columns(uint32_t character)
{
	if (character >= 0x300 && character < 0x370)
		return 0;
	if ((character >= 0x1100 && character < 0x1160) ||
	    (character >= 0x2e80 && character < 0xa4d0) ||
	    (character >= 0xac00 && character < 0xd7b0) ||
	    (character >= 0xf900 && character < 0xfb00) ||
	    (character >= 0xfe30 && character < 0xfe70) ||
	    (character >= 0xff00 && character < 0xff61) ||
	    (character >= 0x1f300 && character < 0x1fb00) ||
	    (character >= 0x20000 && character < 0x40000))
		return 2;
	return 1;
}
