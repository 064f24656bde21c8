/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One ELF program or library, open for reading: 32 or 64 bit, of any byte
 * order and machine. What it says of itself (loads, build-id, debug link) is
 * read at once, symbols when asked for (symtab.h, plt.h).
 *
 * Files are read, not mapped: one that shrinks meanwhile is an error, not a
 * fault. Errors tell what is wrong; the caller adds which file.
 */
#ifndef RESOLVE_ELF_H
#define RESOLVE_ELF_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "../base/error.h"

/* A part of the file that is mapped to be run or used. */
struct elf_load {
	uint64_t offset;	/* in the file */
	uint64_t address;	/* the file's own virtual address */
	uint64_t file_bytes;
	uint64_t memory_bytes;
	bool executable;
};

#define ELF_BUILD_ID_MAX 64U
#define ELF_LOADS_MAX 1024U

struct elf {
	Elf *handle;
	int file;		/* descriptor, or -1: in memory */
	uint64_t bytes;		/* of the file */
	uint64_t unread;	/* see elf_section_data() */
	unsigned int machine;	/* EM_… */
	struct elf_load *loads;
	size_t load_count;
	unsigned char build_id[ELF_BUILD_ID_MAX];
	size_t build_id_size;	/* 0: has none */
};

/*
 * Open a regular file (nothing that could block, no device) for reading.
 * Returns its descriptor or a negative errno, -ENOEXEC for what is no regular
 * file; fills @status.
 */
int elf_open_regular(const char *path, struct stat *status,
		     struct error *error);

/*
 * Take over the descriptor @file, also on failure. -ENOEXEC: not an ELF
 * program or library. -EINVAL: damaged.
 */
int elf_read(int file, uint64_t bytes, struct elf **out, struct error *error);

/* The same of an image in memory, which must outlive the elf. */
int elf_read_memory(const unsigned char *image, size_t bytes,
		    struct elf **out, struct error *error);

void elf_close(struct elf *elf);

/*
 * The section's contents, in this machine's byte order; NULL when there are
 * none or they cannot be read. Valid until elf_close(). Damaged files can
 * name the same bytes in thousands of sections, so what may be read of one
 * file in total is limited.
 */
Elf_Data *elf_section_data(struct elf *elf, Elf_Scn *section,
			   const GElf_Shdr *header);

/* Name of a section, or "". */
const char *elf_section_name(const struct elf *elf, const GElf_Shdr *header);

/*
 * The file that holds this one's debug symbols: its base name (valid until
 * elf_close()) and the CRC-32 of its contents. False: none is named.
 */
bool elf_debug_link(struct elf *elf, const char **name, uint32_t *crc);

/* What libelf says of its last failure. */
const char *elf_reason(void);

#endif
