/* SPDX-License-Identifier: GPL-2.0 */
/* From a line of perf's call chain to the name of a frame. */
#ifndef PROFILE_PERF_SYMBOL_H
#define PROFILE_PERF_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>

/* What the object says of the code in it. */
enum perf_kind {
	PERF_PROGRAM,
	PERF_KERNEL,
	PERF_GENERATED,
	PERF_INLINED,
	PERF_KINDS
};

/* "symbol+0x1a (object)", without address; pieces of the line. */
struct perf_symbol {
	const char *name, *object;
	size_t name_length, object_length; /* object 0: not told */
	enum perf_kind kind;
};

/* @text begins with the symbol; the offset is left out. */
void perf_symbol_parse(const char *text, size_t length,
		       struct perf_symbol *symbol);

/*
 * The frame's name: parameters left out, ';' made ':', an unknown symbol named
 * by its object, "_[k]", "_[j]" or "_[i]" behind what is the kernel's,
 * generated or inlined. With @modules: "name\tobject" instead of a suffix. The
 * caller's to free().
 */
char *perf_symbol_frame(const struct perf_symbol *symbol, bool modules,
			size_t *length);

#endif
