/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The checksums of a recording's chunks, made right, or nothing would ever get
 * past them.
 */
#ifndef FUZZ_REPAIR_H
#define FUZZ_REPAIR_H

#include <stdint.h>
#include <string.h>

#include "../../user/file/checksum.h"
#include "../../user/file/format.h"

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

#endif
