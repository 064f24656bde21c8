// SPDX-License-Identifier: GPL-2.0
/*
 * Finding and verifying what image.h promises. Three things can stand in for
 * each other: the program itself, its debug file, and what the recording says
 * of the mapping. Nothing is used whose identity is not certain.
 */
#include "image.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "../base/alloc.h"
#include "debug_file.h"
#include "plt.h"
#include "symtab.h"

static void take_loads(struct image *image, struct elf *elf)
{
	image->loads = elf->loads;
	image->load_count = elf->load_count;
	image->machine = elf->machine;
	elf->loads = NULL;
	elf->load_count = 0;
}

static bool has_build_id(const struct elf *elf,
			 const struct recorded_file *file)
{
	return elf->build_id_size == file->build_id_size &&
	       !memcmp(elf->build_id, file->build_id, file->build_id_size);
}

static int64_t nanoseconds(const struct timespec *time)
{
	/* Unsigned: a file system may hold any time. */
	return (int64_t)((uint64_t)time->tv_sec * 1000000000U +
			 (uint64_t)time->tv_nsec);
}

/* Whether it is the very file, and nobody has touched it since it was mapped. */
static bool is_same_file(const struct recorded_file *file,
			 const struct stat *status, struct error *why)
{
	if ((uint64_t)status->st_size != file->bytes ||
	    nanoseconds(&status->st_mtim) != file->mtime_ns) {
		error_set(why, 0, "its size or time is not the recorded one");
		return false;
	}
	if (file->foreign) {
		error_set(why, 0,
			  "it has no build-id, and was recorded on another machine without a hash of it");
		return false;
	}
	if (status->st_ino != file->inode ||
	    major(status->st_dev) != file->dev_major ||
	    minor(status->st_dev) != file->dev_minor) {
		error_set(why, 0,
			  "it has no build-id, and is another file than the recorded one (inode or device)");
		return false;
	}
	if (file->mapped_ns && nanoseconds(&status->st_ctim) > file->mapped_ns) {
		error_set(why, 0,
			  "it has no build-id, and was changed since it was mapped");
		return false;
	}
	return true;
}

/* @elf was opened, and has no build-id to be known by. */
static bool is_same_content(const struct recorded_file *file, struct elf *elf,
			    struct error *why)
{
	struct content found;

	if (file->known == CONTENT_CHANGED) {
		error_set(why, 0,
			  "it has no build-id, and changed during the recording");
		return false;
	}
	if (!content_read(elf, &found) ||
	    !content_agrees(&file->content, &found)) {
		error_set(why, 0, "its code is not the recorded one");
		return false;
	}
	return true;
}

/*
 * Open the file at @path if it is the recorded one. Returns what became of
 * it; *elf is NULL unless NAME_SYMBOL; @why says the rest.
 */
static enum name_kind open_recorded(const struct recorded_file *file,
				    const char *path, struct image *image,
				    struct elf **elf, struct error *why)
{
	struct stat status;
	int descriptor;
	int code;

	*elf = NULL;
	descriptor = elf_open_regular(path, &status, why);
	if (descriptor < 0)
		return NAME_MISSING;
	image->as_recorded = (uint64_t)status.st_size == file->bytes;
	if (!file->build_id_size && file->known == CONTENT_UNKNOWN &&
	    !is_same_file(file, &status, why)) {
		close(descriptor);
		return NAME_REPLACED;
	}
	code = elf_read(descriptor, (uint64_t)status.st_size, elf, why);
	if (code)
		return file->build_id_size ? NAME_REPLACED : NAME_MODULE;
	if (file->build_id_size ? has_build_id(*elf, file) :
				  file->known == CONTENT_UNKNOWN ||
				  is_same_content(file, *elf, why))
		return NAME_SYMBOL;
	if (file->build_id_size)
		error_set(why, 0, "its build-id is not the recorded one");
	elf_close(*elf);
	*elf = NULL;
	return NAME_REPLACED;
}

static void read_lines(struct image *image, struct elf *elf,
		       const struct recorded_file *file)
{
	if (elf && file->lines && !image->lines)
		image->lines = debug_lines_read(elf);
}

static void read_symbols(struct image *image, struct elf *elf,
			 const char *path, struct complaints *complaints)
{
	struct error error;

	if (symtab_read(elf, image->symbols, &error))
		complaints_add(complaints, "%s: %s", path, error.text);
}

static void read_debug_symbols(struct image *image, struct elf *debug,
			       const char *program,
			       struct complaints *complaints)
{
	struct error error;

	if (symtab_read(debug, image->symbols, &error))
		complaints_add(complaints, "debug file of %s: %s", program,
			       error.text);
}

