/* SPDX-License-Identifier: GPL-2.0 */
/* From a line of perf's call chain to the names of frames. */
#ifndef TEXT_PERF_SYMBOL_H
#define TEXT_PERF_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>

#include "perf_object.h"

/* "symbol+0x1a (object)", without address; pieces of the line. */
struct perf_symbol {
	const char *name, *object;
	size_t name_length, object_length; /* object NULL: not printed */
	enum perf_kind kind;
	bool unfolded; /* several frames, see perf_symbol_take() */
};

/* @text begins with the symbol; offsets are left out. */
void perf_symbol_parse(const char *text, size_t length,
		       struct perf_symbol *symbol);

/*
 * The innermost frame of what is left of a symbol, which loses it: a Java
 * method whose map unfolds what was inlined is printed as
 * "outer::f->inner::g". True: there is another one.
 */
bool perf_symbol_take(struct perf_symbol *left, struct perf_symbol *frame);

/*
 * The frame's name: demangled, parameters and hashes left out, ';' made ':',
 * an unknown symbol named by its object, "_[k]", "_[j]" or "_[i]" behind what
 * is the kernel's, generated or inlined. With @modules: "name\tobject" instead
 * of a suffix. With @mangled: the symbol as it was printed, but for ';'. The
 * caller frees it.
 */
char *perf_symbol_frame(const struct perf_symbol *symbol, bool modules,
			bool mangled, size_t *length);

#endif
