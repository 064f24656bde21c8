/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tells mapped files without a build-id apart, read while they can be read:
 * the file behind a MAP record, and its hashes for the recording.
 */
#ifndef CAPTURE_FILE_CONTENTS_H
#define CAPTURE_FILE_CONTENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "../file/format.h"

/*
 * Fill the hashes of @wanted, whose other fields are those of a MAP record made
 * at @time (CLOCK_MONOTONIC; 0: not known), from @file, which is taken over. False: @file
 * is not that one, or was changed since, or is no program.
 */
bool contents_read(int file, uint64_t time, struct chunk_file *wanted);

#endif
