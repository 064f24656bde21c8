/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The symbols of one file, in the file's virtual addresses, made ready for the
 * one question that matters: which symbol covers this address? Of several the
 * innermost one answers; of several at one address the preferred name. Where
 * no symbol covers, there is no answer.
 *
 * Filled by whoever reads a symbol table, then finished once, then asked.
 */
#ifndef RESOLVE_SYMBOLS_H
#define RESOLVE_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"

struct symbols;

/* From preferred to least preferred. */
enum symbol_rank {
	SYMBOL_GLOBAL,
	SYMBOL_WEAK,
	SYMBOL_LOCAL,
	SYMBOL_STUB,		/* a jump to a function: drawn as "name@plt" */
};

struct symbol_entry {
	uint64_t start;
	uint64_t size;		/* 0: up to the next symbol or the limit */
	uint64_t limit;		/* end of its section, above start */
	uint32_t name;		/* symbols_add_names() plus offset */
	enum symbol_rank rank;
	bool label;		/* untyped: only where no function covers */
	bool old;		/* kept for old programs: only if no other has
				 * its address
				 */
};

struct symbol {
	uint64_t start;
	const char *name;	/* valid as long as the symbols */
	bool stub;
};

/* A longer name cannot be meant; whoever bears it stays nameless. */
#define SYMBOL_NAME_MAX (64U << 10)

struct symbols *symbols_new(void);
void symbols_free(struct symbols *symbols);

/*
 * Copy a table of NUL-terminated names; *base is the number of its first
 * byte. -EFBIG: all tables together are beyond 4 GiB.
 */
int symbols_add_names(struct symbols *symbols, const char *names,
		      size_t length, uint32_t *base, struct error *error);

/* Entries without a name are left out. */
void symbols_add(struct symbols *symbols, const struct symbol_entry *entry);

void symbols_finish(struct symbols *symbols);

bool symbols_find(const struct symbols *symbols, uint64_t address,
		  struct symbol *out);

/* Entries added so far. */
size_t symbols_count(const struct symbols *symbols);

#endif
