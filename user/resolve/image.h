/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What can be known of a file that was mapped when the recording was made: its
 * symbols and where its bytes lie in its virtual addresses, provided that the
 * file at hand is still the one that ran.
 */
#ifndef RESOLVE_IMAGE_H
#define RESOLVE_IMAGE_H

#include "../../include/dither/abi.h"
#include "complaints.h"
#include "content_hash.h"
#include "debug_line.h"
#include "elf.h"
#include "name_kind.h"
#include "symbols.h"

/* A file as a MAP record tells it. */
struct recorded_file {
	bool lines;		/* its lines of source are wanted */
	const char *path;
	bool deleted;		/* the kernel said so behind the path */
	unsigned char build_id[DITHER_BUILD_ID_MAX];
	size_t build_id_size;	/* 0: had none */
	uint64_t bytes, inode;
	int64_t mtime_ns;
	uint32_t dev_major, dev_minor;
	bool foreign;		/* not of this machine */
	int64_t mapped_ns;	/* by the calendar; 0: not known */
	enum { CONTENT_UNKNOWN, CONTENT_KNOWN, CONTENT_CHANGED } known;
	struct content content;	/* with CONTENT_KNOWN */
};

struct image {
	/*
	 * The file at hand. NAME_SYMBOL: usable. NAME_MODULE: the right one
	 * but not usable. NAME_REPLACED, NAME_MISSING: only its debug file may
	 * be there, whose loads have no meaningful offsets and file sizes:
	 * image_place() tells more.
	 */
	enum name_kind kind;
	struct symbols *symbols;
	struct debug_lines *lines; /* NULL: none are known */
	unsigned int machine;	/* EM_…; 0 where there is nothing usable */
	struct elf_load *loads;
	size_t load_count;
	bool as_recorded;	/* of the very size recorded, too */
};

/* Never NULL. @debug_dir and @root as in struct resolver_options, resolved. */
struct image *image_load(const struct recorded_file *file, const char *root,
			 const char *debug_dir, struct complaints *complaints);

/* From an image in memory, which need not outlive the call. */
int image_load_memory(const unsigned char *bytes, size_t length,
		      struct image **out, struct error *error);

void image_free(struct image *image);

/*
 * The load that was mapped from @offset of the file for @length bytes, with
 * the offset filled in: the one executable load that has this size in pages.
 * False: none has, or several have.
 */
bool image_place(const struct image *image, uint64_t offset, uint64_t length,
		 struct elf_load *out);

/* The file's virtual address of the byte at @offset. */
bool image_address(const struct elf_load *loads, size_t count, uint64_t offset,
		   uint64_t *address);

#endif
