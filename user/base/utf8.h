/* SPDX-License-Identifier: GPL-2.0 */
/*
 * UTF-8 from outside: names may hold any bytes, what is shown must not.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_REPLACEMENT 0xfffdU

/*
 * Decode the character at @text, of which @length (at least 1) bytes are
 * left; returns its bytes. What is not valid, and every control character,
 * noncharacter and surrogate, is one byte and UTF8_REPLACEMENT.
 */
size_t utf8_next(const char *text, size_t length, uint32_t *character);

/* Encode; returns the bytes, 1 to 4. */
size_t utf8_encode(uint32_t character, char out[4]);

/* Columns of a fixed-width font: 2 for wide characters, 0 for combining. */
unsigned int utf8_columns(uint32_t character);

#endif
