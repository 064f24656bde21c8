// SPDX-License-Identifier: GPL-2.0
/* See record_tables.h. */
#include "record_tables.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/hash.h"
#include "../capture/table_prefetch.h"

/* What hashing files may delay the end: the rest has no names then. */
#define FILES_MS 5000

void record_tables_choose(struct record_options *options,
			  const struct dither_info *info)
{
	struct dither_config *config = &options->config;

	/* There are no user stacks then. */
	if (config->flags & DITHER_F_KERNEL_ONLY)
		return;
	if (options->unwind == RECORD_UNWIND_FRAME_POINTERS)
		return;
	if (info->features & DITHER_FEATURE_UNWIND_TABLES)
		config->flags |= DITHER_F_TABLES;
	else if (options->unwind == RECORD_UNWIND_TABLES && !options->quiet)
		error_print("the module has no unwind tables on this machine: user stacks are walked by frame pointers");
}

int record_tables_begin(struct capture_device *device,
			const struct record_options *options,
			struct error *error)
{
	const struct dither_config *config = &options->config;
	struct tables *tables;

	if (config->flags & DITHER_F_KERNEL_ONLY)
		return 0;
	tables = tables_begin(capture_send_table, (void *)(intptr_t)device->fd,
			      error);
	if (!tables)
		return -EAGAIN;
	device->tables = tables;
	device->hashed = hash_new();
	if (!(config->flags & DITHER_F_TABLES))
		return 0;
	table_prefetch_vdso(tables);
	if (options->command)
		table_prefetch_command(tables, options->command[0]);
	if (!options->command || options->system_wide)
		table_prefetch_processes(tables, options->pids,
					 config->nr_pids);
	return 0;
}

int record_tables_files(struct capture_device *device, struct writer *writer,
			struct error *error)
{
	struct iovec part;
	size_t count;
	int result = 0;

	if (!device->tables)
		return 0;
	part.iov_base = tables_files(device->tables, &count);
	part.iov_len = count * sizeof(struct chunk_file);
	if (count)
		result = writer_chunk(writer, CHUNK_FILES, &part, 1, error);
	free(part.iov_base);
	return result;
}

void record_tables_settle(struct capture_device *device)
{
	if (device->tables)
		tables_settle(device->tables, FILES_MS);
}

void record_tables_end(struct capture_device *device,
		       struct tables_result *result)
{
	struct tables *tables = device->tables;

	device->tables = NULL;
	tables_end(tables, result);
	if (device->hashed)
		hash_free(device->hashed);
	device->hashed = NULL;
}

static const char *reason(int code)
{
	switch (code) {
	case -E2BIG:
		return "larger than all tables together may be (module parameter table_mb)";
	case -EPROTO:
		return "the module reads another version: use those built together";
	default:
		return strerror(-code);
	}
}

void record_tables_complain(const struct tables_result *result)
{
	const struct table_loader_counts *loader = &result->loader;

	if (loader->refused)
		error_print(
			"%u unwind tables were not taken by the module, the first that of %s: %s",
			loader->refused, result->path, reason(loader->code));
	if (result->forgotten)
		error_print("%zu files have no unwind tables: too many were needed at a time",
			    result->forgotten);
}
