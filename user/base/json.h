/* SPDX-License-Identifier: GPL-2.0 */
/* Text from outside into JSON, which may stand in HTML's <script>, too. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stddef.h>
#include <stdio.h>

/*
 * Write a string with its quotes. Bytes that UTF-8 forbids and control
 * characters become U+FFFD; '<' is escaped, so that no tag can end or begin.
 */
void json_text(FILE *output, const char *text, size_t length);

#endif
