/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The .dither file, version 1 (docs/file-format.md tells it at length).
 *
 * A 16 byte file header, then chunks. Each chunk is a 32 byte header and its
 * payload, padded with zeros to 8 bytes. A file may end anywhere: whoever
 * reads it takes the chunks that are whole and says what is missing. After a
 * damaged header the next chunk is found by its magic, on 8 bytes.
 */
#ifndef FILE_FORMAT_H
#define FILE_FORMAT_H

#include <stdint.h>

#define FILE_MAGIC "\x89" "DITHER\n"	/* 8 bytes, no terminator */
#define FILE_VERSION 1
#define FILE_BYTE_ORDER 0x01020304U	/* as the writing machine stores it */
#define FILE_ALIGN 8

struct file_header {
	char magic[8];
	uint32_t version;
	uint32_t byte_order;
};

#define CHUNK_MAGIC 0x4b4e4843U		/* "CHNK" on little endian */
#define CHUNK_PAYLOAD_MAX (1U << 30)

enum chunk_type {
	CHUNK_META = 1,		/* text: key=value lines */
	CHUNK_RING = 2,		/* struct chunk_ring, then records */
	CHUNK_KERNEL_SYMBOLS = 3, /* struct chunk_symbols, then zlib data */
	CHUNK_VDSO = 4,		/* the vDSO's ELF image */
	CHUNK_LEDGER = 5,	/* array of struct dither_ledger; last one counts */
	CHUNK_END = 6,		/* struct chunk_end: the recording is whole */
};

struct chunk_header {
	uint32_t magic;
	uint32_t type;		/* unknown types are skipped */
	uint32_t length;	/* of the payload, without padding */
	uint32_t sequence;	/* 0, 1, 2, … in the file */
	uint64_t payload_checksum; /* XXH64, seed 0 */
	uint64_t header_checksum; /* of the 24 bytes before */
};

/* Ring bytes as they stood in the ring: whole records, wrap undone. */
struct chunk_ring {
	uint32_t cpu;
	uint32_t position;	/* free-running ring position of the first byte */
};

/*
 * Kernel and module symbols: zlib stream of lines "<hex address> <name>\n" or
 * "<hex address> <name>\t[module]\n", ascending by address.
 */
struct chunk_symbols {
	uint64_t text_bytes;	/* inflated */
};

struct chunk_end {
	uint64_t chunks;	/* before this one */
	uint64_t ring_bytes;	/* in all RING chunks */
};

#endif
