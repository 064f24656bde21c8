// SPDX-License-Identifier: GPL-2.0
/*
 * Separate debug files for debug_file.h, in the two ways that all tools agree
 * on: by build-id, which the debug file must bear too, and by debug link, whose
 * CRC-32 must be the debug file's.
 */
#include "debug_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "../base/alloc.h"

/* -ENOENT is no reason to complain, all else is. */
static int open_debug(const char *path, uint64_t *bytes,
		      struct complaints *complaints)
{
	struct error error;
	struct stat status;
	int file = elf_open_regular(path, &status, &error);

	if (file >= 0)
		*bytes = (uint64_t)status.st_size;
	else if (file != -ENOENT && file != -ENOTDIR)
		complaints_add(complaints, "%s: %s", path, error.text);
	return file;
}

static struct elf *read_debug(const char *path, int file, uint64_t bytes,
			      struct complaints *complaints)
{
	struct error error;
	struct elf *elf;

	if (elf_read(file, bytes, &elf, &error)) {
		complaints_add(complaints, "%s: %s", path, error.text);
		return NULL;
	}
	return elf;
}

struct elf *debugfile_by_build_id(const char *debug_dir,
				  const unsigned char *build_id, size_t size,
				  struct complaints *complaints)
{
	char digits[2 * ELF_BUILD_ID_MAX + 1];
	struct elf *elf = NULL;
	uint64_t bytes;
	char *path;
	int file;

	if (size < 2 || size > ELF_BUILD_ID_MAX)
		return NULL;
	for (size_t i = 0; i < size; i++) {
		digits[2 * i] = "0123456789abcdef"[build_id[i] >> 4];
		digits[2 * i + 1] = "0123456789abcdef"[build_id[i] & 15];
	}
	digits[2 * size] = '\0';
	path = alloc_format("%s/.build-id/%.2s/%s.debug", debug_dir, digits,
			    digits + 2);
	file = open_debug(path, &bytes, complaints);
	if (file >= 0)
		elf = read_debug(path, file, bytes, complaints);
	if (elf && (elf->build_id_size != size ||
		    memcmp(elf->build_id, build_id, size))) {
		complaints_add(complaints,
			       "%s: its build-id is not the one in its name",
			       path);
		elf_close(elf);
		elf = NULL;
	}
	free(path);
	return elf;
}

static bool has_crc(int file, uint32_t wanted)
{
	size_t room = 64U << 10;
	unsigned char *bytes = alloc_zeroed(room, 1);
	uLong crc = crc32(0, NULL, 0);
	off_t offset = 0;
	ssize_t got;

	while ((got = pread(file, bytes, room, offset)) > 0) {
		crc = crc32(crc, bytes, (uInt)got);
		offset += got;
	}
	free(bytes);
	return !got && crc == wanted;
}

/* Takes @path over. */
static struct elf *try_link(char *path, uint32_t crc,
			    struct complaints *complaints)
{
	struct elf *elf = NULL;
	uint64_t bytes;
	int file = open_debug(path, &bytes, complaints);

	if (file >= 0 && has_crc(file, crc)) {
		elf = read_debug(path, file, bytes, complaints);
	} else if (file >= 0) {
		complaints_add(complaints,
			       "%s: its CRC-32 is not the one that the program's .gnu_debuglink names",
			       path);
		close(file);
	}
	free(path);
	return elf;
}

struct elf *debugfile_by_link(const char *debug_dir, const char *opened_path,
			      const char *path, struct elf *elf,
			      struct complaints *complaints)
{
	const char *opened_end = strrchr(opened_path, '/');
	const char *end = strrchr(path, '/');
	struct elf *found;
	const char *name;
	int directory;
	uint32_t crc;

	if (!opened_end || !end || !elf_debug_link(elf, &name, &crc))
		return NULL;
	directory = (int)(opened_end - opened_path);
	found = NULL;
	/* Next to itself a file of its own name is itself. */
	if (strcmp(name, opened_end + 1))
		found = try_link(alloc_format("%.*s/%s", directory,
					      opened_path, name),
				 crc, complaints);
	if (!found)
		found = try_link(alloc_format("%.*s/.debug/%s", directory,
					      opened_path, name),
				 crc, complaints);
	if (!found)
		found = try_link(alloc_format("%s%.*s/%s", debug_dir,
					      (int)(end - path), path, name),
				 crc, complaints);
	return found;
}
