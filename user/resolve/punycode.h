/* SPDX-License-Identifier: GPL-2.0 */
/* Identifiers of Rust that are not ASCII (RFC 3492, '_' before the digits). */
#ifndef RESOLVE_PUNYCODE_H
#define RESOLVE_PUNYCODE_H

#include "rust.h"

/* False: the bytes are no such identifier, or one of very many characters. */
bool punycode(const char *text, size_t length, struct sink *sink);

#endif
