// SPDX-License-Identifier: GPL-2.0
/* See table_prefetch.h; called by the recorder. */
#include "table_prefetch.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "../base/hash.h"
#include "command_files.h"
#include "proc_maps.h"

struct search {
	struct tables *tables;
	struct hash *seen; /* device, inode */
};

void table_prefetch_vdso(struct tables *tables)
{
	const struct table_request request = { .vdso = true };

	tables_add(tables, &request);
}

static void add_path(void *context, const char *path)
{
	const struct table_request request = { .path = path };

	tables_add(context, &request);
}

static void add_mapped(void *context, pid_t pid, const struct mapped *mapped)
{
	struct search *search = context;
	const struct table_request request = {
		.pid = pid,
		.start = mapped->start,
		.end = mapped->end,
		.device = mapped->device,
		.inode = mapped->inode,
		.path = mapped->path,
	};

	if (hash_get(search->seen, mapped->device, mapped->inode) != TABLE_NONE)
		return;
	hash_put(search->seen, mapped->device, mapped->inode, 0);
	tables_add(search->tables, &request);
}

static void search_all(struct search *search)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		return;
	while ((entry = readdir(proc))) {
		int pid = atoi(entry->d_name);

		if (pid > 0)
			mapped_each(pid, add_mapped, search);
	}
	closedir(proc);
}

void table_prefetch_command(struct tables *tables, const char *name)
{
	const int self = getpid();

	program_files(name, add_path, tables);
	table_prefetch_processes(tables, &self, 1);
}

void table_prefetch_processes(struct tables *tables, const int *pids,
			      unsigned int count)
{
	struct search search = { .tables = tables, .seen = hash_new() };

	for (unsigned int i = 0; i < count; i++)
		mapped_each(pids[i], add_mapped, &search);
	if (!count)
		search_all(&search);
	hash_free(search.seen);
}
