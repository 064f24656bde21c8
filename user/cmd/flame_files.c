// SPDX-License-Identifier: GPL-2.0
/* See flame_files.h. */
#include "flame_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/output_file.h"

static int open_text(const char *path, FILE **file, struct error *error)
{
	*file = fopen(path, "r");
	if (*file)
		return 0;
	return error_set(error, -errno, "%s: cannot be opened: %s", path,
			 strerror(errno));
}

struct attributes *flame_attributes(const char *path, struct error *error)
{
	struct attributes *attributes;
	struct lines *lines;
	FILE *file;

	if (open_text(path, &file, error))
		return NULL;
	attributes = attributes_new();
	lines = lines_new(file, path);
	if (attributes_read(attributes, lines, error)) {
		attributes_free(attributes);
		attributes = NULL;
	}
	lines_free(lines);
	fclose(file);
	return attributes;
}

struct palette_map *flame_palette_map(const char *path, struct error *error)
{
	struct palette_map *map;
	struct lines *lines;
	FILE *file;
	int result = open_text(path, &file, error);

	if (result == -ENOENT)
		return palette_map_new();
	if (result)
		return NULL;
	map = palette_map_new();
	lines = lines_new(file, path);
	if (palette_map_read(map, lines, error)) {
		palette_map_free(map);
		map = NULL;
	}
	lines_free(lines);
	fclose(file);
	return map;
}

int flame_palette_map_write(const struct palette_map *map, const char *path)
{
	char *written;
	FILE *output;
	int code = EXIT_CANNOT;

	if (!palette_map_added(map))
		return 0;
	/* Beside it first: what is not whole must not take its place. */
	written = alloc_format("%s.new", path);
	output = output_open(written);
	if (output) {
		palette_map_write(map, output);
		code = output_close(output, written);
	}
	if (output && !code && rename(written, path)) {
		error_print("%s: cannot be replaced: %s", path,
			    strerror(errno));
		remove(written);
		code = EXIT_CANNOT;
	}
	free(written);
	return code;
}
