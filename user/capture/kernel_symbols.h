/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The symbols of the kernel's code, as /proc/kallsyms tells them. They are taken
 * in line by line: their text alone may be more memory than a small machine has to
 * spare.
 */
#ifndef CAPTURE_KERNEL_SYMBOLS_H
#define CAPTURE_KERNEL_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct captured_symbol {
	uint64_t address;
	size_t text;		/* where it begins in .text */
};

struct captured_symbols {
	char *text;		/* "name" or "name\t[module]", each ended by NUL */
	size_t used, text_room;
	struct captured_symbol *symbol;	/* by address, then by text */
	size_t count, room;
	bool hidden;		/* the kernel shows no addresses */
};

/* With the kernel's own, or only what is marked as a module's. */
void capture_symbols(struct captured_symbols *symbols, bool own);
void capture_symbols_free(struct captured_symbols *symbols);

/* The "[module]" of a symbol, or NULL: the kernel's own. */
const char *capture_symbol_module(const struct captured_symbols *symbols,
				  size_t number);

/* The number of the first at @address or behind. */
size_t capture_symbols_from(const struct captured_symbols *symbols,
			    uint64_t address);

#endif
