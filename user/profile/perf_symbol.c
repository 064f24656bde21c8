// SPDX-License-Identifier: GPL-2.0
/*
 * Names hold blanks, brackets of all kinds and semicolons; objects hold blanks
 * and "(deleted)". Runs once for each different symbol only.
 */
#include "perf_symbol.h"

#include <string.h>

#include "../base/alloc.h"

#define DELETED " (deleted)"
#define UNKNOWN "[unknown]"
#define ANONYMOUS "(anonymous namespace)"
#define OPERATOR "operator"

/* The bracket that the last character closes; NULL: there is none. */
static const char *opening(const char *text, size_t length)
{
	size_t depth = 0;

	if (!length || text[length - 1] != ')')
		return NULL;
	for (size_t i = length; i-- > 0;) {
		depth += text[i] == ')';
		if (text[i] == '(' && !--depth)
			return i && text[i - 1] == ' ' ? text + i : NULL;
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

static size_t without_offset(const char *text, size_t length)
{
	size_t i = length;

	while (i && ((text[i - 1] >= '0' && text[i - 1] <= '9') ||
		     (text[i - 1] >= 'a' && text[i - 1] <= 'f')))
		i--;
	if (i < length && i > 3 && !memcmp(text + i - 3, "+0x", 3))
		return i - 3;
	return length;
}

static bool equals(const char *text, size_t length, const char *other)
{
	return length == strlen(other) && !memcmp(text, other, length);
}

static bool begins(const char *text, size_t length, const char *with)
{
	return length >= strlen(with) && !memcmp(text, with, strlen(with));
}

static bool ends(const char *text, size_t length, const char *with)
{
	return length >= strlen(with) &&
	       !memcmp(text + length - strlen(with), with, strlen(with));
}

/* Behind "operator": the signs that are its name, such as "<<" or "()". */
static size_t operator_signs(const char *text, size_t length)
{
	size_t i = 0;

	if (begins(text, length, "()"))
		return 2;
	while (i < length && strchr("<>=-+*/%!&|^~,[]", text[i]))
		i++;
	return i;
}

/* Behind the bracket that closes the one at @text. */
static size_t closing(const char *text, size_t length)
{
	size_t depth = 0;

	for (size_t i = 0; i < length; i++) {
		depth += text[i] == '(';
		if (text[i] == ')' && !--depth)
			return i + 1;
	}
	return length;
}

/* Whether a list in brackets, ended before @rest, is a function's parameters. */
static bool ends_name(const char *rest, size_t length)
{
	return !begins(rest, length, "::") && !begins(rest, length, ".") &&
	       !begins(rest, length, "#");
}

/*
 * The length of the name up to its list of parameters. Brackets within a
 * template's arguments, of an enclosing function, of operator() and of a Go
 * receiver belong to the name.
 */
static size_t without_parameters(const char *text, size_t length)
{
	size_t depth = 0, i = 0, behind;

	while (i < length) {
		if (begins(text + i, length - i, OPERATOR)) {
			i += strlen(OPERATOR);
			i += operator_signs(text + i, length - i);
			continue;
		}
		if (begins(text + i, length - i, ANONYMOUS)) {
			i += strlen(ANONYMOUS);
			continue;
		}
		if (text[i] == '<' || text[i] == '{' || text[i] == '[')
			depth++;
		else if ((text[i] == '>' && i && text[i - 1] != '-') ||
			 text[i] == '}' || text[i] == ']')
			depth -= depth > 0;
		if (text[i] != '(') {
			i++;
			continue;
		}
		behind = i + closing(text + i, length - i);
		if (!depth && i && ends_name(text + behind, length - behind))
			return i;
		i = behind;
	}
	return length;
}

static bool is_kernel(const char *object, size_t length)
{
	static const char *const not_kernel[] = {
		UNKNOWN, "[vdso]", "[vvar]", "[vsyscall]", "[heap]", "[anon]",
	};

	if (ends(object, length, "vmlinux") || ends(object, length, ".ko") ||
	    ends(object, length, ".ko.xz") || ends(object, length, ".ko.zst"))
		return true;
	if (!begins(object, length, "[") || !ends(object, length, "]"))
		return false;
	for (size_t i = 0; i < sizeof(not_kernel) / sizeof(*not_kernel); i++)
		if (equals(object, length, not_kernel[i]))
			return false;
	return !begins(object, length, "[stack") &&
	       !begins(object, length, "[JIT]") &&
	       !begins(object, length, "[anon:");
}

/* perf's map of a JIT: /tmp/perf-123.map. */
static bool is_generated(const char *object, size_t length)
{
	return begins(object, length, "[JIT]") ||
	       (begins(object, length, "/tmp/perf-") &&
		ends(object, length, ".map")) ||
	       memmem(object, length, "/jitted-", 8);
}

static enum perf_kind kind_of(const char *object, size_t length)
{
	if (equals(object, length, "inlined"))
		return PERF_INLINED;
	if (is_kernel(object, length))
		return PERF_KERNEL;
	return is_generated(object, length) ? PERF_GENERATED : PERF_PROGRAM;
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
		symbol->object_length = (size_t)(text + length - bracket) - 2;
		symbol->name_length = (size_t)(bracket - text);
	}
	while (symbol->name_length && text[symbol->name_length - 1] == ' ')
		symbol->name_length--;
	symbol->name_length = without_offset(text, symbol->name_length);
	symbol->kind = kind_of(symbol->object ? symbol->object : "",
			       symbol->object_length);
}

static const char *base_name(const char *object, size_t *length)
{
	const char *slash;

	if (ends(object, *length, DELETED))
		*length -= strlen(DELETED);
	slash = memrchr(object, '/', *length);
	if (!slash)
		return object;
	*length -= (size_t)(slash + 1 - object);
	return slash + 1;
}

char *perf_symbol_frame(const struct perf_symbol *symbol, bool modules,
			size_t *length)
{
	static const char *const suffixes[PERF_KINDS] = {
		[PERF_PROGRAM] = "",
		[PERF_KERNEL] = "_[k]",
		[PERF_GENERATED] = "_[j]",
		[PERF_INLINED] = "_[i]",
	};
	const char *object = symbol->object ? symbol->object : "";
	size_t object_length = symbol->object_length;
	const char *name = symbol->name, *open = "", *close = "";
	size_t name_length = symbol->name_length;
	char *text;

	object = base_name(object, &object_length);
	if (equals(name, name_length, UNKNOWN) || !name_length) {
		name = object;
		name_length = object_length;
		if (!name_length || equals(name, name_length, UNKNOWN)) {
			name = UNKNOWN;
			name_length = strlen(UNKNOWN);
		} else if (*name != '[') {
			open = "[";
			close = "]";
		}
	} else {
		name_length = without_parameters(name, name_length);
	}
	text = alloc_format("%s%.*s%s%s%.*s", open, (int)name_length, name,
			    close, modules ? "\t" : suffixes[symbol->kind],
			    modules ? (int)object_length : 0, object);
	*length = strlen(text);
	for (size_t i = 0; i < *length; i++)
		if (text[i] == ';')
			text[i] = ':';
	return text;
}
