/* SPDX-License-Identifier: GPL-2.0 */
/* The payload of a KERNEL_SYMBOLS chunk, inflated within bounds. */
#ifndef FILE_INFLATE_H
#define FILE_INFLATE_H

#include <stddef.h>

#include "../base/error.h"

#define INFLATE_TEXT_MAX ((size_t)256 << 20)

/*
 * The text, NUL-terminated, to be freed; NULL with the reason in @problem when
 * the payload does not hold exactly what it says.
 */
char *inflate_symbols(const unsigned char *payload, size_t length,
		      size_t *text_length, struct error *problem);

#endif
