/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files that are neither recordings nor text that dither reads: what one seems
 * to be, and which tool makes of it what dither reads.
 */
#ifndef TEXT_FOREIGN_H
#define TEXT_FOREIGN_H

#include "foreign_formats.h"

/*
 * By the marks of a format in its beginning. NULL: none is known. The first
 * @length bytes must be followed by nothing that counts.
 */
const struct foreign *foreign_find(const char *text, size_t length);

/* Binary data, JSON or XML, by the look of it; NULL: none of them. */
const struct foreign *foreign_look(const char *text, size_t length);

/* The same, or what its lines look like; never NULL. */
const struct foreign *foreign_guess(const char *text, size_t length);

#endif
