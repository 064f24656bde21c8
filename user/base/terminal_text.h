/* SPDX-License-Identifier: GPL-2.0 */
/* Names on a terminal: in columns, and harmless. */
#ifndef BASE_TERMINAL_TEXT_H
#define BASE_TERMINAL_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Write @text, cut with ".." to @limit columns (0: all of it); bytes that
 * could steer a terminal become U+FFFD. Returns the columns written.
 */
size_t terminal_text(FILE *output, const char *text, size_t length,
		     size_t limit);

/* The same, filled up with blanks. */
void terminal_column(FILE *output, const char *text, size_t length,
		     size_t width);

#define SHOW_SPAN_MAX 32

/* Short and exact enough for a time span: "340 ns", "1.50 us", "2.25 ms". */
const char *show_span(char text[SHOW_SPAN_MAX], uint64_t ns);

#endif
