/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables kept on disk from one recording to the next, by build-id, under
 * $XDG_CACHE_HOME/dither/tables or ~/.cache/dither/tables. Everything there
 * may be deleted at any time.
 */
#ifndef UNWIND_TABLE_CACHE_H
#define UNWIND_TABLE_CACHE_H

#include "compile.h"

/*
 * As unwind_compile(), but from the cache if it has the table of @elf, whole
 * and of this compiler's making; else compiled and put there. A file without a
 * build-id is not kept, and whatever goes wrong with the cache only costs
 * time.
 */
int unwind_cached(struct elf *elf, struct unwind_table *table,
		  struct error *error);

#endif
