// SPDX-License-Identifier: GPL-2.0
/*
 * Names hold blanks, brackets of all kinds and semicolons; objects hold blanks
 * and "(deleted)". Runs once for each different symbol.
 */
#include "perf_symbol.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "perf_name.h"

#define UNKNOWN "[unknown]"
#define ARROW "->"
#define UNFOLDED_MAX 256 /* frames of one symbol */

/* The bracket that the last character closes; NULL: there is none. */
static const char *opening(const char *text, size_t length)
{
	size_t depth = 0;

	if (!length || text[length - 1] != ')')
		return NULL;
	for (size_t i = length; i-- > 0;) {
		depth += text[i] == ')';
		if (text[i] == '(' && !--depth)
			return !i || text[i - 1] == ' ' ? text + i : NULL;
	}
	return NULL;
}

/* An object's own brackets may not match: then the last one after a blank. */
static const char *last_opening(const char *text, size_t length)
{
	if (!length || text[length - 1] != ')')
		return NULL;
	for (size_t i = length; i-- > 1;)
		if (text[i] == '(' && text[i - 1] == ' ')
			return text + i;
	return NULL;
}

static bool equals(const char *text, size_t length, const char *other)
{
	return length == strlen(other) && !memcmp(text, other, length);
}

/* Whether each of the names between arrows is one of a class. */
static bool is_unfolded(const char *name, size_t length)
{
	const char *end = name + length, *arrow;
	unsigned int frames = 0;

	if (!memmem(name, length, ARROW, strlen(ARROW)))
		return false;
	for (;; name = arrow + strlen(ARROW)) {
		arrow = memmem(name, (size_t)(end - name), ARROW,
			       strlen(ARROW));
		if (!memmem(name, (size_t)((arrow ? arrow : end) - name),
			    "::", 2))
			return false;
		if (!arrow)
			return true;
		if (++frames == UNFOLDED_MAX)
			return false;
	}
}

void perf_symbol_parse(const char *text, size_t length,
		       struct perf_symbol *symbol)
{
	const char *bracket = opening(text, length);

	if (!bracket)
		bracket = last_opening(text, length);
	*symbol = (struct perf_symbol){ .name = text, .name_length = length };
	if (bracket) {
		symbol->object = bracket + 1;
		symbol->object_length = perf_object_length(
			bracket + 1, (size_t)(text + length - bracket) - 2);
		symbol->name_length = (size_t)(bracket - text);
		symbol->kind =
			perf_object_kind(symbol->object, symbol->object_length);
	}
	while (symbol->name_length && text[symbol->name_length - 1] == ' ')
		symbol->name_length--;
	symbol->name_length = perf_object_length(text, symbol->name_length);
	symbol->unfolded = symbol->kind == PERF_GENERATED &&
			   is_unfolded(text, symbol->name_length);
}

bool perf_symbol_take(struct perf_symbol *left, struct perf_symbol *frame)
{
	const char *end = left->name + left->name_length, *next = NULL, *at;

	*frame = *left;
	frame->unfolded = false;
	if (!left->unfolded)
		return false;
	for (at = left->name;
	     (at = memmem(at, (size_t)(end - at), ARROW, strlen(ARROW)));
	     at += strlen(ARROW))
		next = at;
	if (!next)
		return false;
	left->name_length = (size_t)(next - left->name);
	frame->name = next + strlen(ARROW);
	frame->name_length = (size_t)(end - frame->name);
	frame->kind = PERF_INLINED;
	return true;
}

/* A name between what may be added to it. */
struct name {
	const char *text;
	size_t length;
	const char *open, *close;
	char *own; /* memory that text is in, or NULL */
};

static struct name name_of_object(const char *object, size_t length)
{
	struct name name = {
		.text = object,
		.length = length,
		.open = "",
		.close = "",
	};

	if (!length || equals(object, length, UNKNOWN)) {
		name.text = UNKNOWN;
		name.length = strlen(UNKNOWN);
	} else if (*object != '[') {
		name.open = "[";
		name.close = "]";
	}
	return name;
}

static struct name name_of_symbol(const struct perf_symbol *symbol,
				  bool mangled)
{
	struct name name = {
		.text = symbol->name,
		.length = symbol->name_length,
		.open = "",
		.close = "",
	};
	bool generated = symbol->kind == PERF_GENERATED;

	if (mangled ||
	    (generated && perf_name_is_tagged(name.text, name.length)))
		return name;
	if (!generated)
		name.own = perf_name_demangle(name.text, name.length);
	if (name.own) {
		name.text = name.own;
		name.length = strlen(name.own);
	}
	name.length = perf_name_length(name.text, name.length);
	return name;
}

char *perf_symbol_frame(const struct perf_symbol *symbol, bool modules,
			bool mangled, size_t *length)
{
	static const char *const suffixes[PERF_KINDS] = {
		[PERF_PROGRAM] = "",
		[PERF_KERNEL] = "_[k]",
		[PERF_GENERATED] = "_[j]",
		[PERF_INLINED] = "_[i]",
	};
	const char *object = symbol->object ? symbol->object : "";
	size_t object_length = symbol->object_length;
	struct name name;
	char *text;

	object = perf_object_name(object, &object_length);
	if (!symbol->name_length ||
	    equals(symbol->name, symbol->name_length, UNKNOWN))
		name = name_of_object(object, object_length);
	else
		name = name_of_symbol(symbol, mangled);
	text = alloc_format("%s%.*s%s%s%.*s", name.open, (int)name.length,
			    name.text, name.close,
			    modules ? "\t" : suffixes[symbol->kind],
			    modules ? (int)object_length : 0, object);
	free(name.own);
	*length = strlen(text);
	for (size_t i = 0; i < *length; i++)
		if (text[i] == ';')
			text[i] = ':';
	return text;
}
