/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The compiler of unwind tables: from an ELF file's call frame information to
 * the image that the module walks with (include/dither/table.h).
 */
#ifndef UNWIND_COMPILE_H
#define UNWIND_COMPILE_H

#include <stddef.h>

#include "../base/error.h"
#include "../resolve/elf.h"
#include "compile_statistics.h"

/*
 * Raised with every change of what is compiled from the same file: tables
 * that were kept on disk are stale then.
 */
#define UNWIND_COMPILER_VERSION 6

struct unwind_table {
	unsigned char *image;	/* passes dither_table_check() */
	size_t bytes;
	struct unwind_statistics statistics;
};

/*
 * Compile the table of @elf: any file, any damage, work and memory in
 * proportion to its size. 0, and the table is to be freed; or a negative errno
 * with @error saying what and where:
 *
 * ENODATA	no call frame information: there is no table
 * EINVAL	damaged
 * ENOTSUP	of a machine that no tables are for
 * E2BIG	exceeds what a table can hold
 */
int unwind_compile(struct elf *elf, struct unwind_table *table,
		   struct error *error);

void unwind_table_free(struct unwind_table *table);

#endif
