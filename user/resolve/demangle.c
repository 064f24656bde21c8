// SPDX-License-Identifier: GPL-2.0
/*
 * See demangle.h. C++ is left to GNU libiberty, which binutils and gdb use,
 * linked statically: plain C that needs no C++ library at run time. It calls
 * back with pieces of the name and allocates nothing, so that a name that
 * grows without end is left by a jump.
 */
#include "demangle.h"

#ifdef HAVE_LIBIBERTY
#include <libiberty/demangle.h>
#include <setjmp.h>
#endif

#include "rust.h"

#ifdef HAVE_LIBIBERTY
struct pieces {
	struct sink *sink;
	jmp_buf full;
};

static void take_piece(const char *text, size_t length, void *context)
{
	struct pieces *pieces = context;

	sink_bytes(pieces->sink, text, length);
	if (pieces->sink->full)
		longjmp(pieces->full, 1);
}

/*
 * @symbol is NUL-terminated. Its own limit to recursion is one of length, too,
 * and lower than real names are; ours bounds both.
 */
static bool cplus(const char *symbol, struct sink *sink)
{
	struct pieces pieces = { .sink = sink };

	if (setjmp(pieces.full))
		return false;
	return cplus_demangle_v3_callback(symbol,
					  DMGL_NO_OPTS | DMGL_NO_RECURSE_LIMIT,
					  take_piece, &pieces);
}
#else
static bool cplus(const char *symbol, struct sink *sink)
{
	(void)symbol;
	(void)sink;
	return false;
}
#endif

/* How much of it is mangled, before what compilers and linkers append. */
static size_t mangled_length(const char *symbol, size_t length)
{
	const char *at = memchr(symbol, '@', length), *end;

	if (at)
		length = (size_t)(at - symbol);
	/* Dots within a name of Rust are followed by its end, an 'E'. */
	end = memrchr(symbol, 'E', length);
	if (!end)
		end = symbol;
	at = memchr(end, '.', length - (size_t)(end - symbol));
	return at ? (size_t)(at - symbol) : length;
}

size_t demangle(const char *symbol, size_t length, char name[DEMANGLE_NAME_MAX])
{
	struct sink sink = { .text = name, .room = DEMANGLE_NAME_MAX };
	char copy[DEMANGLE_SYMBOL_MAX + 1];
	size_t whole = length;

	if (length > DEMANGLE_SYMBOL_MAX || length < 3 || symbol[0] != '_' ||
	    memchr(symbol, '\0', length))
		return 0;
	length = mangled_length(symbol, length);
	memcpy(copy, symbol, length);
	copy[length] = '\0';
	if (symbol[1] == 'R') {
		if (!rust_v0(copy, length, &sink))
			return 0;
	} else if (symbol[1] != 'Z') {
		return 0;
	} else if (!rust_legacy(copy, length, &sink)) {
		sink.length = 0;
		sink.full = false;
		if (!cplus(copy, &sink))
			return 0;
	}
	/* A hash, other ones in every build. */
	if (whole - length < 6 || memcmp(symbol + length, ".llvm.", 6))
		sink_bytes(&sink, symbol + length, whole - length);
	return sink.full ? 0 : sink.length;
}

size_t demangle_rust_parts(const char *text, size_t length, char *name,
			   size_t room)
{
	struct sink sink = { .text = name, .room = room };

	rust_legacy_parts(text, length, &sink);
	return sink.full ? 0 : sink.length;
}
