/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A gzip file of blocks that are stored as they are: what a compressor makes
 * of the same bytes depends on its version, this does not.
 */
#ifndef EXPORT_GZIP_H
#define EXPORT_GZIP_H

#include <stddef.h>
#include <stdio.h>

/* Write errors stay in @output's error flag. */
void gzip_write(FILE *output, const unsigned char *bytes, size_t length);

#endif
