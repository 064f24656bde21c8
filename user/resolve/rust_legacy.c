// SPDX-License-Identifier: GPL-2.0
/*
 * Rust's older mangling: nested names as C++ has them, the last one a hash,
 * with escapes for what C++'s names cannot hold.
 */
#include "rust.h"

#include "../base/utf8.h"

#define HASH_LENGTH 17 /* 'h' and 16 hexadecimal digits */

void sink_character(struct sink *sink, uint32_t character)
{
	char bytes[4];
	uint32_t again;
	size_t length;

	if (character > 0x10ffff)
		return;
	length = utf8_encode(character, bytes);
	if (utf8_next(bytes, length, &again) == length && again == character)
		sink_bytes(sink, bytes, length);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The length of the part at *at, which is moved behind it; 0: it is none. */
static size_t next_part(const char **at, const char *end)
{
	size_t length = 0;

	while (*at < end && is_digit(**at) && length < 1 << 20)
		length = length * 10 + (size_t)(*(*at)++ - '0');
	return length <= (size_t)(end - *at) ? length : 0;
}

static bool is_hash(const char *part, size_t length)
{
	if (length != HASH_LENGTH || *part != 'h')
		return false;
	for (size_t i = 1; i < length; i++)
		if (hex_digit(part[i]) < 0)
			return false;
	return true;
}

/* "$LT$" and its like at @text: bytes used, 0: it is none. */
static size_t escape(const char *text, size_t length, struct sink *sink)
{
	static const struct {
		const char *code, *means;
	} escapes[] = {
		{ "$SP$", "@" }, { "$BP$", "*" }, { "$RF$", "&" },
		{ "$LT$", "<" }, { "$GT$", ">" }, { "$LP$", "(" },
		{ "$RP$", ")" }, { "$C$", "," },
	};
	uint32_t character = 0;
	size_t i;

	for (i = 0; i < sizeof(escapes) / sizeof(*escapes); i++) {
		size_t size = strlen(escapes[i].code);

		if (size > length || memcmp(text, escapes[i].code, size))
			continue;
		sink_text(sink, escapes[i].means);
		return size;
	}
	if (length < 4 || text[1] != 'u')
		return 0;
	for (i = 2; i < length && i < 8 && hex_digit(text[i]) >= 0; i++)
		character = character << 4 | (uint32_t)hex_digit(text[i]);
	if (i == 2 || i == length || text[i] != '$')
		return 0;
	sink_character(sink, character);
	return i + 1;
}

static void put_part(const char *part, size_t length, struct sink *sink)
{
	size_t used;

	/* An escape cannot be first in a name of C++. */
	if (length > 1 && part[0] == '_' && part[1] == '$') {
		part++;
		length--;
	}
	for (; length; part += used, length -= used) {
		used = *part == '$' ? escape(part, length, sink) : 0;
		if (used)
			continue;
		used = 1;
		if (*part == '.' && length > 1 && part[1] == '.') {
			sink_text(sink, "::");
			used = 2;
		} else {
			sink_bytes(sink, part, 1);
		}
	}
}

void rust_legacy_parts(const char *text, size_t length, struct sink *sink)
{
	const char *end = text + length, *next;

	for (;; text = next + 2) {
		next = memmem(text, (size_t)(end - text), "::", 2);
		put_part(text, (size_t)((next ? next : end) - text), sink);
		if (!next)
			return;
		sink_text(sink, "::");
	}
}

bool rust_legacy(const char *symbol, size_t length, struct sink *sink)
{
	const char *at = symbol + 3, *end = symbol + length, *part;
	size_t parts = 0, size;

	if (length < 4 || memcmp(symbol, "_ZN", 3) || end[-1] != 'E')
		return false;
	end--;
	while (at < end) {
		size = next_part(&at, end);
		if (!size)
			return false;
		part = at;
		at += size;
		if (at == end)
			return parts && is_hash(part, size);
		if (parts++)
			sink_text(sink, "::");
		put_part(part, size, sink);
	}
	return false;
}
