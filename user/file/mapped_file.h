/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bytes of a file, for reading: mapped, so that files larger than memory
 * work; pipes are read into memory. Reading stays safe when the file shrinks
 * or its disk fails meanwhile: what is not there any more reads as zeros.
 */
#ifndef FILE_MAPPED_FILE_H
#define FILE_MAPPED_FILE_H

#include <stddef.h>

#include "../base/error.h"

struct mapping;

/*
 * -EINVAL when the file does not begin with the @magic_length bytes at @magic;
 * -EFBIG when it is larger than what can be mapped, or a very long pipe.
 */
int mapping_open(const char *path, const char *magic, size_t magic_length,
		 struct mapping **out, struct error *error);
void mapping_close(struct mapping *mapping);

const unsigned char *mapping_data(const struct mapping *mapping);
size_t mapping_size(const struct mapping *mapping);

/*
 * Whether some bytes went away while they were read. To be asked after
 * copying what is to be used: what was copied before a "no" is sound.
 */
int mapping_broken(const struct mapping *mapping);

/*
 * The same, and whether the file is shorter now: within its last page, bytes
 * become zeros without any sign. A system call.
 */
int mapping_shrunk(const struct mapping *mapping);

#endif
