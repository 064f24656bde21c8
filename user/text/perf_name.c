// SPDX-License-Identifier: GPL-2.0
/* See perf_name.h. Runs once for each different symbol. */
#include "perf_name.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../resolve/demangle.h"
#include "perf_words.h"

#define ANONYMOUS "(anonymous namespace)"
#define OPERATOR "operator"
#define HASH "::h"
#define HASH_DIGITS 16

static bool begins(const char *text, size_t length, const char *with)
{
	return length >= strlen(with) && !memcmp(text, with, strlen(with));
}

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
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

/* A function's result in Swift ends it, but where it is one of a closure. */
static bool is_result(const char *rest, size_t length)
{
	static const char *const words[] = {
		" -> ",
		" throws",
		" rethrows",
		" async",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (begins(rest, length, words[i]))
			return !memmem(rest, length, " in ", 4);
	return false;
}

/* A class's method as the Java VM names it: "Ljava/io/Reader;.read". */
static bool is_java_method(const char *text, size_t length)
{
	const char *end = memchr(text, ';', length);

	return length && *text == 'L' && end && end + 1 < text + length &&
	       (end[1] == '.' || end[1] == ':');
}

/* The type that follows its list of parameters; perf may have cut its end. */
static bool is_java_result(const char *rest, size_t length)
{
	while (length && *rest == '[') {
		rest++;
		length--;
	}
	if (!length)
		return false;
	if (*rest != 'L')
		return length == 1 && strchr("VZBCSIJFD", *rest);
	for (size_t i = 1; i < length; i++)
		if (!is_word(rest[i]) && !strchr("/;-", rest[i]))
			return false;
	return true;
}

/* Whether nothing but a function's qualifiers follows a list in brackets. */
static bool ends_name(const char *rest, size_t length)
{
	static const char *const words[] = {
		" const", " volatile", " noexcept", " &&", " &", "&&", "&",
	};
	size_t i = 0, size;

	while (length && i < sizeof(words) / sizeof(*words)) {
		size = strlen(words[i]);
		if (!begins(rest, length, words[i++]))
			continue;
		rest += size;
		length -= size;
		i = 0;
	}
	return !length || rest[0] == '[' || begins(rest, length, " [") ||
	       begins(rest, length, " (.") ||
	       begins(rest, length, " requires ") || is_result(rest, length);
}

/* A list of parameters stands close to its function. */
static bool begins_list(const char *text, size_t at)
{
	return at && text[at - 1] != ' ' && text[at - 1] != '/' &&
	       text[at - 1] != ',';
}

size_t perf_name_length(const char *text, size_t length)
{
	size_t depth = 0, i = 0, behind;

	while (i < length) {
		if (begins(text + i, length - i, OPERATOR) &&
		    (!i || !is_word(text[i - 1]))) {
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
		if (!depth && begins_list(text, i) &&
		    (ends_name(text + behind, length - behind) ||
		     (is_java_method(text, i) &&
		      is_java_result(text + behind, length - behind))))
			return i;
		i = behind;
	}
	return length;
}

bool perf_name_is_tagged(const char *text, size_t length)
{
	size_t i = 0;

	if (begins(text, length, "py::"))
		return true;
	while (i < length && is_word(text[i]))
		i++;
	return i && i + 1 < length && text[i] == ':' && text[i + 1] != ':';
}

static bool is_hash(const char *digits)
{
	for (size_t i = 0; i < HASH_DIGITS; i++)
		if (!perf_is_hexadecimal(digits[i]))
			return false;
	return true;
}

/* Where the hash begins that ends a name of Rust's; its length: there is none. */
static size_t find_hash(const char *text, size_t length)
{
	size_t size = strlen(HASH) + HASH_DIGITS;
	const char *at = text, *end = text + length, *behind;

	if (length < size)
		return length;
	while ((at = memmem(at, (size_t)(end - at), HASH, strlen(HASH)))) {
		behind = at + size;
		if ((size_t)(end - at) >= size && is_hash(at + strlen(HASH)) &&
		    (behind == end || *behind == '.' || *behind == ' ' ||
		     *behind == '@'))
			return (size_t)(at - text);
		at++;
	}
	return length;
}

/* Of escapes that no other language's names hold. */
static bool has_escapes(const char *text, size_t length)
{
	static const char *const escapes[] = {
		"$LT$", "$GT$", "$RF$", "$BP$", "$LP$", "$RP$", "$u",
	};

	if (!memchr(text, '$', length))
		return false;
	for (size_t i = 0; i < sizeof(escapes) / sizeof(*escapes); i++)
		if (memmem(text, length, escapes[i], strlen(escapes[i])))
			return true;
	return false;
}

/* Compilers' marks stay, but for LLVM's, which is another hash. */
static bool is_mark(const char *text, size_t length)
{
	return length && !begins(text, length, ".llvm.") &&
	       !begins(text, length, " (.llvm.");
}

static char *rust_name(const char *text, size_t length)
{
	size_t hash = find_hash(text, length), behind, made;
	char *name;

	if (hash == length && !has_escapes(text, length))
		return NULL;
	name = alloc_zeroed(length + 1, 1);
	made = demangle_rust_parts(text, hash, name, length);
	if (!made) {
		free(name);
		return NULL;
	}
	behind = hash + strlen(HASH) + HASH_DIGITS;
	if (hash < length && is_mark(text + behind, length - behind) &&
	    made + length - behind <= length)
		memcpy(name + made, text + behind, length - behind);
	return name;
}

char *perf_name_demangle(const char *text, size_t length)
{
	char name[DEMANGLE_NAME_MAX];
	size_t made;

	/* Mach-O's symbols have one '_' more. */
	if (begins(text, length, "__Z") || begins(text, length, "__R"))
		made = demangle(text + 1, length - 1, name);
	else
		made = demangle(text, length, name);
	if (made)
		return alloc_format("%.*s", (int)made, name);
	return rust_name(text, length);
}
