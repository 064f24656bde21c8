/* SPDX-License-Identifier: GPL-2.0 */
/* A fuzzer's bytes as a recording. */
#ifndef FUZZED_RECORDING_H
#define FUZZED_RECORDING_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../user/base/checksum.h"
#include "../../user/file/format.h"

#define FUZZED_PATH_MAX 32

/* The checksums of chunks, made right, or nothing would ever get past them. */
static inline void repair(uint8_t *file, size_t size)
{
	const struct file_header head = {
		.magic = { '\x89', 'D', 'I', 'T', 'H', 'E', 'R', '\n' },
		.version = FILE_VERSION,
		.byte_order = FILE_BYTE_ORDER,
	};
	struct chunk_header chunk;
	size_t at = sizeof(head);

	if (size < at)
		return;
	memcpy(file, &head, sizeof(head));
	for (; size - at >= sizeof(chunk); at += (chunk.length + 7) & ~7U) {
		memcpy(&chunk, file + at, sizeof(chunk));
		chunk.magic = CHUNK_MAGIC;
		chunk.length %= 4096;
		if (chunk.length <= size - at - sizeof(chunk))
			chunk.payload_checksum = checksum(
				file + at + sizeof(chunk), chunk.length);
		chunk.header_checksum =
			checksum(&chunk, sizeof(chunk) - sizeof(uint64_t));
		memcpy(file + at, &chunk, sizeof(chunk));
		at += sizeof(chunk);
		if (size - at < ((chunk.length + 7) & ~7U))
			return;
	}
}

/*
 * All behind the first byte, of which the lowest bit says whether to repair it.
 * Returns what to close; @path is good until then.
 */
static inline int fuzzed_recording(const uint8_t *data, size_t size,
				   char path[FUZZED_PATH_MAX])
{
	uint8_t *file = malloc(size);
	int fd = memfd_create("recording", MFD_CLOEXEC);

	memcpy(file, data + 1, size - 1);
	if (data[0] & 1)
		repair(file, size - 1);
	if (fd < 0 || write(fd, file, size - 1) != (ssize_t)(size - 1))
		abort();
	free(file);
	snprintf(path, FUZZED_PATH_MAX, "/proc/self/fd/%d", fd);
	return fd;
}

#endif
