/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a symbol as the linker knows it to the name that was written: C++
 * (Itanium's scheme) and Rust (its own, v0, and the older one that looks like
 * C++). Parameters, template's apart, and hashes are left out.
 */
#ifndef RESOLVE_DEMANGLE_H
#define RESOLVE_DEMANGLE_H

#include <stddef.h>

/* A longer symbol stays as it is; so does one whose name would be longer. */
#define DEMANGLE_SYMBOL_MAX ((size_t)8 << 10)
#define DEMANGLE_NAME_MAX ((size_t)64 << 10)

/*
 * Write the name of @symbol, of @length bytes, to @name: its length, or 0
 * where the symbol is not mangled, or in no way known here. What follows a
 * '.' or '@' behind the symbol (".cold", ".part.0", "@plt") follows the name,
 * but for ".llvm." and its hash. Time, stack and
 * memory are bounded for any symbol.
 */
size_t demangle(const char *symbol, size_t length,
		char name[DEMANGLE_NAME_MAX]);

/*
 * The name that C++'s demanglers made of a symbol of Rust's older mangling,
 * without its hash, with Rust's escapes undone; it is no longer. Returns its
 * length; 0: it does not fit @room bytes.
 */
size_t demangle_rust_parts(const char *text, size_t length, char *name,
			   size_t room);

#endif
