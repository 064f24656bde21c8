/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From an open file to its unwind table in the module: compiled, or taken from
 * the cache, handed over, remembered. One thread at a time.
 */
#ifndef CAPTURE_TABLE_LOADER_H
#define CAPTURE_TABLE_LOADER_H

#include <stdbool.h>

#include "../../include/dither/abi.h"

struct table_loader;

/* Hands an image over: 0, or a negative errno as of DITHER_IOC_TABLE. */
typedef int table_loader_send(void *context,
			      const struct dither_table_image *image);

struct table_loader *table_loader_new(table_loader_send *send, void *context);
void table_loader_free(struct table_loader *loader);

/*
 * Supply the table of @file, which is taken over. A file, by device, inode,
 * size and time, is done once; if @asked, when the module has dropped its
 * table, again, but not without end. @path is for messages.
 */
void table_loader_file(struct table_loader *loader, int file, const char *path,
		       bool asked);

/* The same for the vDSO. */
void table_loader_vdso(struct table_loader *loader, bool asked);

struct table_loader_counts {
	unsigned int tables;	/* handed over, or there already */
	unsigned int without;	/* files that no table can be made of */
	unsigned int refused;	/* tables that the module did not take */
	int code;		/* of the first of these, a negative errno */
	const char *path;	/* its file; valid as long as the supply */
};

const struct table_loader_counts *
table_loader_counts(const struct table_loader *loader);

#endif
