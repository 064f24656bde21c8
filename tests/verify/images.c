// SPDX-License-Identifier: GPL-2.0
/* See images.h. */
#include "images.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../user/base/alloc.h"

struct images {
	char *root;
	struct image **all;
	size_t count, room;
	struct image vdso;
};

static void read_loads(struct image *image, Elf *elf)
{
	size_t count, room = 0;
	GElf_Phdr header;

	if (elf_getphdrnum(elf, &count))
		return;
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getphdr(elf, (int)i, &header) ||
		    header.p_type != PT_LOAD)
			continue;
		image->loads = alloc_grow(image->loads, image->load_count,
					  &room, sizeof(*image->loads));
		image->loads[image->load_count++] = (struct image_load){
			.offset = header.p_offset,
			.address = header.p_vaddr,
			.file_bytes = header.p_filesz,
			.memory_bytes = header.p_memsz,
			.executable = header.p_flags & PF_X,
		};
	}
	image->usable = image->load_count;
}

static void read_headers(struct image *image)
{
	int file = image_open(image);
	Elf *elf;

	if (file < 0)
		return;
	elf = elf_begin(file, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF)
		read_loads(image, elf);
	elf_end(elf);
	close(file);
}

static bool is_unchanged(const struct image *image)
{
	struct stat status;

	return !stat(image->path, &status) &&
	       (uint64_t)status.st_size == image->size &&
	       status.st_mtim.tv_sec * 1000000000LL + status.st_mtim.tv_nsec ==
		       image->mtime_ns;
}

struct images *images_new(const char *root, const unsigned char *vdso,
			  size_t vdso_bytes)
{
	struct images *images = alloc_zeroed(1, sizeof(*images));

	elf_version(EV_CURRENT);
	images->root = alloc_string(root);
	images->vdso.path = alloc_string("[vdso]");
	images->vdso.vdso = memfd_create("vdso", MFD_CLOEXEC);
	if (vdso && images->vdso.vdso >= 0 &&
	    write(images->vdso.vdso, vdso, vdso_bytes) == (ssize_t)vdso_bytes)
		read_headers(&images->vdso);
	return images;
}

static void release(struct image *image)
{
	free(image->path);
	free(image->loads);
}

void images_free(struct images *images)
{
	for (size_t i = 0; i < images->count; i++) {
		release(images->all[i]);
		free(images->all[i]);
	}
	if (images->vdso.vdso >= 0)
		close(images->vdso.vdso);
	release(&images->vdso);
	free(images->all);
	free(images->root);
	free(images);
}

const struct image *images_get(struct images *images,
			       const struct dither_map *record)
{
	struct image *image;
	char *path;

	if (record->header.flags & DITHER_MAP_VDSO)
		return &images->vdso;
	path = alloc_format("%s%s", images->root, record->path);
	if (access(path, F_OK)) {
		/* Shared with this machine. */
		free(path);
		path = alloc_string(record->path);
	}
	for (size_t i = 0; i < images->count; i++) {
		image = images->all[i];
		if (!strcmp(image->path, path) &&
		    image->size == record->file_size &&
		    image->mtime_ns == record->mtime_ns) {
			free(path);
			return image;
		}
	}
	image = alloc_zeroed(1, sizeof(*image));
	*image = (struct image){
		.path = path,
		.size = record->file_size,
		.mtime_ns = record->mtime_ns,
		.vdso = -1,
	};
	if (is_unchanged(image))
		read_headers(image);
	images->all = alloc_grow(images->all, images->count, &images->room,
				 sizeof(struct image *));
	images->all[images->count++] = image;
	return image;
}

bool image_bias(const struct image *image, uint64_t start, uint64_t offset,
		uint64_t *bias)
{
	for (size_t i = 0; i < image->load_count; i++) {
		const struct image_load *load = &image->loads[i];
		/* Mappings are of whole pages, 64 KiB at most. */
		uint64_t low = load->offset & ~0xffffULL;

		if (!load->executable || offset < low ||
		    offset >= load->offset + load->file_bytes)
			continue;
		*bias = start - offset + load->offset - load->address;
		return true;
	}
	return false;
}

int image_open(const struct image *image)
{
	if (image->vdso >= 0)
		return fcntl(image->vdso, F_DUPFD_CLOEXEC, 0);
	return open(image->path, O_RDONLY | O_CLOEXEC);
}
