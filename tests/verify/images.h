/* SPDX-License-Identifier: GPL-2.0 */
/* The files that code was mapped from, as they are on this machine. */
#ifndef VERIFY_IMAGES_H
#define VERIFY_IMAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../include/dither/abi.h"

struct image_load {
	uint64_t offset, address, file_bytes, memory_bytes;
	bool executable;
};

struct image {
	char *path;		/* here */
	uint64_t size;
	int64_t mtime_ns;
	int vdso;		/* a descriptor, or -1: .path is to be opened */
	bool usable;		/* an ELF file, and still the one recorded */
	struct image_load *loads;
	size_t load_count;
};

struct images;

/* Files lie below @root. @vdso may be NULL. */
struct images *images_new(const char *root, const unsigned char *vdso,
			  size_t vdso_bytes);
void images_free(struct images *images);

/* That of a mapping; valid until _free. */
const struct image *images_get(struct images *images,
			       const struct dither_map *record);

/*
 * What must be added to the file's addresses where file offset @offset is
 * mapped at @start; false: no code is there.
 */
bool image_bias(const struct image *image, uint64_t start, uint64_t offset,
		uint64_t *bias);

/* A descriptor to be closed, or -1. */
int image_open(const struct image *image);

#endif
