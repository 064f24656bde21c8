// SPDX-License-Identifier: GPL-2.0
/*
 * See table_cache.h. A table lies in a file of its own, named by build-id and
 * by what else must be the same: tools that move segments or drop sections
 * leave the build-id as it was.
 */
#include "table_cache.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../../kmod/core/table_lookup.h"
#include "../base/alloc.h"
#include "../base/checksum.h"
#include "machine.h"

#define CACHED_MAGIC 0x43545744U	/* "DWTC" as bytes */

struct cached {
	uint32_t magic;
	uint32_t compiler;	/* UNWIND_COMPILER_VERSION */
	uint64_t checksum;	/* of all but this header, and the file's name */
	struct unwind_statistics statistics;
};

/* The largest table there can be. */
static uint64_t bytes_max(void)
{
	const struct dither_table_header largest = {
		.nr_pages = DITHER_TABLE_PAGES_MAX,
		.nr_rows = DITHER_TABLE_ROWS_MAX,
		.nr_rules = DITHER_TABLE_RULES_MAX,
	};

	return dither_table_bytes(&largest);
}

/* To be freed; NULL: there is no place for it. */
static char *cache_directory(void)
{
	const char *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");

	if (cache && *cache == '/')
		return alloc_format("%s/dither/tables", cache);
	if (home && *home == '/')
		return alloc_format("%s/.cache/dither/tables", home);
	return NULL;
}

/* All that is missing of @path. A failure shows when a file is made there. */
static void make_directories(char *path)
{
	for (char *at = path + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		mkdir(path, 0700);
		*at = '/';
	}
	mkdir(path, 0700);
}

/* What tells files of one build-id apart, as far as tables go. */
static uint64_t shape(const struct elf *elf)
{
	uint64_t value = elf->bytes;

	for (size_t i = 0; i < elf->load_count; i++) {
		const struct elf_load *load = &elf->loads[i];
		const uint64_t words[] = { value, load->offset, load->address,
					   load->file_bytes, load->executable };

		value = checksum(words, sizeof(words));
	}
	return value;
}

static char *file_name(const struct elf *elf)
{
	char id[2 * ELF_BUILD_ID_MAX + 1] = "";

	for (size_t i = 0; i < elf->build_id_size; i++)
		sprintf(id + 2 * i, "%02x", elf->build_id[i]);
	return alloc_format("%s-%016llx", id, (unsigned long long)shape(elf));
}

static uint64_t cached_checksum(const struct unwind_statistics *statistics,
				const char *name, const unsigned char *image,
				size_t bytes)
{
	const struct iovec parts[] = {
		{ (void *)statistics, sizeof(*statistics) },
		{ (void *)name, strlen(name) },
		{ (void *)image, bytes },
	};

	return checksum_parts(parts, 3);
}

static bool read_all(int file, void *out, size_t bytes)
{
	unsigned char *at = out;

	while (bytes) {
		ssize_t got = read(file, at, bytes);

		if (got <= 0)
			return false;
		at += got;
		bytes -= (size_t)got;
	}
	return true;
}

static bool is_good(const struct cached *cached, const char *name,
		    const struct elf *elf, const struct unwind_table *table)
{
	const struct machine *machine = machine_of(elf->machine);
	const struct dither_table_header *header = (const void *)table->image;

	return cached->checksum == cached_checksum(&cached->statistics, name,
						   table->image, table->bytes) &&
	       !dither_table_check(table->image, table->bytes) && machine &&
	       header->machine == machine->number;
}

static bool load_file(int file, const char *name, const struct elf *elf,
		      struct unwind_table *table)
{
	struct cached cached;
	struct stat status;
	uint64_t bytes;

	if (fstat(file, &status) || !S_ISREG(status.st_mode) ||
	    status.st_size <= (off_t)sizeof(cached) ||
	    !read_all(file, &cached, sizeof(cached)) ||
	    cached.magic != CACHED_MAGIC ||
	    cached.compiler != UNWIND_COMPILER_VERSION)
		return false;
	bytes = (uint64_t)status.st_size - sizeof(cached);
	if (bytes > bytes_max())
		return false;
	table->image = alloc_zeroed(1, bytes);
	table->bytes = bytes;
	table->statistics = cached.statistics;
	if (read_all(file, table->image, bytes) &&
	    is_good(&cached, name, elf, table))
		return true;
	unwind_table_free(table);
	return false;
}

static bool load(const char *directory, const char *name, const struct elf *elf,
		 struct unwind_table *table)
{
	char *path = alloc_format("%s/%s", directory, name);
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	bool loaded = file >= 0 && load_file(file, name, elf, table);

	if (file >= 0)
		close(file);
	free(path);
	return loaded;
}

/* A file that nobody knows yet; its name is to be freed. */
static int make_fresh(char *directory, char **name)
{
	int file;

	*name = alloc_format("%s/.XXXXXX", directory);
	file = mkostemp(*name, O_CLOEXEC);
	if (file >= 0)
		return file;
	make_directories(directory);
	free(*name);
	*name = alloc_format("%s/.XXXXXX", directory);
	return mkostemp(*name, O_CLOEXEC);
}

/* Under another name at first: nobody ever sees a part of it. */
static void store(char *directory, const char *name,
		  const struct unwind_table *table)
{
	struct cached cached = {
		.magic = CACHED_MAGIC,
		.compiler = UNWIND_COMPILER_VERSION,
		.checksum = cached_checksum(&table->statistics, name,
					    table->image, table->bytes),
		.statistics = table->statistics,
	};
	const struct iovec parts[] = { { &cached, sizeof(cached) },
				       { table->image, table->bytes } };
	char *path = alloc_format("%s/%s", directory, name), *fresh;
	int file = make_fresh(directory, &fresh);
	bool written;

	if (file >= 0) {
		written = writev(file, parts, 2) ==
			  (ssize_t)(sizeof(cached) + table->bytes);
		if (close(file) || !written || rename(fresh, path))
			unlink(fresh);
	}
	free(fresh);
	free(path);
}

int unwind_cached(struct elf *elf, struct unwind_table *table,
		  struct error *error)
{
	char *directory = elf->build_id_size ? cache_directory() : NULL;
	char *name = NULL;
	int code = 0;

	*table = (struct unwind_table){ .image = NULL };
	if (directory)
		name = file_name(elf);
	if (!directory || !load(directory, name, elf, table)) {
		code = unwind_compile(elf, table, error);
		if (!code && directory)
			store(directory, name, table);
	}
	free(name);
	free(directory);
	return code;
}
