/* SPDX-License-Identifier: GPL-2.0 */
/* Rust's two manglings, for demangle.c alone. */
#ifndef RESOLVE_RUST_H
#define RESOLVE_RUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A name that grows up to its room; then it is full, and no name. */
struct sink {
	char *text;
	size_t length, room;
	bool full;
};

static inline void sink_bytes(struct sink *sink, const char *text,
			      size_t length)
{
	if (length > sink->room - sink->length) {
		sink->full = true;
		return;
	}
	if (length)
		memcpy(sink->text + sink->length, text, length);
	sink->length += length;
}

static inline void sink_text(struct sink *sink, const char *text)
{
	sink_bytes(sink, text, strlen(text));
}

/* A character; one that is none, or a control character, is left out. */
void sink_character(struct sink *sink, uint32_t character);

/* "_ZN4core3fmt5Write9write_str17h0123456789abcdefE"; false: it is none. */
bool rust_legacy(const char *symbol, size_t length, struct sink *sink);

/*
 * The same name's parts as C++'s demanglers print them, with "::" between them
 * and without the hash.
 */
void rust_legacy_parts(const char *text, size_t length, struct sink *sink);

/* "_RNvC5crate4main"; false: it is none. */
bool rust_v0(const char *symbol, size_t length, struct sink *sink);

#endif
