/* SPDX-License-Identifier: GPL-2.0 */
/* Names for a program's jumps into other libraries (x86-64 and arm64). */
#ifndef RESOLVE_PLT_H
#define RESOLVE_PLT_H

#include "elf.h"
#include "symbols.h"

/*
 * Add a SYMBOL_STUB for every entry of .plt, .plt.sec and .plt.got whose
 * function is known. What cannot be told stays nameless.
 */
void plt_read(struct elf *elf, struct symbols *symbols);

#endif
