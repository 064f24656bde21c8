/* SPDX-License-Identifier: GPL-2.0 */
/* Names on a terminal: in columns, and harmless. */
#ifndef CMD_SHOW_H
#define CMD_SHOW_H

#include <stddef.h>
#include <stdio.h>

/*
 * Write @text, cut with ".." to @limit columns (0: all of it); bytes that
 * could steer a terminal become U+FFFD. Returns the columns written.
 */
size_t show_text(FILE *output, const char *text, size_t length, size_t limit);

/* The same, filled up with blanks. */
void show_column(FILE *output, const char *text, size_t length, size_t width);

#endif
