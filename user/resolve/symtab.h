/* SPDX-License-Identifier: GPL-2.0 */
/* Reads an ELF file's symbol tables. */
#ifndef RESOLVE_SYMTAB_H
#define RESOLVE_SYMTAB_H

#include "elf.h"
#include "symbols.h"

/*
 * Whether the file has all that a debug file could tell: a .symtab that is as it
 * was linked. One without debug information beside it may have been thinned out.
 */
bool symtab_is_full(struct elf *elf);

/*
 * Add every function that .symtab and .dynsym define. -EINVAL: a table is
 * damaged; what was sound has been added.
 */
int symtab_read(struct elf *elf, struct symbols *symbols, struct error *error);

#endif
