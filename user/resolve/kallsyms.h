/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's own symbols and its modules', as a recording keeps them. */
#ifndef RESOLVE_KALLSYMS_H
#define RESOLVE_KALLSYMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"

struct kallsyms;

struct kernel_symbol {
	uint64_t start;
	const char *name;	/* these are valid as long as the kallsyms */
	const char *module;	/* "[kernel]", "[ext4]" */
};

/*
 * Parse text as described in file/format.h, in any order of addresses.
 * -EINVAL: a line is not as it should be; the error tells its number. Then
 * nothing is used, because a missing symbol's code would get another's name.
 */
int kallsyms_parse(const char *text, size_t length, struct kallsyms **out,
		   struct error *error);
void kallsyms_free(struct kallsyms *kallsyms);

/* Whether there are symbols, but the kernel hid all of their addresses. */
bool kallsyms_hidden(const struct kallsyms *kallsyms);

/* The symbol at or before @address, unless it is too far off to be it. */
bool kallsyms_find(const struct kallsyms *kallsyms, uint64_t address,
		   struct kernel_symbol *out);

/*
 * Where the code of @module, as kallsyms_find() names it, lies: [*start, *end)
 * holds every address that is found to be its. Other modules may lie within.
 */
void kallsyms_extent(struct kallsyms *kallsyms, const char *module,
		     uint64_t *start, uint64_t *end);

#endif