/* The program is at hand: its own symbols, and, if it may lack some, its debug file's. */
static void load_program(struct image *image, struct elf *elf,
			 const struct recorded_file *file, const char *path,
			 const char *debug_dir, struct complaints *complaints)
{
	struct elf *debug = NULL;

	read_symbols(image, elf, path, complaints);
	plt_read(elf, image->symbols);
	if (!symtab_is_full(elf)) {
		debug = debugfile_by_build_id(debug_dir, elf->build_id,
					      elf->build_id_size, complaints);
		if (!debug)
			debug = debugfile_by_link(debug_dir, path, file->path,
						  elf, complaints);
	}
	if (debug)
		read_debug_symbols(image, debug, path, complaints);
	read_lines(image, elf, file);
	read_lines(image, debug, file);
	elf_close(debug);
	take_loads(image, elf);
}

struct image *image_load(const struct recorded_file *file, const char *root,
			 const char *debug_dir, struct complaints *complaints)
{
	struct image *image = alloc_zeroed(1, sizeof(*image));
	char *path = alloc_format("%s%s", root, file->path);
	struct elf *elf = NULL;
	struct error why;

	image->symbols = symbols_new();
	if (file->path[0] != '/') {
		image->kind = NAME_MISSING;
		error_set(&why, 0, "not the path of a file");
	} else {
		image->kind = open_recorded(file, path, image, &elf, &why);
	}
	/* Another file may have taken its name; only what is in it can tell. */
	if (file->deleted && !file->build_id_size &&
	    file->known == CONTENT_UNKNOWN) {
		elf_close(elf);
		elf = NULL;
	}
	if (file->deleted && !elf) {
		image->kind = NAME_MISSING;
		error_set(&why, 0, "deleted before or during the recording");
	}
	if (elf) {
		load_program(image, elf, file, path, debug_dir, complaints);
		elf_close(elf);
	} else if (image->kind != NAME_MODULE) {
		elf = debugfile_by_build_id(debug_dir, file->build_id,
					    file->build_id_size, complaints);
		if (elf) {
			read_debug_symbols(image, elf, path, complaints);
			read_lines(image, elf, file);
			take_loads(image, elf);
			elf_close(elf);
		}
	}
	if (image->kind != NAME_SYMBOL && !image->load_count)
		complaints_add(complaints, "%s: %s", path, why.text);
	symbols_finish(image->symbols);
	free(path);
	return image;
}

int image_load_memory(const unsigned char *bytes, size_t length,
		      struct image **out, struct error *error)
{
	struct image *image;
	struct elf *elf;
	int code = elf_read_memory(bytes, length, &elf, error);

	if (code)
		return code;
	image = alloc_zeroed(1, sizeof(*image));
	image->kind = NAME_SYMBOL;
	image->symbols = symbols_new();
	code = symtab_read(elf, image->symbols, error);
	take_loads(image, elf);
	elf_close(elf);
	if (code) {
		image_free(image);
		return code;
	}
	symbols_finish(image->symbols);
	*out = image;
	return 0;
}

void image_free(struct image *image)
{
	if (!image)
		return;
	symbols_free(image->symbols);
	debug_lines_free(image->lines);
	free(image->loads);
	free(image);
}

/*
 * An executable load is mapped from the page where it begins to the page where
 * it ends, so its address tells where the mapping's start belongs. The size of
 * the recording machine's pages is not known; it divides all three numbers.
 */
static bool fits(const struct elf_load *load, uint64_t offset, uint64_t length,
		 uint64_t *address)
{
	if (load->address + load->memory_bytes < load->address)
		return false;
	for (uint64_t page = 4096; page <= 65536; page *= 4) {
		uint64_t start = load->address & ~(page - 1);
		uint64_t end = load->address + load->memory_bytes;

		end = (end + page - 1) & ~(page - 1);
		if (!(offset % page) && !(length % page) &&
		    end - start == length) {
			*address = start;
			return true;
		}
	}
	return false;
}

bool image_place(const struct image *image, uint64_t offset, uint64_t length,
		 struct elf_load *out)
{
	unsigned int found = 0;

	for (size_t i = 0; i < image->load_count; i++) {
		const struct elf_load *load = &image->loads[i];
		uint64_t address;

		if (!load->executable ||
		    !fits(load, offset, length, &address))
			continue;
		found++;
		out->offset = offset;
		out->address = address;
		out->file_bytes = length;
		out->memory_bytes = length;
		out->executable = true;
	}
	return found == 1;
}

bool image_address(const struct elf_load *loads, size_t count, uint64_t offset,
		   uint64_t *address)
{
	const struct elf_load *other = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct elf_load *load = &loads[i];

		if (offset < load->offset ||
		    offset - load->offset >= load->file_bytes)
			continue;
		/* A page may be mapped twice; code runs where it may run. */
		if (load->executable) {
			*address = offset - load->offset + load->address;
			return true;
		}
		if (!other)
			other = load;
	}
	if (!other)
		return false;
	*address = offset - other->offset + other->address;
	return true;
}
