/* SPDX-License-Identifier: GPL-2.0 */
/* The text of a KERNEL_SYMBOLS or KERNEL_CODE chunk, inflated within bounds. */
#ifndef FILE_INFLATE_H
#define FILE_INFLATE_H

#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"

#define INFLATE_TEXT_MAX ((size_t)256 << 20)

/*
 * The text, NUL-terminated, to be freed; NULL with the reason in @problem when
 * the data does not hold exactly @text_bytes.
 */
char *inflate_text(const unsigned char *data, size_t compressed,
		   uint64_t text_bytes, struct error *problem);

#endif
