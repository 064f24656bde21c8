/* SPDX-License-Identifier: GPL-2.0 */
/* Symbols as perf prints them: what of them is a function's name. */
#ifndef TEXT_PERF_NAME_H
#define TEXT_PERF_NAME_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The length of a name up to its list of parameters. Brackets within
 * template arguments, of an enclosing function, of decltype(), of operator(),
 * of a Go receiver, of a closure's type and of a path belong to the name.
 */
size_t perf_name_length(const char *text, size_t length);

/* A generated function's name by V8 or Python, "tag:text": it has no list. */
bool perf_name_is_tagged(const char *text, size_t length);

/*
 * The name of a mangled symbol, or of one of Rust's that was demangled as C++:
 * with a hash, and escapes. NULL: it is neither; else the caller frees it.
 */
char *perf_name_demangle(const char *text, size_t length);

#endif
