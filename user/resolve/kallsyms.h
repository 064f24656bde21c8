/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's own symbols and its modules', as a recording keeps them. */
#ifndef RESOLVE_KALLSYMS_H
#define RESOLVE_KALLSYMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"

/* When the kernel was asked for its code: an answer takes time. */
struct kernel_reading {
	uint64_t begun, ended;
};

struct kallsyms;

struct kernel_symbol {
	uint64_t start, end;	/* [start, end): what it is known to cover */
	const char *name;	/* these are valid as long as the kallsyms */
	const char *module;	/* "[kernel]", "[ext4]" */
};

extern const char kallsyms_kernel[];	/* "[kernel]" */

/*
 * Parse text as described in file/format.h, in any order of addresses; @ends: in
 * which lines may tell an end, too. -EINVAL: a line is not as it should be; the
 * error tells its number. Then nothing is used, because a missing symbol's code
 * would get another's name.
 */
int kallsyms_parse(const char *text, size_t length, bool ends,
		   struct kallsyms **out, struct error *error);
void kallsyms_free(struct kallsyms *kallsyms);

/* Whether there are symbols, but the kernel hid all of their addresses. */
bool kallsyms_hidden(const struct kallsyms *kallsyms);

/* What lines tell an end of: without .name all code of a module. */
const struct kernel_symbol *kallsyms_told(const struct kallsyms *kallsyms,
					  size_t *count);

/* The symbol that covers @address, as far as the symbols alone can tell. */
bool kallsyms_find(const struct kallsyms *kallsyms, uint64_t address,
		   struct kernel_symbol *out);

/*
 * The same within @extent, which is known to be all of its module's: there its
 * last symbol reaches to the end.
 */
bool kallsyms_find_within(const struct kallsyms *kallsyms, uint64_t address,
			  const struct kernel_symbol *extent,
			  struct kernel_symbol *out);

/* Whether the first symbol in @extent is of its module. */
bool kallsyms_has_any(const struct kallsyms *kallsyms,
		      const struct kernel_symbol *extent);

/*
 * Where the code of @module, as kallsyms_find() names it, lies: [*start, *end)
 * holds every address that is found to be its. Other modules may lie within.
 */
void kallsyms_extent(struct kallsyms *kallsyms, const char *module,
		     uint64_t *start, uint64_t *end);

/* Whether each symbol of @module is an allocation of its own: "[bpf]". */
bool kallsyms_is_scattered(const char *module);

/* The end of the page of @address, of the smallest pages that there are. */
uint64_t kallsyms_page_end(uint64_t address);

#endif
