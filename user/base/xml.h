/* SPDX-License-Identifier: GPL-2.0 */
/* Text from outside into XML: well-formed whatever the bytes are. */
#ifndef BASE_XML_H
#define BASE_XML_H

#include <stddef.h>
#include <stdio.h>

/*
 * Write @length bytes as character data that may also stand between double
 * quotes: markup is escaped, bytes that XML or UTF-8 forbid become U+FFFD.
 */
void xml_text(FILE *output, const char *text, size_t length);

/*
 * The same, cut with ".." to what fits into @columns of a fixed-width font;
 * nothing at all where not even one character and ".." would.
 */
void xml_clipped(FILE *output, const char *text, size_t length, size_t columns);

/* Columns of the text in a fixed-width font, counted up to @limit. */
size_t xml_columns(const char *text, size_t length, size_t limit);

#endif
