/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The thread that reads files while rings are drained, and what it still has to
 * do: unwind tables are brought to the module, files without a build-id are
 * hashed. All calls are made by the recorder's thread.
 */
#ifndef CAPTURE_TABLE_THREAD_H
#define CAPTURE_TABLE_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../base/error.h"
#include "../file/format.h"
#include "table_loader.h"

struct tables;

/* A file that a table is wanted of. */
struct table_request {
	pid_t pid;		/* who has it mapped; 0: only .path tells */
	uint64_t start, end;	/* … and where */
	uint64_t device, inode;	/* alike for what is the same file */
	const char *path;	/* copied; see mapped_open() */
	bool vdso;		/* nothing of the above counts */
	bool asked;		/* by the module */
	bool content;		/* not its table, but its hashes are wanted: */
	uint64_t bytes;		/* it is known by this, its device and inode, */
	int64_t mtime_ns;	/* … this, … */
	uint64_t time;		/* … and by not having changed since */
};

/*
 * Start the thread; @send is called there, NULL: no tables are wanted. Signals that it is not to take must
 * be blocked. NULL, with @error set, if there can be no thread.
 */
struct tables *tables_begin(table_loader_send *send, void *context,
			    struct error *error);

/*
 * Add to what is to be done, unless it is among that already. Never waits;
 * where too much is undone, it is forgotten and counted.
 */
void tables_add(struct tables *tables, const struct table_request *request);

/* Wait until all is done, @ms at most. How much is not done yet. */
size_t tables_wait(struct tables *tables, unsigned int ms);

/* The recording is over: no more tables are wanted, but hashes are. */
void tables_settle(struct tables *tables, unsigned int ms);

/* The hashes since the last call, to be freed; NULL: none. */
struct chunk_file *tables_files(struct tables *tables, size_t *count);

struct tables_result {
	struct table_loader_counts loader; /* without .path */
	char *path;		/* supply.path: to be freed, may be NULL */
	size_t forgotten;
	bool left;		/* the thread goes on, and will use the context
				 * of @send
				 */
};

/*
 * Forget what is undone and end the thread; one that waits for a file system
 * is left behind. @tables may be NULL.
 */
void tables_end(struct tables *tables, struct tables_result *result);

#endif
