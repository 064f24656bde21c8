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
	CHUNK_NAMED = 7,	/* struct chunk_named, then its tables */
	CHUNK_KERNEL_CODE = 8,	/* struct chunk_code, then zlib data */
	CHUNK_FILES = 9,	/* array of struct chunk_file */
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

/*
 * All code of the kernel that was there between two times, but for its own:
 * modules, BPF programs, trampolines. Lines as above, of symbols that are in no
 * chunk before; and "<hex start>-<hex end>\t[module]" for all of a module's code,
 * "<hex start>-<hex end> <name>\t[module]" for a function by itself.
 */
struct chunk_code {
	uint64_t begun, ended;	/* when the kernel was asked */
	uint64_t text_bytes;	/* inflated */
};

/*
 * A file that was mapped, by what a MAP record says of it, and what tells it from
 * any other (resolve/content.h).
 */
struct chunk_file {
	uint64_t inode;
	uint64_t bytes;
	int64_t mtime_ns;
	uint32_t dev_major;
	uint32_t dev_minor;
	uint64_t code;		/* of all that can be run */
	uint64_t names;		/* of its symbols; 0: it has none but these for
				 * the dynamic linker
				 */
};

struct chunk_end {
	uint64_t chunks;	/* before this one */
	uint64_t ring_bytes;	/* in all RING chunks */
};

/*
 * Samples that another profiler took, whose frames it has named. Each chunk
 * stands alone: samples, frames, threads, calls, the ends of the texts and
 * their bytes follow, without anything between. Entries are named by their
 * place in their table, from 0; calls from 1. How much a
 * chunk may stand for is bounded, since what it says once is used any number of
 * times.
 */
struct chunk_named {
	uint32_t samples; /* entries of the tables */
	uint32_t frames;
	uint32_t threads;
	uint32_t calls;
	uint32_t texts;
	uint32_t text_bytes;
};

/* For each byte of a chunk, at most: */
#define NAMED_FRAMES_MAX 32U /* in the stacks of all samples */
#define NAMED_NAMES_MAX 256U /* bytes of names, as often as they are used */

#define NAMED_TIME 1U	/* of .known: the time is known, */
#define NAMED_PERIOD 2U /* the period, */
#define NAMED_PID 4U	/* the process, */
#define NAMED_CPU 8U	/* the CPU; what is not is 0 */
#define NAMED_NO_COMM 16U /* the thread's name is not known: it is empty, */
#define NAMED_NO_TID 32U  /* nor its number: it is 0 */

struct named_sample {
	uint64_t time;	 /* ns */
	uint64_t period; /* events that it stands for */
	uint32_t call;	 /* the innermost; 0: no frames */
	uint32_t thread;
	uint32_t event; /* text */
	uint32_t known;
};

enum named_kind {
	NAMED_PROGRAM = 0,
	NAMED_KERNEL = 1,
	NAMED_GENERATED = 2,
	NAMED_INLINED = 3,
};

#define NAMED_NONE 0xffffffffU

struct named_frame {
	uint64_t address; /* 0: not known */
	uint32_t name;	  /* text */
	uint32_t object;  /* text: its file; NAMED_NONE: not known */
	uint32_t kind;
	uint32_t reserved; /* 0 */
};

struct named_thread {
	uint32_t comm; /* text */
	uint32_t pid;
	uint32_t tid;
	uint32_t cpu; /* on which it was */
	uint32_t known;
	uint32_t reserved; /* 0 */
};

/* A frame and what called it. */
struct named_call {
	uint32_t caller; /* an earlier call; 0: it is the outermost */
	uint32_t frame;
};

#endif
