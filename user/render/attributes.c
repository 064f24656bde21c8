// SPDX-License-Identifier: GPL-2.0
/*
 * An address is taken by what it may be, not refused by what it must not be: a
 * browser also takes "java\tscript:" and " javascript:" for scripts.
 */
#include "attributes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/string_table.h"
#include "../profile/problems.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define WORD LETTERS "0123456789-_"

struct attributes {
	struct string_table *names;
	struct attribute_set *sets; /* by name */
	size_t room;
};

struct attributes *attributes_new(void)
{
	struct attributes *attributes = alloc_zeroed(1, sizeof(*attributes));

	attributes->names = string_table_new();
	return attributes;
}

void attributes_free(struct attributes *attributes)
{
	if (!attributes)
		return;
	for (uint32_t i = 0; i < string_table_count(attributes->names); i++) {
		free(attributes->sets[i].href);
		free(attributes->sets[i].target);
		free(attributes->sets[i].title);
		free(attributes->sets[i].class);
	}
	string_table_free(attributes->names);
	free(attributes->sets);
	free(attributes);
}

static bool is_address(const char *text)
{
	static const char *const schemes[] = { "http:", "https:", "mailto:",
					       "file:" };

	for (const char *at = text; *at; at++)
		if ((unsigned char)*at <= ' ' || *at == 0x7f)
			return false;
	/* Relative, if no ':' stands before what ends a scheme at the latest. */
	if (!*text || text[strcspn(text, ":/?#")] != ':')
		return *text;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (!strncasecmp(text, schemes[i], strlen(schemes[i])))
			return true;
	return false;
}

static bool is_word(const char *text)
{
	return *text && !text[strspn(text, WORD)];
}

static bool is_words(const char *text)
{
	return text[strspn(text, " ")] && !text[strspn(text, WORD " ")];
}

static bool is_text(const char *text)
{
	return *text;
}

struct key {
	const char *name;
	bool (*is_valid)(const char *value);
	const char *wanted;
	size_t offset; /* in struct attribute_set */
};

#define KEY(key, is_valid, wanted)                                          \
	{                                                                   \
#key, is_valid, wanted, offsetof(struct attribute_set, key) \
	}

static const struct key keys[] = {
	KEY(href, is_address,
	    "an address by http, https, mailto or file, or a relative one"),
	KEY(target, is_word, "a window's name"),
	KEY(title, is_text, "a text"),
	KEY(class, is_words, "words of letters, digits, '-' and '_'"),
};

static const struct key *key_named(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (strlen(keys[i].name) == length &&
		    !memcmp(keys[i].name, name, length))
			return &keys[i];
	return NULL;
}

static struct attribute_set *set_of(struct attributes *attributes,
				    const char *name, size_t length)
{
	uint32_t count = string_table_count(attributes->names);
	uint32_t number = string_table_add(attributes->names, name, length);

	if (number == count) {
		attributes->sets = alloc_grow(attributes->sets, count,
					      &attributes->room,
					      sizeof(*attributes->sets));
		attributes->sets[number] = (struct attribute_set){ 0 };
	}
	return &attributes->sets[number];
}

/* "KEY=VALUE", NUL-terminated. */
static int read_pair(struct attribute_set *set, const char *pair,
		     const struct lines *lines, struct error *error)
{
	size_t length = strcspn(pair, "=");
	const struct key *key = key_named(pair, length);
	const char *value = pair + length + 1;
	char quote[24], **place;

	if (!pair[length] || !key)
		return error_set(error, -EINVAL,
				 "%s:%" PRIu64 ": '%s' is none of href=, "
				 "target=, title=, class=",
				 lines_name(lines), lines_number(lines),
				 problems_quote(pair, length, quote));
	if (!key->is_valid(value))
		return error_set(error, -EINVAL,
				 "%s:%" PRIu64 ": %s: '%s' is not %s",
				 lines_name(lines), lines_number(lines),
				 key->name,
				 problems_quote(value, strlen(value), quote),
				 key->wanted);
	place = (char **)((char *)set + key->offset);
	free(*place);
	*place = alloc_string(value);
	return 0;
}

static int read_line(struct attributes *attributes, char *text, size_t length,
		     const struct lines *lines, struct error *error)
{
	char *tab = memchr(text, '\t', length), *end = text + length;
	struct attribute_set *set;
	int result = 0;

	if (memchr(text, '\0', length) || !tab || tab == text)
		return error_set(error, -EINVAL,
				 "%s:%" PRIu64 ": not a function, a tab, and "
				 "KEY=VALUE",
				 lines_name(lines), lines_number(lines));
	set = set_of(attributes, text, (size_t)(tab - text));
	while (tab != end && !result) {
		char *pair = tab + 1;
		char *next = memchr(pair, '\t', (size_t)(end - pair));
		char *copy;

		tab = next ? next : end;
		copy = alloc_format("%.*s", (int)(tab - pair), pair);
		result = read_pair(set, copy, lines, error);
		free(copy);
	}
	return result;
}

int attributes_read(struct attributes *attributes, struct lines *lines,
		    struct error *error)
{
	struct line line;
	int result;

	while (lines_next(lines, &line)) {
		if (line.too_long)
			return error_set(error, -EINVAL,
					 "%s:%" PRIu64 ": longer than %u bytes",
					 lines_name(lines), lines_number(lines),
					 LINES_MAX);
		while (line.length && line.text[line.length - 1] == '\r')
			line.length--;
		if (!line.length)
			continue;
		result = read_line(attributes, line.text, line.length, lines,
				   error);
		if (result)
			return result;
	}
	return lines_failed(lines, error);
}

const struct attribute_set *attributes_of(const struct attributes *attributes,
					  const char *name, size_t length)
{
	uint32_t number = string_table_find(attributes->names, name, length);

	return number == INTERN_NONE ? NULL : &attributes->sets[number];
}
